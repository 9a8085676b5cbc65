import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { Cell, Column, Notice, Report, ResultTable, SourceAccount } from '../core/table.js';
import type { Language } from '../core/text.js';
import { bars, barWidth, type HeatScale, heatColor, heatScale } from './chart.js';
import { cleanText } from './clean.js';
import { formatCell, formatInteger, isMarked } from './format.js';
import { type Block, cellLines, type Field, fitFields, fitsWhole, gap } from './layout.js';
import { shownParameters } from './parameters.js';
import { isNumeric } from './unit.js';
import { wrapText } from './width.js';
import { describeExample, firstRows, lastRows, roleName, rowsLeftOut, words } from './words.js';

export interface TerminalOptions {
  readonly language: Language;
  /** Columns of the terminal. 0 or Infinity, as for a pipe: nothing is shrunk, wrapped or split. */
  readonly width: number;
  readonly color: boolean;
  /** Whether the terminal has 256 colours, which heat maps need; plain figures otherwise. */
  readonly manyColors?: boolean;
}

interface Page {
  readonly language: Language;
  readonly currency: string | null;
  readonly width: number;
  readonly paint: ChalkInstance;
}

/** Below this nothing readable can be laid out, so a narrower terminal is treated as this wide. */
const narrowest = 20;

/** The whole report as text for a terminal, ending with a line break. No line is wider than the width. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const page: Page = {
    language: options.language,
    currency: report.currency,
    width: options.width > 0 ? Math.max(options.width, narrowest) : Number.POSITIVE_INFINITY,
    paint: new Chalk({ level: options.color ? (options.manyColors ? 2 : 1) : 0 }),
  };
  const sections = [
    renderHeading(report, page),
    ...report.tables.flatMap((table) =>
      table.sections === undefined ? [renderTable(table, page)] : renderSections(table, page),
    ),
    renderSources(report.sources, page),
    report.notices.flatMap((notice) => renderNotice(notice, page)),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function renderHeading(report: Report, page: Page): string[] {
  const { language, paint } = page;
  const items = shownParameters(report, language).map(({ label, value }) => cleanText(`${label}: ${value}`));
  return [
    ...wrapped(report.title[language], page).map((line) => paint.bold(line)),
    ...joinItems(items, page.width).map((line) => paint.dim(line)),
  ];
}

/** Puts as many items on a line as fit, so that a line rarely breaks inside one. */
function joinItems(items: readonly string[], width: number): string[] {
  const separator = ' · ';
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const longer = last === undefined ? item : last + separator + item;
    if (last !== undefined && wrapText(longer, width).length === 1) lines[lines.length - 1] = longer;
    else lines.push(...wrapText(item, width));
  }
  return lines;
}

function renderTable(whole: ResultTable, page: Page): string[] {
  const rowCount = whole.rowCount ?? whole.rows.length;
  const shownRows = Math.min(whole.rows.length, whole.terminalRows ?? whole.rows.length);
  const areLast = whole.terminalShows === 'last';
  const table = {
    ...whole,
    rows: areLast ? whole.rows.slice(whole.rows.length - shownRows) : whole.rows.slice(0, shownRows),
  };
  const someRows = areLast ? lastRows : firstRows;
  return [
    ...wrapped(table.title[page.language], page).map((line) => page.paint.bold(line)),
    ...drawTable(table, page),
    ...(table.rows.length === 0 ? [words.noRows[page.language]] : []),
    ...(shownRows < rowCount
      ? wrapped(someRows(shownRows, rowCount, page.language), page).map((line) => page.paint.dim(line))
      : []),
    ...renderNotes(table.notes, page),
  ];
}

/** The rows of a table under the headings of its sections, each section as a block of lines. */
function renderSections(table: ResultTable, page: Page): string[][] {
  const { language, paint } = page;
  let start = 0;
  const blocks = (table.sections ?? []).map(({ title, facts, rowCount, notes }) => {
    const rows = table.rows.slice(start, start + rowCount);
    start += rowCount;
    return [
      ...wrapped(title[language], page).map((line) => paint.bold(line)),
      ...facts.flatMap((fact) => wrapped(fact[language], page)),
      ...(rows.length === 0 ? [] : drawTable(withoutEmptyColumns({ ...table, rows }), page)),
      ...renderNotes(notes, page),
    ];
  });
  return [...blocks, renderNotes(table.notes, page)];
}

