import { constants } from 'node:buffer';
import type { Place } from '../core/errors.js';
import { type Archive, damaged } from '../input/archive.js';
import { describeOtherArchive } from '../input/xlsx-foreign.js';
import { findWorkbookPart, readNumberStyles, readSharedStrings, resolveTarget } from '../input/xlsx-parts.js';
import type { NumberStyle } from '../input/xlsx-values.js';
import { XmlDecoder, XmlError } from '../input/xlsx-xml.js';
import { appendChild, insertChild } from './element-order.js';
import { columnName, sheetOf } from './references.js';
import { escapeAttribute, escapeText, rewriteXml, visitXml } from './xml.js';
import { type Content, zipFile } from './zip.js';

/** A relationship of a part to another. */
export interface Relationship {
  readonly id: string;
  /** The end of its type: 'worksheet', 'comments'. */
  readonly type: string;
  /** The name of the part; of an external one what it says. */
  readonly target: string;
  readonly external: boolean;
}

export interface PackageSheet {
  readonly name: string;
  readonly part: string;
  readonly hidden: boolean;
}

const officeTypes = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const mainTypes = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** Text that a program can hold in one piece. */
const largestPart = Math.min(constants.MAX_STRING_LENGTH, 400 * 1024 * 1024);

/**
 * The parts of a workbook, to be changed one by one. What is not changed is written as it was read: charts,
 * pictures, macros and whatever else people and programs put in.
 */
export class WorkbookPackage {
  readonly #texts = new Map<string, string>();
  readonly #changed = new Map<string, Content | string>();
  readonly #removed = new Set<string>();
  readonly #added: string[] = [];

  private constructor(
    readonly place: Place,
    private readonly archive: Archive,
    readonly workbookPart: string,
  ) {}

  /** @throws UserError where the archive is no workbook */
  static async open(archive: Archive, place: Place): Promise<WorkbookPackage> {
    const part = await findWorkbookPart(archive, place);
    if (part === undefined || !archive.has(part)) throw describeOtherArchive(archive, place);
    return new WorkbookPackage(place, archive, part);
  }

