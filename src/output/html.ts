import { createHash } from 'node:crypto';
import { UserError } from '../core/errors.js';
import type { Cell, Column, Notice, Report, ResultTable } from '../core/table.js';
import type { Language } from '../core/text.js';
import { chaptersOf, type FullChapter } from './chapters.js';
import { barShares, heatScale, sparklinePoints } from './chart.js';
import { cleanText } from './clean.js';
import { formatCell, formatInteger, isMarked } from './format.js';
import { script } from './html-script.js';
import { heatStep, style } from './html-style.js';
import { notesOf, warningsOf } from './notices.js';
import { decimalText } from './number.js';
import { frontParameters, type ShownParameter, shownParameters } from './parameters.js';
import { describeReasons } from './spreadsheet-notes.js';
import { cellUnit, isNumeric } from './unit.js';
import { roleName, words } from './words.js';

/**
 * The report as one HTML file that needs no network: its style and its script are within, and its policy lets
 * nothing else be loaded or run. Equal reports give equal bytes.
 */
export async function renderHtml(report: Report, language: Language): Promise<string> {
  const page: Page = { language, report, chapters: chaptersOf(report), barShares: new Set() };
  const chapters: string[] = [];
  for (const chapter of page.chapters) chapters.push(await renderChapter(chapter, page));
  // A report of chapters tells its settings at the end: they are many, and few read them.
  const isBook = report.chapters !== undefined;
  const warnings = warningsOf(report);
  const others = notesOf(report);
  const body = [
    `<header>\n<h1>${escapeText(report.title[language])}</h1>`,
    parameters(isBook ? frontParameters(report, language) : shownParameters(report, language)),
    ...warnings.map((notice) => renderNotice(notice, language)),
    '</header>',
    contents(page),
    '<main>',
    ...chapters,
    ...(others.length > 0
      ? [
          `<section id="${chapterId(notesName)}">\n<h2>${escapeText(words.notes[language])}</h2>`,
          ...others.map((notice) => renderNotice(notice, language)),
          '</section>',
        ]
      : []),
    ...(report.sources.length > 0 ? [sources(page)] : []),
    ...(isBook
      ? [
          `<section>\n<h2>${escapeText(words.parameters[language])}</h2>`,
          parameters(shownParameters(report, language)),
          '</section>',
        ]
      : []),
    '</main>',
  ].filter((part) => part !== '');
  const css =
    style +
    [...page.barShares]
      .sort((a, b) => a - b)
      .map(barRule)
      .join('');
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hash(css)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="retain">
<meta name="referrer" content="no-referrer">
<title>${escapeText(report.title[language])}</title>
<style>${css}</style>
</head>
<body>
${body.join('\n')}
<script>${script}</script>
</body>
</html>
`;
}

interface Page {
  readonly language: Language;
  readonly report: Report;
  readonly chapters: readonly FullChapter[];
  /** Lengths of bars that occur, in percent: the policy allows no style but that of the head. */
  readonly barShares: Set<number>;
}

function barRule(share: number): string {
  return `.w${share}{--w:${share}%}`;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Text that is nothing but text, between tags and in attributes alike. */
export function escapeText(text: string): string {
  return cleanText(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function parameters(shown: readonly ShownParameter[]): string {
  if (shown.length === 0) return '';
  const items = shown.map(
    ({ label, value }) => `<div><dt>${escapeText(label)}:</dt> <dd>${escapeText(value)}</dd></div>`,
  );
  return `<dl class="parameters">\n${items.join('\n')}\n</dl>`;
}

function contents({ report, chapters, language }: Page): string {
  if (chapters.length < 2) return '';
  const links = [
    ...chapters.map(({ name, title }) => ({ id: chapterId(name), title: title[language] })),
    ...(notesOf(report).length > 0 ? [{ id: chapterId(notesName), title: words.notes[language] }] : []),
    ...(report.sources.length > 0 ? [{ id: chapterId(sourcesName), title: words.sources[language] }] : []),
  ];
  const items = links.map(({ id, title }) => `<li><a href="#${id}">${escapeText(title)}</a></li>`);
  return `<nav><ul>\n${items.join('\n')}\n</ul></nav>`;
}

function chapterId(name: string): string {
  return `chapter-${escapeText(name)}`;
}

function renderNotice({ level, text }: Notice, language: Language): string {
  const kind = level === 'info' ? '' : `<strong>${escapeText(words[level][language])}:</strong> `;
  return `<p class="notice ${level}">${kind}${escapeText(text[language])}</p>`;
}

/** A table of as many rows and columns leaves room for figures on a page of paper. */
const smallRows = 24;
const smallColumns = 8;

/** More than a browser can show and sort in reasonable time. */
const mostRows = 100_000;

async function renderChapter({ name, title, about, tables }: FullChapter, page: Page): Promise<string> {
  const parts = [`<section id="${chapterId(name)}">\n<h2>${escapeText(title[page.language])}</h2>`];
  if (about !== undefined) parts.push(`<p class="about">${escapeText(about[page.language])}</p>`);
  for (const table of tables) {
    const heading = tables.length > 1 ? [`<h3>${escapeText(table.title[page.language])}</h3>`] : [];
    const body = table.isProse === true ? prose(table, page) : renderTable(table, page);
    const figures = await renderFigures(table, page);
    if (table.isNavigation === true) parts.push('<div class="navigation">', ...heading, ...body, '</div>');
    else if (figures.length === 0) parts.push(...heading, ...body);
    else {
      // Side by side where both have room; on paper only where no page ends amid them.
      const isSmall = table.rows.length <= smallRows && shownColumns(table).length <= smallColumns;
      const beside = isSmall ? 'beside small' : 'beside';
      parts.push(...heading, `<div class="${beside}">`, '<div>', ...body, '</div>', ...figures, '</div>');
    }
  }
  parts.push('</section>');
  return parts.join('\n');
}

function shownColumns({ columns }: ResultTable): Column[] {
  return columns.filter(({ machineOnly }) => machineOnly !== true);
}

async function renderFigures(table: ResultTable, { language, report }: Page): Promise<string[]> {
  const { figures = [] } = table;
  if (figures.length === 0 || table.rows.length === 0) return [];
  const { figureSvg } = await import('./figures/svg.js');
  const { tableOf } = await import('./figures/specification.js');
  const drawn: string[] = [];
  for (const figure of figures) {
    const svg = await figureSvg(figure, tableOf(figure, table, report), {
      language,
      currency: report.currency,
    });
    const label = `role="img" aria-label="${escapeText(figure.title[language])}"`;
    drawn.push(`<figure>${svg.replace('<svg', `<svg ${label}`)}</figure>`);
  }
  return [`<div class="figures">\n${drawn.join('\n')}\n</div>`];
}

function prose(table: ResultTable, page: Page): string[] {
  const {
    language,
    report: { currency },
  } = page;
  const columns = shownColumns(table);
  const lines = table.rows.map((row) => {
    const texts = columns.map((column) => {
      const shown = escapeText(formatCell(column, row, table.columns, { language, currency }));
      return linked(column, row[table.columns.indexOf(column)] ?? null, shown, page);
    });
    return `<li>${texts.join(': ')}</li>`;
  });
  return [`<ul class="lines">\n${lines.join('\n')}\n</ul>`];
}

function renderTable(table: ResultTable, page: Page): string[] {
  const { language } = page;
  if (table.rows.length > mostRows) {
    throw new UserError(
      `the table '${table.name}' has ${table.rows.length} rows, too many for a page in a browser`,
      { remedy: 'Write it as a workbook or as CSV: --out FILE.xlsx or FILE.csv.' },
    );
  }
  const columns = shownColumns(table);
  const title = table.title[language];
  const parts: string[] = [];
  if (table.rows.length === 0) parts.push(`<p class="empty">${escapeText(words.noRows[language])}</p>`);
  else {
    const heat = heatScale(table);
    const bars = new Map(
      columns
        .filter(({ chart }) => chart === 'bar')
        .map((column) => [
          column,
          barShares(table.rows.map((row) => row[table.columns.indexOf(column)] ?? null)),
        ]),
    );
    const codes = codePlaces(table, columns);
    const rows = table.rows.map((row, index) => {
      const cells = columns.map((column) => {
        const place = heat(row, column);
        const classes = place === null ? [] : [`h${heatStep(place)}`];
        const share = Math.round(100 * (bars.get(column)?.[index] ?? 0));
        if (share > 0) {
          page.barShares.add(share);
          classes.push('bar', `w${share}`);
        }
        return renderCell(column, row, table.columns, classes, page, codes.get(column));
      });
      return `<tr>${cells.join('')}</tr>`;
    });
    const heads = columns.map((column) => ({
      label: column.label[language],
      kind: codes.has(column) ? ('code' as const) : kindOf(column),
      hint: column.description?.[language],
    }));
    parts.push(grid(heads, rows, title, `table-${table.name}`, table.totalRows));
  }
  if (table.notes.length > 0) {
    const notes = table.notes.map((note) => `<li>${escapeText(note[language])}</li>`);
    parts.push(`<ul class="notes">\n${notes.join('\n')}\n</ul>`);
  }
  return parts;
}

/** The place of each code of a column in the order of its codes, by which its rows are sorted: 'high' before 'low'. */
type CodePlaces = ReadonlyMap<Cell, number>;

/** The columns of nothing but codes, those of rows that sum others up aside. */
function codePlaces(table: ResultTable, columns: readonly Column[]): Map<Column, CodePlaces> {
  const rows = table.rows.slice(0, table.rows.length - (table.totalRows ?? 0));
  return new Map(
    columns.flatMap((column): [Column, CodePlaces][] => {
      if (column.kind !== 'text' || column.values === undefined) return [];
      const places = new Map<Cell, number>(Object.keys(column.values).map((code, place) => [code, place]));
      const index = table.columns.indexOf(column);
      return rows.every((row) => row[index] == null || places.has(row[index])) ? [[column, places]] : [];
    }),
  );
}

function kindOf({ kind }: Column): Head['kind'] {
  return isNumeric(kind) ? 'number' : kind === 'date' ? 'date' : 'text';
}

/** Text longer than this may break over lines, and its column is kept wide enough for that. */
const longText = 32;

function renderCell(
  column: Column,
  row: readonly Cell[],
  columns: readonly Column[],
  drawn: readonly string[],
  page: Page,
  places?: CodePlaces,
): string {
  const {
    language,
    report: { currency },
  } = page;
  const cell = row[columns.indexOf(column)] ?? null;
  const unit = cellUnit(column, row, columns);
  const shown = formatCell(column, row, columns, { language, currency });
  const classes = [...drawn];
  if (isNumeric(column.kind)) classes.push('n');
  if (column.kind === 'date') classes.push('d');
  if (cell === null) return td([...classes, 'u'], '', escapeText(shown));
  if (column.chart === 'sparkline' && unit === 'text') return td(classes, '', line(String(cell)));
  if (column.kind === 'change' && Number(cell) !== 0) classes.push(Number(cell) > 0 ? 'up' : 'down');
  if (unit === 'text' && shown.length > longText) classes.push('long');
  const place = places?.get(cell);
  const key =
    place !== undefined
      ? ` data-v="${place}"`
      : typeof cell === 'boolean' || !(isNumeric(column.kind) || column.kind === 'date')
        ? ''
        : ` data-v="${escapeText(isNumeric(unit) ? decimalText(cell) : String(cell))}"`;
  const marked = escapeText(shown) + (isMarked(column, row, columns) ? '*' : '');
  return td(classes, key, linked(column, cell, marked, page));
}

/** A link to the chapter that a cell names, where there is one. */
function linked(column: Column, cell: Cell, shown: string, { chapters, report }: Page): string {
  const isThere =
    chapters.some(({ name }) => name === cell) ||
    (cell === sourcesName && report.sources.length > 0) ||
    (cell === notesName && notesOf(report).length > 0);
  if (column.linksToChapters !== true || !isThere) return shown;
  return `<a href="#${chapterId(String(cell))}">${shown}</a>`;
}

/** The name by which links find where the rows of the input went. */
const sourcesName = 'sources';
const notesName = 'notes';

function td(classes: readonly string[], attributes: string, content: string): string {
  const names = classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
  return `<td${names}${attributes}>${content}</td>`;
}

interface Head {
  readonly label: string;
  readonly kind: 'number' | 'date' | 'code' | 'text';
  readonly hint?: string | undefined;
}

/** Longer tables scroll under their header. */
const manyRows = 40;
/** Texts of tables of so many columns at most share the width of a phone. */
const fewColumns = 3;
/** Tables of more columns are set smaller on paper. */
const manyColumns = 8;
const crowdedColumns = 16;

function grid(
  heads: readonly Head[],
  rows: readonly string[],
  title: string,
  id: string,
  totalRows = 0,
): string {
  const body = rows.slice(0, rows.length - totalRows);
  const foot = rows.slice(rows.length - totalRows);
  const cells = heads.map(({ label, kind, hint }) => {
    const attributes = [
      'scope="col"',
      'aria-sort="none"',
      `data-kind="${kind}"`,
      ...(kind === 'number' ? ['class="n"'] : []),
      ...(hint === undefined ? [] : [`title="${escapeText(hint)}"`]),
    ];
    return `<th ${attributes.join(' ')}><button type="button">${escapeText(label)}</button></th>`;
  });
  const size = [
    'scroll',
    ...(heads.length <= fewColumns ? ['few'] : []),
    ...(heads.length > manyColumns ? ['many'] : []),
    ...(heads.length > crowdedColumns ? ['crowded'] : []),
    ...(rows.length > manyRows ? ['tall'] : []),
  ];
  return `<div id="${escapeText(id)}" class="${size.join(' ')}" tabindex="0" role="region" aria-label="${escapeText(title)}"><table>
<thead><tr>${cells.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
${foot.length === 0 ? '' : `<tfoot>\n${foot.join('\n')}\n</tfoot>\n`}</table></div>`;
}

/** Where every row of the input went. */
function sources({ report, language }: Page): string {
  const { file, sheet, role, rowsRead, rowsUsed, rowsMerged, rowsRejected, reason } = words;
  const text = (label: string): Head => ({ label, kind: 'text' });
  const count = (label: string): Head => ({ label, kind: 'number' });
  const hasSheets = report.sources.some((source) => source.sheet !== null);
  const heads = [
    text(file[language]),
    ...(hasSheets ? [text(sheet[language])] : []),
    text(role[language]),
    ...[rowsRead, rowsUsed, rowsMerged, rowsRejected].map((word) => count(word[language])),
    text(reason[language]),
  ];
  const rows = report.sources.map((source) => {
    const counts = [source.rowsRead, source.rowsUsed, source.rowsMerged, source.rowsRejected];
    const cells = [
      td([], '', escapeText(source.file)),
      ...(hasSheets ? [td([], '', escapeText(source.sheet ?? ''))] : []),
      td([], '', escapeText(roleName(source.role, language))),
      ...counts.map((number) => td(['n'], ` data-v="${number}"`, formatInteger(number, language))),
      td(['long'], '', describeReasons(source, language).split('\n').map(escapeText).join('<br>')),
    ];
    return `<tr>${cells.join('')}</tr>`;
  });
  const title = words.sources[language];
  return `<section id="${chapterId(sourcesName)}">\n<h2>${escapeText(title)}</h2>\n${grid(heads, rows, title, 'table-of-sources')}\n</section>`;
}

/** Size of the little drawing that a line is; CSS scales it. */
const lineBox = { width: 96, height: 20, margin: 2 };

/** A sparkline: a path over the known figures, broken where one is unknown. */
function line(text: string): string {
  const { width, height, margin } = lineBox;
  const points = sparklinePoints(text);
  const step = points.length > 1 ? (width - 2 * margin) / (points.length - 1) : 0;
  let isOpen = false;
  const path = points.map((place, index) => {
    if (place === null) {
      isOpen = false;
      return '';
    }
    const x = (margin + index * step).toFixed(1);
    const y = (height - margin - place * (height - 2 * margin)).toFixed(1);
    const command = isOpen ? 'L' : 'M';
    isOpen = true;
    return `${command}${x} ${y}`;
  });
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(text)}"><path d="${path.join('')}"/></svg>`;
}
