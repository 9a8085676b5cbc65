import { escapeAttribute } from './xml.js';

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

/** The styles part of a workbook, to which styles can be added; those that are there keep their numbers. */
export class StyleBook {
  readonly #known = new Map<string, number>();
  readonly #prefix: string;

  constructor(public xml: string) {
    this.#prefix = /<((?:[\w.-]+:)?)styleSheet[\s>]/.exec(xml)?.[1] ?? '';
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
    const p = this.#prefix;
    let highest = 163;
    for (const [, id, written] of this.xml.matchAll(
      /<(?:[\w.-]+:)?numFmt\s[^>]*?numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"/g,
    )) {
      if (written === escapeAttribute(code)) return Number(id);
      highest = Math.max(highest, Number(id));
    }
    const format = `<${p}numFmt numFmtId="${highest + 1}" formatCode="${escapeAttribute(code)}"/>`;
    if (new RegExp(`<${p}numFmts[\\s>]`).test(this.xml)) this.#add('numFmts', format);
    else {
      this.xml = this.xml.replace(
        new RegExp(`(<${p}styleSheet(?:\\s[^>]*)?>)`),
        (_, root: string) => `${root}<${p}numFmts count="1">${format}</${p}numFmts>`,
      );
    }
    return highest + 1;
  }

  /** Adds an element at the end of a list and gives its number; an equal one that was added before is used again. */
  #add(list: string, element: string): number {
    const known = this.#known.get(list + element);
    if (known !== undefined) return known;
    const p = this.#prefix;
    const match = new RegExp(`<${p}${list}((?:\\s[^>]*)?)>([\\s\\S]*?)</${p}${list}\\s*>`).exec(this.xml);
    if (match === null) throw new Error(`the styles have no ${list}`);
    const [whole, attributes = '', inner = ''] = match;
    const child = { fonts: 'font', fills: 'fill', borders: 'border', cellXfs: 'xf', numFmts: 'numFmt' }[list];
    const number = [...inner.matchAll(new RegExp(`<${p}${child}(?=[\\s/>])`, 'g'))].length;
    const counted = attributes.replace(/count="\d+"/, `count="${number + 1}"`);
    const replaced = `<${p}${list}${counted}>${inner}${element}</${p}${list}>`;
    this.xml = this.xml.replace(whole, () => replaced);
    this.#known.set(list + element, number);
    return number;
  }
}