  /** Names of all parts. */
  get names(): string[] {
    return [...this.archive.names.filter((name) => !this.#removed.has(name.toLowerCase())), ...this.#added];
  }

  has(part: string): boolean {
    if (this.#removed.has(part.toLowerCase())) return false;
    return this.#added.includes(part) || this.archive.has(part);
  }

  /** The text of a part, as it is now. */
  async text(part: string): Promise<string> {
    const known = this.#changed.get(part) ?? this.#texts.get(part);
    if (typeof known === 'string') return known;
    if (known !== undefined) throw new Error(`${part} is packed already`);
    const decoder = new XmlDecoder();
    const pieces: string[] = [];
    try {
      for await (const bytes of this.archive.read(part, { place: this.place, limit: largestPart })) {
        pieces.push(decoder.write(bytes));
      }
      pieces.push(decoder.end());
    } catch (error) {
      if (error instanceof XmlError) throw damaged(this.place, `the part ${part}: ${error.message}`, error);
      throw error;
    }
    // Whatever the encoding was, it will be UTF-8.
    const text = pieces.join('').replace(/^(<\?xml[^>]*?encoding\s*=\s*)(?:"[^"]*"|'[^']*')/, '$1"UTF-8"');
    // Sheets are held in their rows; small parts are asked for again.
    if (text.length < 1_000_000) this.#texts.set(part, text);
    return text;
  }

  isChanged(part: string): boolean {
    return this.#changed.has(part);
  }

  /** Whether a part can still be changed; not once it is packed. */
  isText(part: string): boolean {
    const changed = this.#changed.get(part);
    return this.has(part) && (changed === undefined || typeof changed === 'string');
  }

  set(part: string, content: string | Content): void {
    this.#changed.set(part, content);
  }

  /** Changes a part where the change makes a difference. */
  async update(part: string, change: (text: string) => string): Promise<void> {
    const text = await this.text(part);
    const changed = change(text);
    if (changed !== text) this.set(part, changed);
  }

  async relationships(part: string): Promise<Relationship[]> {
    const relations = relationshipsPart(part);
    if (!this.has(relations)) return [];
    const folder = part.slice(0, part.lastIndexOf('/') + 1);
    const found: Relationship[] = [];
    visitXml(await this.text(relations), (name, attribute) => {
      if (name !== 'Relationship') return undefined;
      const external = attribute('TargetMode') === 'External';
      const target = attribute('Target') ?? '';
      found.push({
        id: attribute('Id') ?? '',
        type: (attribute('Type') ?? '').replace(/^.*\//, ''),
        target: external ? target : resolveTarget((name) => this.has(name), folder, target),
        external,
      });
      return undefined;
    });
    return found;
  }

  /** The parts of a type that a part has to do with. */
  async related(part: string, type: string): Promise<string[]> {
    return (await this.relationships(part))
      .filter(
        (relationship) =>
          relationship.type === type && !relationship.external && this.has(relationship.target),
      )
      .map(({ target }) => target);
  }

  async sheets(): Promise<PackageSheet[]> {
    const relationships = new Map((await this.relationships(this.workbookPart)).map((one) => [one.id, one]));
    const sheets: PackageSheet[] = [];
    visitXml(await this.text(this.workbookPart), (name, attribute, path) => {
      if (name !== 'sheet' || path.at(-1) !== 'sheets') return undefined;
      const relationship = relationships.get(attribute('id') ?? '');
      if (relationship?.type !== 'worksheet') return undefined;
      const hidden = ['hidden', 'veryHidden'].includes(attribute('state') ?? '');
      sheets.push({ name: attribute('name') ?? '', part: relationship.target, hidden });
      return undefined;
    });
    return sheets;
  }

  /** Whether it counts its days from 1904, as old ones of the Macintosh do. */
  async date1904(): Promise<boolean> {
    let found = false;
    visitXml(await this.text(this.workbookPart), (name, attribute) => {
      if (name === 'workbookPr') found = ['1', 'true', 'on'].includes(attribute('date1904') ?? '');
      return undefined;
    });
    return found;
  }

  /** The names that hold for the whole workbook, and what they refer to. */
  async definedNames(): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    let name: string | undefined;
    rewriteXml(await this.text(this.workbookPart), {
      open: (element, attribute) => {
        if (element === 'definedName') {
          name = attribute('localSheetId') === undefined ? attribute('name') : undefined;
        }
        return undefined;
      },
      text: (element, text) => {
        if (element === 'definedName' && name !== undefined) names.set(name, text);
        name = undefined;
        return text;
      },
    });
    return names;
  }

  /** The sheet that a name of the workbook refers to, whatever it is called by now. */
  async sheetNamed(name: string): Promise<PackageSheet | undefined> {
    const title = sheetOf((await this.definedNames()).get(name) ?? '')?.toLowerCase();
    return (await this.sheets()).find((sheet) => sheet.name.toLowerCase() === title);
  }

  /** Gives a cell of a sheet a name that people do not see, unless the name is on that sheet already. */
  async nameCell(name: string, sheet: string, row: number, column: number): Promise<void> {
    const before = (await this.definedNames()).get(name);
    if (before !== undefined && sheetOf(before)?.toLowerCase() === sheet.toLowerCase()) return;
    const cell = `'${sheet.replaceAll("'", "''")}'!$${columnName(column)}$${row}`;
    await this.update(this.workbookPart, (xml) => {
      const kept = rewriteXml(xml, {
        open: (element, attribute) =>
          element === 'definedName' && attribute('name') === name && attribute('localSheetId') === undefined
            ? 'drop'
            : undefined,
      });
      const prefix = /<((?:[\w.-]+:)?)sheets[\s>]/.exec(kept)?.[1] ?? '';
      const element = `<${prefix}definedName name="${name}" hidden="1">${escapeText(cell)}</${prefix}definedName>`;
      const closing = `</${prefix}definedNames>`;
      return kept.includes(closing)
        ? kept.replace(closing, () => element + closing)
        : insertChild(kept, 'workbook', `<${prefix}definedNames>${element}${closing}`);
    });
  }

  /** The texts that cells refer to by number. */
  async sharedStrings(): Promise<readonly string[]> {
    const [part] = await this.related(this.workbookPart, 'sharedStrings');
    return part === undefined ? [] : readSharedStrings(this.archive, part, this.place);
  }

  /** How each style of a cell shows numbers, as the file was read. */
  async numberStyles(): Promise<readonly NumberStyle[]> {
    const part = await this.stylesPart();
    return part === undefined ? [] : readNumberStyles(this.archive, part, this.place);
  }

  async stylesPart(): Promise<string | undefined> {
    return (await this.related(this.workbookPart, 'styles'))[0];
  }

  /** Adds a sheet at the end. */
  async addSheet(name: string, content: string | Content, hidden = false): Promise<void> {
    const folder = this.workbookPart.slice(0, this.workbookPart.lastIndexOf('/') + 1);
    let number = 1;
    while (this.has(`${folder}worksheets/sheet${number}.xml`)) number += 1;
    const target = `worksheets/sheet${number}.xml`;
    const id = await this.#relate(this.workbookPart, 'worksheet', target);
    let highest = 0;
    const text = await this.text(this.workbookPart);
    visitXml(text, (element, attribute) => {
      if (element === 'sheet') highest = Math.max(highest, Number(attribute('sheetId') ?? 0));
      return undefined;
    });
    const prefix = /<((?:[\w.-]+:)?)sheets[\s>]/.exec(text)?.[1] ?? '';
    const state = hidden ? ' state="hidden"' : '';
    const sheet =
      `<${prefix}sheet xmlns:r="${officeTypes}" name="${escapeAttribute(name)}" sheetId="${highest + 1}"` +
      `${state} r:id="${id}"/>`;
    this.set(
      this.workbookPart,
      text.replace(`</${prefix}sheets>`, () => `${sheet}</${prefix}sheets>`),
    );
    this.#added.push(folder + target);
    this.set(folder + target, content);
    await this.#declare(folder + target, `${mainTypes}.worksheet+xml`);
  }

  /** Takes out a part that programs make anew, with all that names it. */
  async removeRelated(type: string): Promise<void> {
    for (const part of await this.related(this.workbookPart, type)) {
      await this.update(relationshipsPart(this.workbookPart), (text) =>
        rewriteXml(text, {
          open: (name, attribute) =>
            name === 'Relationship' && (attribute('Type') ?? '').endsWith(`/${type}`) ? 'drop' : undefined,
        }),
      );
      await this.update('[Content_Types].xml', (text) =>
        rewriteXml(text, {
          open: (name, attribute) =>
            name === 'Override' && attribute('PartName')?.toLowerCase() === `/${part.toLowerCase()}`
              ? 'drop'
              : undefined,
        }),
      );
      this.#removed.add(part.toLowerCase());
    }
  }

  /** The workbook as a file. */
  async write(stamp: number): Promise<Buffer[]> {
    const content = async (name: string): Promise<Content> => {
      const changed = this.#changed.get(name);
      if (typeof changed === 'string') return Buffer.from(changed);
      if (changed !== undefined) return changed;
      const pieces: Buffer[] = [];
      for await (const piece of this.archive.read(name, { place: this.place, limit: constants.MAX_LENGTH })) {
        pieces.push(piece);
      }
      return Buffer.concat(pieces);
    };
    function* entries(names: readonly string[]): Generator<[string, Promise<Content>]> {
      for (const name of names) yield [name, content(name)];
    }
    // Parts may have been asked for by another case than the archive has.
    for (const [name, changed] of this.#changed) {
      const known = this.archive.names.find((one) => one.toLowerCase() === name.toLowerCase());
      if (known !== undefined && known !== name) this.#changed.set(known, changed);
    }
    return zipFile(entries(this.names), stamp);
  }

  async #relate(part: string, type: string, target: string): Promise<string> {
    const relations = relationshipsPart(part);
    const text = await this.text(relations);
    const ids = new Set<string>();
    visitXml(text, (_, attribute) => {
      ids.add(attribute('Id') ?? '');
      return undefined;
    });
    let number = ids.size;
    while (ids.has(`rId${number}`)) number += 1;
    const prefix = /<((?:[\w.-]+:)?)Relationships[\s>]/.exec(text)?.[1] ?? '';
    const relationship = `<${prefix}Relationship Id="rId${number}" Type="${officeTypes}/${type}" Target="${target}"/>`;
    this.set(relations, appendChild(text, 'Relationships', relationship));
    return `rId${number}`;
  }

  async #declare(part: string, type: string): Promise<void> {
    const text = await this.text('[Content_Types].xml');
    const prefix = /<((?:[\w.-]+:)?)Types[\s>]/.exec(text)?.[1] ?? '';
    const override = `<${prefix}Override PartName="/${part}" ContentType="${type}"/>`;
    this.set('[Content_Types].xml', appendChild(text, 'Types', override));
  }
}

export function relationshipsPart(part: string): string {
  const folder = part.lastIndexOf('/') + 1;
  return `${part.slice(0, folder)}_rels/${part.slice(folder)}.rels`;
}