function withoutEmptyColumns(table: ResultTable): ResultTable {
  const kept = table.columns.flatMap((_, index) =>
    table.rows.some((row) => row[index] != null) ? [index] : [],
  );
  return {
    ...table,
    columns: kept.map((index) => table.columns[index]!),
    rows: table.rows.map((row) => kept.map((index) => row[index]!)),
  };
}

function drawTable(table: ResultTable, page: Page): string[] {
  const shown = table.columns.filter((column) => column.machineOnly !== true);
  const heat = heatScale(table);
  const fields = shown.map((column) => toField(column, table, heat, page));
  const barColumns = shown.filter(({ chart }) => chart === 'bar');
  const withBars = (drawn: readonly Column[]) =>
    shown.flatMap((column, index) =>
      drawn.includes(column) ? [fields[index]!, toBar(column, table, page)] : [fields[index]!],
    );
  // Where there is no room for all bars, the first go before the others.
  const choices = barColumns.map((_, index) => withBars(barColumns.slice(0, barColumns.length - index)));
  const whole = Number.isFinite(page.width)
    ? choices.find((choice) => fitsWhole(choice, page.width))
    : undefined;
  return drawFields(whole ?? fields, table.rows.length, page);
}

function renderNotes(notes: ResultTable['notes'], page: Page): string[] {
  return notes.flatMap((note) =>
    wrapped(note[page.language], page, '* ').map((line) => page.paint.dim(line)),
  );
}

function toField(column: Column, table: ResultTable, heat: HeatScale, page: Page): Field {
  const isText = column.kind === 'text';
  const isLine = column.chart === 'sparkline';
  const cells = shownCells(column, table, page).map(cleanText);
  return {
    header: cleanText(column.label[page.language]),
    cells,
    align: isNumeric(column.kind) ? 'right' : 'left',
    // Names of fixed codes are few and must be told apart; figures must be whole; the end of a line is the latest.
    overflow: isLine ? 'cut_start' : isText && column.values === undefined ? 'cut_end' : 'wrap',
    shrinks: isText,
    ...(column.kind === 'change' ? { paint: (line) => paintChange(line, page.paint) } : {}),
    ...(column.chart === 'heat'
      ? {
          paint: (line, row, width) =>
            paintHeat(line.padStart(width), heat(table.rows[row]!, column), page.paint),
        }
      : {}),
  };
}

function shownCells(column: Column, table: ResultTable, page: Page): string[] {
  const index = table.columns.indexOf(column);
  const isMarkedIn = (row: readonly Cell[]) => isMarked(column, row, table.columns);
  const hasMarks = column.markColumn !== undefined && table.rows.some(isMarkedIn);
  return table.rows.map((row) => {
    if (column.chart === 'heat' && row[index] === null) return '';
    const text = formatCell(column, row, table.columns, page);
    // Figures with and without the mark stand one below the other.
    return hasMarks ? text + (isMarkedIn(row) ? '*' : ' ') : text;
  });
}

function toBar(column: Column, table: ResultTable, page: Page): Field {
  const index = table.columns.indexOf(column);
  return {
    header: '',
    cells: bars(table.rows.map((row) => row[index] ?? null)).map((bar) => bar.padEnd(barWidth)),
    align: 'left',
    overflow: 'wrap',
    shrinks: false,
    paint: (line) => page.paint.cyan(line.trimEnd()),
  };
}

function paintHeat(text: string, place: number | null, paint: ChalkInstance): string {
  if (place === null || paint.level < 2) return text;
  const { background, text: foreground } = heatColor(place);
  return paint.bgAnsi256(background).ansi256(foreground)(text);
}

/** Up and down, not good and bad: that differs between revenue and churn. */
function paintChange(text: string, paint: ChalkInstance): string {
  if (text.startsWith('+')) return paint.cyan(text);
  return text.startsWith('\u2212') ? paint.magenta(text) : text;
}

