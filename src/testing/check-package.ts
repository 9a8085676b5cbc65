import { openArchive } from '../input/archive.js';
import { elementOrder } from '../ooxml/element-order.js';

/** An element of an XML part. */
interface Element {
  /** Local name. */
  readonly name: string;
  readonly prefix: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

const containers = [
  'mergeCells',
  'hyperlinks',
  'dataValidations',
  'conditionalFormatting',
  'conditionalFormattings',
  'protectedRanges',
  'ignoredErrors',
  'cols',
  'definedNames',
  'rowBreaks',
  'tableParts',
  'sparklines',
  'sparklineGroup',
  'sparklineGroups',
  'ext',
  'extLst',
];
const counted = ['mergeCells', 'dataValidations', 'rowBreaks', 'tableParts', 'tableColumns'];
const range = /^\$?[A-Z]{1,3}\$?[1-9]\d*(?::\$?[A-Z]{1,3}\$?[1-9]\d*)?$/;

/**
 * What of a workbook goes against ECMA-376 or makes Excel offer to repair it: order and emptiness of elements, parts
 * that nothing declares, relations that lead nowhere, references that are none, numbers of styles and texts that
 * there are not. Empty where nothing does.
 */
export async function checkPackage(path: string): Promise<string[]> {
  const archive = await openArchive(path);
  const texts = new Map<string, string>();
  for (const name of archive.names) {
    const pieces: Buffer[] = [];
    for await (const piece of archive.read(name)) pieces.push(piece);
    texts.set(name, Buffer.concat(pieces).toString('utf8'));
  }
  await archive.close();
  return new Check(texts).faults;
}

class Check {
  readonly faults: string[] = [];
  readonly #parts = new Map<string, Element>();
  /** By part: the target of each id. */
  readonly #relations = new Map<string, Map<string, { type: string; target: string }>>();

  constructor(private readonly texts: ReadonlyMap<string, string>) {
    for (const [name, text] of texts) {
      if (!/\.(xml|rels|vml)$/i.test(name)) continue;
      try {
        this.#parts.set(name, parse(text));
      } catch (error) {
        this.#say(name, `not well formed: ${(error as Error).message}`);
      }
    }
    this.#checkContentTypes();
    for (const name of this.#parts.keys()) if (name.endsWith('.rels')) this.#checkRelations(name);
    this.#checkWorkbook();
  }

  #say(place: string, fault: string): void {
    this.faults.push(`${place}: ${fault}`);
  }

  #checkContentTypes(): void {
    const types = this.#parts.get('[Content_Types].xml');
    if (types === undefined) throw new Error('no [Content_Types].xml');
    const of = (name: string, key: string) =>
      all(types, name).map((one) => one.attributes.get(key)!.toLowerCase());
    const [extensions, overrides] = [new Set(of('Default', 'Extension')), of('Override', 'PartName')];
    for (const override of overrides) {
      const exists = [...this.texts.keys()].some((name) => `/${name}`.toLowerCase() === override);
      if (!exists) this.#say('[Content_Types].xml', `${override} is not there`);
    }
    if (new Set(overrides).size < overrides.length) this.#say('[Content_Types].xml', 'a part twice');
    for (const name of this.texts.keys()) {
      if (name === '[Content_Types].xml' || name.endsWith('/')) continue;
      const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
      const isDeclared =
        overrides.includes(`/${name}`.toLowerCase()) ||
        (extensions.has(extension) && !(extension === 'xml' && name.startsWith('xl/')));
      if (!isDeclared) this.#say('[Content_Types].xml', `nothing declares ${name}`);
    }
  }

  #checkRelations(name: string): void {
    const part = name.replace(/_rels\/([^/]*)\.rels$/, '$1');
    const folder = part.slice(0, part.lastIndexOf('/') + 1);
    const relations = new Map<string, { type: string; target: string }>();
    for (const { attributes } of this.#parts.get(name)!.children) {
      const [id, target] = [attributes.get('Id')!, attributes.get('Target')!];
      const type = attributes.get('Type')!.replace(/^.*\//, '');
      if (relations.has(id)) this.#say(name, `${id} twice`);
      const isExternal = attributes.get('TargetMode') === 'External';
      const resolved = isExternal ? target : new URL(target, `file:///${folder}`).pathname.slice(1);
      if (!isExternal && !this.texts.has(decodeURIComponent(resolved)))
        this.#say(name, `${target} is not there`);
      relations.set(id, { type, target: resolved });
    }
    if (part !== '' && !this.texts.has(part)) this.#say(name, 'of a part that is not there');
    this.#relations.set(part, relations);
  }

