import { getHeapStatistics } from 'node:v8';
import { type Place, UserError } from '../core/errors.js';
import { type Archive, damaged, type ReadOptions } from './archive.js';
import { type NumberStyle, numberStyle, unescapeText } from './xlsx-values.js';
import { detach, XmlDecoder, XmlError, type XmlHandler, XmlScanner } from './xlsx-xml.js';

/** A sheet as the workbook part lists it. */
export interface SheetPart {
  readonly name: string;
  readonly hidden: boolean;
  /** Name of the part in the archive. */
  readonly part: string;
}

/** What the parts around the sheets say. */
export interface WorkbookParts {
  readonly sheets: readonly SheetPart[];
  readonly date1904: boolean;
  readonly sharedStrings: string | undefined;
  readonly styles: string | undefined;
}

interface Relationship {
  readonly type: string;
  readonly target: string;
}

const gibibyte = 1024 ** 3;
const relationshipsEnd = '/relationships';
const packageRelationships = '_rels/.rels';

/**
 * Feeds a part to a handler. Yields whenever the handler asks for a pause, so that the part is read no faster
 * than its content is used. XML errors become UserErrors.
 */
export async function* scanPart(
  archive: Archive,
  part: string,
  handler: XmlHandler,
  options: ReadOptions & { readonly place: Place },
): AsyncGenerator<void, void, void> {
  const scanner = new XmlScanner(handler);
  const decoder = new XmlDecoder();
  try {
    for await (const bytes of archive.read(part, options)) {
      scanner.feed(decoder.write(bytes));
      while (scanner.scan()) yield;
    }
    scanner.feed(decoder.end());
    while (scanner.scan()) yield;
    scanner.end();
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw damaged(options.place, `the part ${part} cannot be read: ${error.message}`, error);
  }
}

/** Calls `visit` for every element of a small part when it is opened. */
async function visitPart(
  archive: Archive,
  part: string,
  place: Place,
  visit: (name: string, scanner: XmlScanner) => void,
): Promise<void> {
  for await (const _ of scanPart(archive, part, { open: visit, close: () => {} }, { place }));
}

/** The name of the workbook part, or undefined where the archive is not said to hold any. */
export async function findWorkbookPart(archive: Archive, place: Place): Promise<string | undefined> {
  const usual = 'xl/workbook.xml';
  if (!archive.has(packageRelationships)) return archive.has(usual) ? usual : undefined;
  const relationships = await readRelationships(archive, packageRelationships, '', place);
  for (const { type, target } of relationships.values()) {
    if (type.endsWith('/officeDocument')) return target;
  }
  return undefined;
}

/** Reads the list of sheets and where the other parts are. Undefined: the part is not that of a workbook. */
export async function readWorkbookPart(
  archive: Archive,
  part: string,
  place: Place,
): Promise<WorkbookParts | undefined> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const relationshipsPart = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const listed: { name: string; hidden: boolean; id: string }[] = [];
  let isWorkbook = false;
  let date1904 = false;
  await visitPart(archive, part, place, (name, scanner) => {
    if (scanner.depth === 1) isWorkbook = name === 'workbook';
    else if (scanner.depth === 2 && name === 'workbookPr') {
      date1904 = ['1', 'true', 'on'].includes(scanner.attribute('date1904') ?? '');
    } else if (scanner.depth === 3 && name === 'sheet') {
      const state = scanner.attribute('state');
      listed.push({
        name: unescapeText(scanner.attribute('name') ?? ''),
        hidden: state === 'hidden' || state === 'veryHidden',
        id: scanner.attributeIn(relationshipsEnd, 'id') ?? '',
      });
    }
  });
  if (!isWorkbook) return undefined;
  const relationships = await readRelationships(archive, relationshipsPart, folder, place);
  const targetOf = (kind: string): string | undefined =>
    [...relationships.values()].find(({ type }) => type.endsWith(`/${kind}`))?.target;
  const sheets: SheetPart[] = [];
  for (const { name, hidden, id } of listed) {
    const relationship = relationships.get(id);
    if (relationship === undefined) throw damaged(place, `it does not say where the sheet '${name}' is`);
    // Chart sheets, dialog sheets and macro sheets hold no table.
    if (relationship.type.endsWith('/worksheet')) sheets.push({ name, hidden, part: relationship.target });
  }
  return { sheets, date1904, sharedStrings: targetOf('sharedStrings'), styles: targetOf('styles') };
}