function renderSources(sources: readonly SourceAccount[], page: Page): string[] {
  if (sources.length === 0) return [];
  const { language } = page;
  const column = (
    header: { readonly en: string; readonly ru: string },
    cells: readonly string[],
    shape: Partial<Field> = {},
  ): Field => ({
    header: header[language],
    cells: cells.map(cleanText),
    align: 'left',
    overflow: 'cut_end',
    shrinks: true,
    ...shape,
  });
  const count = (
    header: { readonly en: string; readonly ru: string },
    pick: (source: SourceAccount) => number,
  ) =>
    column(
      header,
      sources.map((source) => formatInteger(pick(source), language)),
      { align: 'right', overflow: 'wrap', shrinks: false },
    );
  const fields = [
    // The end of a path tells more than its beginning.
    column(
      words.file,
      sources.map(({ file }) => file),
      { overflow: 'cut_start' },
    ),
    ...(sources.some(({ sheet }) => sheet !== null)
      ? [
          column(
            words.sheet,
            sources.map(({ sheet }) => sheet ?? ''),
          ),
        ]
      : []),
    column(
      words.role,
      sources.map(({ role }) => roleName(role, language)),
    ),
    count(words.rowsRead, ({ rowsRead }) => rowsRead),
    count(words.rowsUsed, ({ rowsUsed }) => rowsUsed),
    count(words.rowsMerged, ({ rowsMerged }) => rowsMerged),
    count(words.rowsRejected, ({ rowsRejected }) => rowsRejected),
  ];
  return [
    page.paint.bold(words.sources[language]),
    ...drawFields(fields, sources.length, page),
    ...sources.flatMap((source) => renderReasons(source, page)),
  ];
}

const shownExamples = 3;

function renderReasons(source: SourceAccount, page: Page): string[] {
  const { language, paint } = page;
  const place = source.sheet === null ? source.file : `${source.file} [${source.sheet}]`;
  return source.reasons.flatMap((reason) => {
    const count = `${formatInteger(reason.rows, language)} ${rowsLeftOut(reason.rows, language)}`;
    const lines = wrapped(`${place}: ${count}: ${reason.text[language]}`, page, '  ');
    if (!reason.fault) return lines;
    const examples = reason.examples
      .slice(0, shownExamples)
      .flatMap((example) => wrapped(describeExample(example, language), page, '    '));
    return [...lines.map((line) => paint.yellow(line)), ...examples];
  });
}

function renderNotice(notice: Notice, page: Page): string[] {
  const { paint } = page;
  const text = notice.text[page.language];
  if (notice.level === 'info') return wrapped(text, page);
  if (notice.level === 'hint') return wrapped(text, page, '→ ').map((line) => paint.cyan(line));
  return wrapped(text, page, '! ').map((line) => paint.yellow(line));
}

/** Clean text in lines that fit, the first with a mark and the others indented as far. */
function wrapped(text: string, page: Page, mark = ''): string[] {
  const indent = ' '.repeat(mark.length);
  const lines = wrapText(cleanText(text), page.width - mark.length);
  return lines.map((line, index) => (index === 0 ? mark : indent) + line);
}

/** cli-table3 looks at every pair of rows, so it is given few at a time. */
const rowsAtOnce = 50;

function drawFields(fields: readonly Field[], rowCount: number, page: Page): string[] {
  const lines: string[] = [];
  for (const block of fitFields(fields, page.width)) {
    if (lines.length > 0) lines.push('');
    lines.push(...drawHeader(block, page.paint));
    for (let start = 0; start < rowCount; start += rowsAtOnce) {
      const end = Math.min(start + rowsAtOnce, rowCount);
      const rows: string[][] = [];
      for (let row = start; row < end; row += 1) {
        rows.push(
          block.fields.map((field, index) =>
            cellLines(field.cells[row] ?? '', field, block.widths[index] ?? 0)
              .map((line) => field.paint?.(line, row, block.widths[index] ?? 0) ?? line)
              .join('\n'),
          ),
        );
      }
      lines.push(...drawRows(rows, block));
    }
  }
  return lines;
}

function drawHeader(block: Block, paint: ChalkInstance): string[] {
  const headers = block.fields.map((field, index) =>
    wrapText(field.header, block.widths[index] ?? 0)
      .map((line) => paint.bold(line))
      .join('\n'),
  );
  const rule = block.widths.map((width) => '─'.repeat(width)).join(' '.repeat(gap));
  return [...drawRows([headers], block, 'bottom'), paint.dim(rule)];
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(gap),
};

function drawRows(rows: string[][], block: Block, align: 'top' | 'bottom' = 'top'): string[] {
  const table = new Table({
    chars: noBorders,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: [...block.widths],
    colAligns: block.fields.map((field) => field.align),
    rowAligns: rows.map(() => align),
  });
  table.push(...rows);
  return table
    .toString()
    .split('\n')
    .map((line) => line.replace(/ +$/, ''));
}
