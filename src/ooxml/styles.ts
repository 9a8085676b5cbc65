import { insertChild } from './element-order.js';
import { escapeAttribute, visitXml } from './xml.js';

/** How a cell looks, as far as this program says so. */
export interface CellStyle {
  /** Number format as Excel writes it; General without. */
  readonly format?: string;
  /** Colour of the ground as RRGGBB. */
  readonly fill?: string;
  readonly bold?: boolean;
  readonly align?: 'left' | 'right' | 'center';
  readonly wrap?: boolean;
  /** Colour of a line below. */
  readonly line?: string;
  /** Colour of thin lines around. */
  readonly grid?: string;
}

/** Number formats that Excel knows by number. */
const builtIn: Readonly<Record<string, number>> = { General: 0, '@': 49 };

type ListName = 'numFmts' | 'fonts' | 'fills' | 'borders' | 'cellStyleXfs' | 'cellXfs';

/** What each list begins with in a part that lacks it; the first two fills are Excel's own. */
const usual: Readonly<Record<ListName, (prefix: string) => readonly string[]>> = {
  numFmts: () => [],
  fonts: (p) => [`<${p}font><${p}sz val="11"/><${p}name val="Calibri"/><${p}family val="2"/></${p}font>`],
  fills: (p) =>
    ['none', 'gray125'].map((pattern) => `<${p}fill><${p}patternFill patternType="${pattern}"/></${p}fill>`),
  borders: (p) => [`<${p}border><${p}left/><${p}right/><${p}top/><${p}bottom/><${p}diagonal/></${p}border>`],
  cellStyleXfs: (p) => [`<${p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>`],
  cellXfs: (p) => [`<${p}xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`],
};

/** The styles part of a workbook, to which styles can be added; those that are there keep their numbers. */
export class StyleBook {
  readonly #known = new Map<string, number>();
  readonly #prefix: string;
  /** Numbers of formats by their code. */
  readonly #formats = new Map<string, number>();
  /** Numbers up to 163 are Excel's own. */
  #highestFormat = 163;
  /** How many elements each list has. */
  readonly #counts = new Map<string, number>();
  readonly #added = new Map<ListName, string[]>();

  constructor(private readonly given: string) {
    this.#prefix = /<((?:[\w.-]+:)?)styleSheet[\s>]/.exec(given)?.[1] ?? '';
    visitXml(given, (name, attribute, path) => {
      if (path.length === 1) this.#counts.set(name, 0);
      if (path.length !== 2) return undefined;
      const list = path[1]!;
      this.#counts.set(list, this.#counts.get(list)! + 1);
      if (list === 'numFmts') {
        const [code, id] = [attribute('formatCode') ?? '', Number(attribute('numFmtId'))];
        if (!this.#formats.has(code)) this.#formats.set(code, id);
        this.#highestFormat = Math.max(this.#highestFormat, id);
      }
      return undefined;
    });
    for (const list of ['fonts', 'fills', 'borders', 'cellStyleXfs', 'cellXfs'] as const) {
      if ((this.#counts.get(list) ?? 0) > 0) continue;
      for (const element of usual[list](this.#prefix)) this.#add(list, element);
    }
  }

  /** The part with the styles that were added. */
  get xml(): string {
    let xml = this.given;
    for (const [list, elements] of this.#added) {
      const element = `${this.#prefix}${list}`;
      const start = `<${element} count="${this.#counts.get(list)}">`;
      const added = elements.join('');
      const former = new RegExp(`<${element}(?:\\s[^<>]*)?(?:/>|>([\\s\\S]*?)</${element}\\s*>)`);
      if (former.test(xml)) {
        xml = xml.replace(
          former,
          (_, inner: string | undefined) => `${start}${inner ?? ''}${added}</${element}>`,
        );
      } else xml = insertChild(xml, 'styleSheet', `${start}${added}</${element}>`);
    }
    return xml;
  }

  /** The number of a style, added if it is not there yet. */
  style(style: CellStyle): number {
    const key = JSON.stringify(style);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const p = this.#prefix;
    const { format, fill, bold, align, wrap, line, grid } = style;
    const formatId = format === undefined ? 0 : (builtIn[format] ?? this.#format(format));
    const fontId = bold
      ? this.#add(
          'fonts',
          `<${p}font><${p}b/><${p}sz val="11"/><${p}name val="Calibri"/><${p}family val="2"/></${p}font>`,
        )
      : 0;
    const fillId =
      fill === undefined
        ? 0
        : this.#add(
            'fills',
            `<${p}fill><${p}patternFill patternType="solid"><${p}fgColor rgb="FF${fill}"/><${p}bgColor indexed="64"/></${p}patternFill></${p}fill>`,
          );
    const edge = (name: string, colour: string | undefined) =>
      colour === undefined
        ? `<${p}${name}/>`
        : `<${p}${name} style="thin"><${p}color rgb="FF${colour}"/></${p}${name}>`;
    const borderId =
      line === undefined && grid === undefined
        ? 0
        : this.#add(
            'borders',
            `<${p}border>${edge('left', grid)}${edge('right', grid)}${edge('top', grid)}${edge('bottom', line ?? grid)}<${p}diagonal/></${p}border>`,
          );
    const indent = align === 'left' ? ' indent="1"' : '';
    const alignment = `<${p}alignment${align === undefined ? '' : ` horizontal="${align}"${indent}`} vertical="top"${wrap ? ' wrapText="1"' : ''}/>`;
    const applied = [
      ['applyNumberFormat', formatId],
      ['applyFont', fontId],
      ['applyFill', fillId],
      ['applyBorder', borderId],
    ] as const;
    const apply = applied.flatMap(([name, id]) => (id === 0 ? [] : [` ${name}="1"`])).join('');
    const number = this.#add(
      'cellXfs',
      `<${p}xf numFmtId="${formatId}" fontId="${fontId}" fillId="${fillId}" borderId="${borderId}" xfId="0"${apply} applyAlignment="1">${alignment}</${p}xf>`,
    );
    this.#known.set(key, number);
    return number;
  }

  #format(code: string): number {
    const known = this.#formats.get(code);
    if (known !== undefined) return known;
    this.#highestFormat += 1;
    const id = this.#highestFormat;
    const p = this.#prefix;
    this.#add('numFmts', `<${p}numFmt numFmtId="${id}" formatCode="${escapeAttribute(code)}"/>`);
    this.#formats.set(code, id);
    return id;
  }

  /** Adds an element at the end of a list and gives its number; an equal one that was added before is used again. */
  #add(list: ListName, element: string): number {
    const known = this.#known.get(list + element);
    if (known !== undefined) return known;
    const number = this.#counts.get(list) ?? 0;
    this.#counts.set(list, number + 1);
    const added = this.#added.get(list);
    if (added === undefined) this.#added.set(list, [element]);
    else added.push(element);
    this.#known.set(list + element, number);
    return number;
  }
}