async function readRelationships(
  archive: Archive,
  part: string,
  folder: string,
  place: Place,
): Promise<Map<string, Relationship>> {
  const relationships = new Map<string, Relationship>();
  await visitPart(archive, part, place, (name, scanner) => {
    if (name !== 'Relationship' || scanner.attribute('TargetMode') === 'External') return;
    const target = scanner.attribute('Target');
    if (target === undefined) return;
    relationships.set(scanner.attribute('Id') ?? '', {
      type: scanner.attribute('Type') ?? '',
      target: resolveTarget((name) => archive.has(name), folder, target),
    });
  });
  return relationships;
}

/** The part that a relationship names, relative to the folder of the part that has it or from the root. */
export function resolveTarget(has: (part: string) => boolean, folder: string, target: string): string {
  const path = target.replaceAll('\\', '/');
  const segments: string[] = [];
  for (const segment of (path.startsWith('/') ? path : folder + path).split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  const name = segments.join('/');
  if (has(name)) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** For each cell style of the workbook how it shows numbers. */
export async function readNumberStyles(archive: Archive, part: string, place: Place): Promise<NumberStyle[]> {
  const formats = new Map<number, string>();
  const ids: number[] = [];
  let list = '';
  await visitPart(archive, part, place, (name, scanner) => {
    if (scanner.depth === 2) list = name;
    else if (scanner.depth !== 3) return;
    else if (list === 'numFmts' && name === 'numFmt') {
      formats.set(Number(scanner.attribute('numFmtId')), scanner.attribute('formatCode') ?? '');
    } else if (list === 'cellXfs' && name === 'xf') {
      ids.push(Number(scanner.attribute('numFmtId') ?? '0'));
    }
  });
  return ids.map((id) => {
    return numberStyle(id, formats.get(id));
  });
}

/** The texts that the cells of all sheets refer to by number. They are kept in memory, hence the limit. */
export async function readSharedStrings(archive: Archive, part: string, place: Place): Promise<string[]> {
  const limit = Math.min(gibibyte, Math.floor(getHeapStatistics().heap_size_limit / 2));
  const handler = new SharedStringsHandler(limit, place);
  for await (const _ of scanPart(archive, part, handler, { place, limit }));
  return handler.texts;
}

class SharedStringsHandler implements XmlHandler {
  readonly texts: string[] = [];
  private readonly item = new RichText();
  private size = 0;

  constructor(
    private readonly limit: number,
    private readonly place: Place,
  ) {}

  open(name: string, scanner: XmlScanner): void {
    if (scanner.depth === 2) this.item.clear();
    else this.item.open(name, scanner, 2);
  }

  close(name: string, scanner: XmlScanner): void {
    if (scanner.depth > 2) this.item.close(name, scanner);
    else if (scanner.depth === 2 && name === 'si') this.add(detach(this.item.text));
  }

  private add(text: string): void {
    // Some 48 bytes go with each text, whatever its length, so that many short ones count as well.
    this.size += text.length + 48;
    if (this.size > this.limit) {
      throw new UserError('the texts of the workbook do not fit in memory', {
        place: this.place,
        remedy: 'Split the workbook into smaller ones, or export it as CSV.',
      });
    }
    this.texts.push(text);
  }
}

/** Puts together the text of an `si` or `is` element from its runs, without the readings of Asian characters. */
export class RichText {
  text = '';
  private phonetic = false;

  clear(): void {
    this.text = '';
    this.phonetic = false;
  }

  /** `base` is the depth of the `si` or `is` element. */
  open(name: string, scanner: XmlScanner, base: number): void {
    if (scanner.depth === base + 1) this.phonetic = name !== 'r' && name !== 't';
    if (name === 't' && !this.phonetic && scanner.depth <= base + 2) scanner.capture();
  }

  close(name: string, scanner: XmlScanner): void {
    if (name !== 't' || scanner.captured === '') return;
    this.text += unescapeText(scanner.captured);
    scanner.captured = '';
  }
}
