import { ellipsize, textWidth, wrapText } from './width.js';

/** One column of a terminal table, its cells already formatted. */
export interface Field {
  readonly header: string;
  readonly cells: readonly string[];
  readonly align: 'left' | 'right';
  /** What to do with cells that do not fit: break them over lines, or cut their beginning or end. */
  readonly overflow: 'wrap' | 'cut_start' | 'cut_end';
  /** Whether the column may become narrower than its cells in order to keep a table in one piece. */
  readonly shrinks: boolean;
  /** Colours one line of a cell. */
  readonly paint?: (line: string, row: number, width: number) => string;
}

/** Columns that are printed side by side. */
export interface Block {
  readonly fields: readonly Field[];
  readonly widths: readonly number[];
}

/** Columns of space between neighbours. */
export const gap = 2;

/** Shrunken text columns stay at least this wide where their text is. */
const textFloor = 12;
const wrappedTextFloor = 18;

/**
 * Divides a table into blocks no wider than `width`. Headers wrap first, then text columns shrink; what is still
 * too wide is split, and every block repeats the first column.
 */
export function fitFields(fields: readonly Field[], width: number): Block[] {
  const columns = fields.map(measure);
  if (totalWidth(columns.map(({ natural }) => natural)) <= width) {
    return [{ fields, widths: columns.map(({ natural }) => natural) }];
  }
  if (totalWidth(columns.map(({ smallest }) => smallest)) <= width) return [grow(columns, width)];

  const [first, ...others] = columns;
  if (first === undefined) return [];
  if (others.length === 0) return [grow([{ ...first, smallest: Math.min(first.smallest, width) }], width)];
  const share = Math.min(
    first.natural,
    Math.max(Math.floor(width * 0.35), Math.min(first.smallest, textFloor)),
  );
  const repeated = { ...first, smallest: Math.min(share, Math.floor(width / 2)) };
  const room = width - repeated.smallest - gap;

  const parts = others.map((column) => ({ ...column, smallest: Math.min(column.smallest, room) }));
  return evenly(parts, room).map((block) => grow([repeated, ...block], width));
}

/** As few blocks as possible, and of these divisions the one whose widest block is narrowest. */
function evenly(columns: readonly Measured[], room: number): Measured[][] {
  let best = divide(columns, room);
  for (let narrower = room - 1; narrower > 0; narrower -= 1) {
    const blocks = divide(columns, narrower);
    if (blocks.length > best.length) break;
    best = blocks;
  }
  return best;
}

function divide(columns: readonly Measured[], room: number): Measured[][] {
  const blocks: Measured[][] = [];
  let taken = 0;
  for (const column of columns) {
    const block = blocks.at(-1);
    if (block !== undefined && taken + gap + column.smallest <= room) {
      block.push(column);
      taken += gap + column.smallest;
    } else {
      blocks.push([column]);
      taken = column.smallest;
    }
  }
  return blocks;
}

/** The lines of one cell in a column of this width. */
export function cellLines(text: string, field: Field, width: number): string[] {
  if (textWidth(text) <= width) return [text];
  if (field.overflow === 'wrap') return wrapText(text, width);
  return [ellipsize(text, width, field.overflow === 'cut_start' ? 'start' : 'end')];
}

interface Measured {
  readonly field: Field;
  /** With the header on one line and every cell whole. */
  readonly natural: number;
  /** As narrow as it may get in a table that stays in one piece. */
  readonly smallest: number;
  /** Width of the widest cell: below it something is cut or broken. */
  readonly content: number;
}

function measure(field: Field): Measured {
  let content = 1;
  for (const cell of field.cells) content = Math.max(content, textWidth(cell));
  let word = 1;
  for (const part of field.header.split(' ')) word = Math.max(word, textWidth(part));
  const natural = Math.max(content, textWidth(field.header));
  const floor = field.overflow === 'wrap' ? wrappedTextFloor : textFloor;
  const smallest = Math.max(field.shrinks ? Math.min(content, floor) : content, Math.min(word, 16));
  return { field, natural, smallest, content };
}

/** Whether a table fits with nothing cut or broken. */
export function fitsWhole(fields: readonly Field[], width: number): boolean {
  return totalWidth(fields.map((field) => measure(field).natural)) <= width;
}

function totalWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1);
}

/** Gives the room that is left to cells that are cut, then to cells that are broken, then to wrapped headers. */
function grow(columns: readonly Measured[], width: number): Block {
  const widths = columns.map(({ smallest }) => smallest);
  let room = width - totalWidth(widths);
  const wishes = [
    columns.map(({ field, content }) => (field.overflow === 'wrap' ? 0 : content)),
    columns.map(({ content }) => content),
    columns.map(({ natural }) => natural),
  ];
  for (const wish of wishes) {
    while (room > 0) {
      // One column at a time to the narrowest, so that one long text does not take everything.
      let narrowest = -1;
      for (const [index, current] of widths.entries()) {
        const wants = current < (wish[index] ?? 0);
        if (wants && (narrowest < 0 || current < (widths[narrowest] ?? 0))) narrowest = index;
      }
      if (narrowest < 0) break;
      widths[narrowest] = (widths[narrowest] ?? 0) + 1;
      room -= 1;
    }
  }
  return {
    fields: columns.map(({ field }) => field),
    widths: columns.map((column, index) => trim(column, widths[index] ?? 0)),
  };
}

/** Takes back what a header was given without needing fewer lines for it. */
function trim({ field, content }: Measured, width: number): number {
  const lines = wrapText(field.header, width).map(textWidth);
  return Math.max(Math.min(content, width), ...lines);
}