  #relation(part: string, id: string | undefined): { type: string; target: string } | undefined {
    const found = this.#relations.get(part)?.get(id ?? '');
    if (found === undefined) this.#say(part, `no relation ${id}`);
    return found;
  }

  #checkWorkbook(): void {
    const part = [...(this.#relations.get('')?.values() ?? [])].find(({ type }) => type === 'officeDocument');
    const workbook = this.#parts.get(part?.target ?? '');
    if (part === undefined || workbook === undefined) throw new Error('no workbook');
    this.#checkOrder(part.target, workbook, 'workbook');
    this.#checkContainers(part.target, workbook);
    const sheets = all(workbook, 'sheet');
    const names = sheets.map(({ attributes }) => attributes.get('name')!);
    if (new Set(names.map((name) => name.toLowerCase())).size < names.length)
      this.#say('workbook', `sheets of one name: ${names}`);
    for (const name of names) if (name.length > 31) this.#say('workbook', `long name ${name}`);
    const ids = sheets.map(({ attributes }) => attributes.get('sheetId'));
    if (new Set(ids).size < ids.length) this.#say('workbook', 'sheets of one id');
    if (sheets.every(({ attributes }) => attributes.get('state')?.includes('idden')))
      this.#say('workbook', 'no visible sheet');

    const seen = new Set<string>();
    for (const { attributes, text } of all(workbook, 'definedName')) {
      const [name, local] = [attributes.get('name')!, attributes.get('localSheetId')];
      const key = `${local} ${name.toLowerCase()}`;
      if (seen.has(key)) this.#say('workbook', `the name ${name} twice`);
      seen.add(key);
      if (local !== undefined && Number(local) >= sheets.length)
        this.#say('workbook', `${name} is of no sheet`);
      for (const [, quoted, plain] of text.matchAll(/(?:'((?:[^']|'')*)'|([\p{L}\d_.]+))!/gu)) {
        const sheet = (quoted ?? plain!).replaceAll("''", "'");
        if (!sheet.startsWith('[') && sheet !== 'REF' && !names.includes(sheet))
          this.#say('workbook', `${name} refers to the sheet ${sheet}, which is not there`);
      }
    }

    const related = (type: string) => {
      const found = [...(this.#relations.get(part.target)?.values() ?? [])].find((one) => one.type === type);
      return found && this.#parts.get(found.target);
    };
    const styles = this.#checkStyles(related('styles'));
    const shared = related('sharedStrings')?.children.filter(({ name }) => name === 'si').length ?? 0;
    const formulas = new Map<string, Set<string>>();
    for (const { attributes } of sheets) {
      const target = this.#relation(part.target, attributes.get('id'))?.target ?? '';
      const sheet = this.#parts.get(target);
      if (sheet?.name !== 'worksheet') continue;
      formulas.set(attributes.get('sheetId')!, this.#checkSheet(target, sheet, styles, shared));
    }
    let sheetId = '';
    for (const { attributes } of related('calcChain')?.children ?? []) {
      sheetId = attributes.get('i') ?? sheetId;
      const cell = attributes.get('r')!;
      if (formulas.get(sheetId)?.has(cell) !== true)
        this.#say('calcChain', `no formula in ${cell} of sheet ${sheetId}`);
    }
  }

  #checkOrder(place: string, element: Element, kind: keyof typeof elementOrder): void {
    const order: readonly string[] = elementOrder[kind];
    let last = 0;
    for (const { name } of element.children) {
      if (name === 'AlternateContent') continue;
      const at = order.indexOf(name);
      if (at === -1) this.#say(place, `<${name}> does not belong there`);
      else if (at < last) this.#say(place, `<${name}> after <${order[last]}>`);
      last = Math.max(last, at);
    }
    const once = element.children.map(({ name }) => name).filter((name) => name !== 'conditionalFormatting');
    for (const [index, name] of once.entries())
      if (name !== 'AlternateContent' && once.indexOf(name) !== index) this.#say(place, `<${name}> twice`);
  }

  #checkContainers(place: string, root: Element): void {
    for (const element of descendants(root)) {
      const { name, attributes, children } = element;
      const isEmpty =
        name === 'conditionalFormatting'
          ? !children.some((child) => child.name === 'cfRule')
          : name === 'sparklineGroup'
            ? !children.some((child) => child.name === 'sparklines')
            : children.length === 0;
      if (containers.includes(name) && isEmpty) this.#say(place, `<${name}> is empty`);
      const count = attributes.get('count');
      if (counted.includes(name) && count !== undefined && Number(count) !== children.length)
        this.#say(place, `<${name}> counts ${count}, not ${children.length}`);
      for (const key of ['sqref', 'ref']) {
        const value = attributes.get(key);
        if (value === undefined || name === 'definedName') continue;
        for (const one of value.split(' '))
          if (!range.test(one)) this.#say(place, `<${name} ${key}="${value}">`);
      }
      if (name === 'sqref' && !element.text.split(' ').every((one) => range.test(one)))
        this.#say(place, `<sqref> ${element.text}`);
    }
  }

  #checkStyles(styles: Element | undefined): { xfs: number; dxfs: number } {
    if (styles === undefined) return { xfs: 1, dxfs: 0 };
    this.#checkOrder('styles', styles, 'styleSheet');
    const list = (name: string) => styles.children.find((child) => child.name === name);
    for (const { name, attributes, children } of styles.children) {
      const count = attributes.get('count');
      if (count !== undefined && Number(count) !== children.length)
        this.#say('styles', `<${name}> counts ${count}, not ${children.length}`);
    }
    const formats = list('numFmts')?.children.map(({ attributes }) => attributes.get('numFmtId')) ?? [];
    if (new Set(formats).size < formats.length) this.#say('styles', 'a number format twice');
    const xfs = list('cellXfs')?.children ?? [];
    const lists = { fontId: 'fonts', fillId: 'fills', borderId: 'borders', xfId: 'cellStyleXfs' };
    for (const [index, { attributes }] of xfs.entries()) {
      for (const [key, name] of Object.entries(lists)) {
        const value = attributes.get(key);
        if (value !== undefined && Number(value) >= (list(name)?.children.length ?? 0))
          this.#say('styles', `style ${index} has ${key} ${value}`);
      }
      const format = attributes.get('numFmtId') ?? '0';
      if (Number(format) >= 164 && !formats.includes(format))
        this.#say('styles', `style ${index} has no format ${format}`);
    }
    return { xfs: xfs.length, dxfs: list('dxfs')?.children.length ?? 0 };
  }

  /** Gives the cells that have a formula. */
  #checkSheet(
    part: string,
    sheet: Element,
    styles: { xfs: number; dxfs: number },
    shared: number,
  ): Set<string> {
    this.#checkOrder(part, sheet, 'worksheet');
    this.#checkContainers(part, {
      ...sheet,
      children: sheet.children.filter((one) => one.name !== 'sheetData'),
    });
    for (const element of descendants(sheet)) {
      const id = element.attributes.get('id');
      if (['drawing', 'legacyDrawing', 'tablePart'].includes(element.name)) this.#relation(part, id);
      if (element.name === 'hyperlink' && id !== undefined) this.#relation(part, id);
      const dxf = element.attributes.get('dxfId');
      if (element.name === 'cfRule' && dxf !== undefined && Number(dxf) >= styles.dxfs)
        this.#say(part, `no format ${dxf}`);
    }
    const formulas = new Set<string>();
    const values = new Map<string, Element>();
    const masters = new Set<string>();
    const members: [string, string][] = [];
    let lastRow = 0;
    for (const row of all(sheet, 'row')) {
      const number = Number(row.attributes.get('r'));
      if (number <= lastRow) this.#say(part, `row ${number} after row ${lastRow}`);
      lastRow = number;
      let lastColumn = 0;
      for (const cell of row.children) {
        const [place, type] = [cell.attributes.get('r')!, cell.attributes.get('t') ?? 'n'];
        const column = columnOf(place);
        if (column <= lastColumn || place.replace(/^[A-Z]+/, '') !== String(number))
          this.#say(part, `${place} in row ${number} after column ${lastColumn}`);
        lastColumn = column;
        values.set(place, cell);
        if (Number(cell.attributes.get('s') ?? 0) >= styles.xfs) this.#say(part, `${place} has no style`);
        const child = (name: string) => cell.children.find((one) => one.name === name);
        if (
          cell.children.map(({ name }) => name).join(' ') !==
          cell.children
            .map(({ name }) => name)
            .sort()
            .join(' ')
        )
          this.#say(part, `the content of ${place} is out of order`);
        if (type === 's' && !(Number(child('v')?.text) < shared)) this.#say(part, `${place} has no text`);
        if (type === 'inlineStr' && child('is') === undefined) this.#say(part, `${place} has no <is>`);
        if (type === 'n' && child('is') !== undefined) this.#say(part, `${place} has text and no type`);
        const formula = child('f');
        if (formula === undefined) continue;
        formulas.add(place);
        const group = formula.attributes.get('si');
        if (formula.attributes.get('t') !== 'shared' || group === undefined) continue;
        if (formula.text === '') members.push([place, group]);
        else masters.add(group);
      }
    }
    for (const [place, group] of members)
      if (!masters.has(group)) this.#say(part, `${place} shares a formula that is not there`);
    const merged = all(sheet, 'mergeCell').map(({ attributes }) => attributes.get('ref')!);
    if (new Set(merged).size < merged.length) this.#say(part, 'cells merged twice');
    for (const { type, target } of this.#relations.get(part)?.values() ?? []) {
      const other = this.#parts.get(target);
      if (other === undefined) continue;
      if (type === 'table') this.#checkTable(target, other, values);
      const commented = all(other, 'comment').map(({ attributes }) => attributes.get('ref')!);
      if (type === 'comments' && new Set(commented).size < commented.length)
        this.#say(target, 'two notes of one cell');
    }
    return formulas;
  }

  #checkTable(part: string, table: Element, cells: ReadonlyMap<string, Element>): void {
    this.#checkContainers(part, table);
    const [from, to = ''] = table.attributes.get('ref')!.split(':') as [string, string | undefined];
    const [first, last] = [from, to].map((cell) => Number(cell.replace(/^[A-Z]+/, ''))) as [number, number];
    if (!(last > first)) this.#say(part, `the table ${from}:${to} has no rows`);
    const width = columnOf(to) - columnOf(from) + 1;
    const columns = all(table, 'tableColumn');
    if (columns.length !== width) this.#say(part, `${columns.length} columns in ${width}`);
    for (const [index, { attributes }] of columns.entries()) {
      const cell = [...cells].find(
        ([place]) => columnOf(place) === columnOf(from) + index && place.endsWith(`${first}`),
      );
      const header =
        cell &&
        descendants(cell[1])
          .map(({ text }) => text)
          .join('');
      if (cell?.[1].attributes.get('t') === 'inlineStr' && header !== attributes.get('name'))
        this.#say(part, `the header ${attributes.get('name')} is ${header}`);
    }
  }
}

function all(root: Element, name: string): Element[] {
  return descendants(root).filter((element) => element.name === name);
}

function descendants(root: Element): Element[] {
  return root.children.flatMap((child) => [child, ...descendants(child)]);
}

function columnOf(cell: string): number {
  let column = 0;
  for (const letter of /^[A-Z]+/.exec(cell)?.[0] ?? '') column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
}

function parse(xml: string): Element {
  const root = element('', new Map());
  const open = [root];
  for (const [, text = '', markup = ''] of xml.matchAll(
    /([^<]*)(<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<(?:[^>"']|"[^"]*"|'[^']*')*>)?/g,
  )) {
    open.at(-1)!.text += unescaped(text);
    if (markup === '' || markup.startsWith('<?') || markup.startsWith('<!--')) continue;
    if (markup.startsWith('<![CDATA[')) open.at(-1)!.text += markup.slice(9, -3);
    else if (markup.startsWith('</')) {
      const closed = open.pop()!;
      const name = closed.prefix === '' ? closed.name : `${closed.prefix}:${closed.name}`;
      if (markup !== `</${name}>`) throw new Error(`${markup} closes <${name}>`);
    } else {
      const attributes = new Map<string, string>();
      for (const [, name, double, single] of markup.matchAll(/\s([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
        if (attributes.has(name!)) throw new Error(`${name} twice in ${markup}`);
        attributes.set(name!, unescaped(double ?? single!));
      }
      // Ids of relations by their local name.
      const id = [...attributes].find(([name]) => /^\w+:id$/.test(name));
      if (id !== undefined) attributes.set('id', id[1]);
      const child = element(/^<([^\s/>]+)/.exec(markup)![1]!, attributes);
      open.at(-1)!.children.push(child);
      if (!markup.endsWith('/>')) open.push(child);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('elements are not closed');
  return root.children[0]!;
}

function element(qualified: string, attributes: ReadonlyMap<string, string>): Element {
  const [name, prefix = ''] = qualified.split(':').reverse() as [string, string?];
  return { name, prefix, attributes, children: [], text: '' };
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
