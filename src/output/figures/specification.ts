import type { TopLevelSpec } from 'vega-lite';
import type { Cell, Column, Figure, Report, ResultTable } from '../../core/table.js';
import { type FormatOptions, formatCell } from '../format.js';
import { cellUnit, unitSuffixes } from '../unit.js';

/** The specification is the same for pages and for pictures: what it draws takes the colour of the text around it. */

/** Colours that stand out on white and on dark, and from one another for most of the colour-blind. */
const palette = ['#3b7dc4', '#e0812b', '#2f9e78', '#c4526b', '#8a6fc0', '#7d8794'];
/** Curves in the order of their rows: from pale to strong. */
const curvePalette = ['#9ec5ea', '#2a5f9e'];

const size = { width: 420, height: 150 };

const font = 'DejaVu Sans, system-ui, -apple-system, Segoe UI, sans-serif';

/** Number marks of the axes. */
const locales = {
  en: { decimal: '.', thousands: ',', grouping: [3], currency: ['', ''] as [string, string] },
  ru: { decimal: ',', thousands: '\u00a0', grouping: [3], currency: ['', ''] as [string, string] },
};

/** What a figure draws: one value of one line or bar. */
interface Point {
  readonly place: string;
  readonly line: string;
  readonly value: number | null;
  /** The figure as tables show it. */
  readonly text: string;
}

/** The table that a figure draws: the one beside which it stands, or another of its report. */
export function tableOf(figure: Figure, beside: ResultTable, report: Report): ResultTable {
  if (figure.table === undefined) return beside;
  const found = report.tables.find(({ name }) => name === figure.table);
  if (found === undefined) throw new Error(`the report has no table '${figure.table}' to draw`);
  return found;
}

/** A figure of a table as a vega-lite specification. */
export function specification(figure: Figure, table: ResultTable, options: FormatOptions): TopLevelSpec {
  const { language, currency } = options;
  const rowNames = columnOf(table, figure.rows);
  const drawn = figure.figures.map((name) => columnOf(table, name));
  const { most, without = [], kind } = figure;
  const naming = table.columns.indexOf(rowNames);
  // A bar of whom nobody knows has no name to stand beside.
  const named = table.rows.filter(
    (row) => !without.includes(String(row[naming])) && (kind !== 'bars' || row[naming] !== null),
  );
  const kept = most === undefined ? named : kind === 'curves' ? named.slice(-most) : named.slice(0, most);
  const point = (row: readonly Cell[], column: Column): Point => {
    const cell = row[table.columns.indexOf(column)] ?? null;
    const name = formatCell(rowNames, row, table.columns, options);
    const label = column.label[language];
    return {
      ...(figure.kind === 'curves' ? { place: label, line: name } : { place: name, line: label }),
      value: cell === null || typeof cell === 'boolean' ? null : Number(cell),
      text: formatCell(column, row, table.columns, options),
    };
  };
  const columns = figure.kind === 'bars' ? drawn.slice(0, 1) : drawn;
  const values = kept.flatMap((row) => columns.map((column) => point(row, column)));
  const unit = kept.length === 0 ? 'integer' : cellUnit(columns[0]!, kept[0]!, table.columns);
  const label = axisLabel(unit, options);
  const shared = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: figure.title[language] + (unit === 'money' && currency !== null ? `, ${currency}` : '') },
    background: 'transparent',
    // What is unknown has no bar, and '—' where its bar would begin.
    data: {
      values:
        figure.kind === 'bars' ? values.map((point) => ({ ...point, value: point.value ?? 0 })) : values,
    },
    config: {
      font,
      locale: { number: locales[language] },
      aria: false,
      view: { stroke: null },
      title: { anchor: 'start' as const, fontSize: 13, color: 'currentColor', offset: 10 },
      axis: {
        labelColor: 'currentColor',
        labelFontSize: 10,
        gridColor: 'currentColor',
        gridOpacity: 0.14,
        domainColor: 'currentColor',
        domainOpacity: 0.4,
        tickColor: 'currentColor',
        tickOpacity: 0.4,
      },
      legend: {
        labelColor: 'currentColor',
        labelFontSize: 11,
        title: null,
        orient: 'top' as const,
        offset: 4,
        labelLimit: 260,
      },
      text: { color: 'currentColor' },
    },
  };
  const value = { field: 'value', type: 'quantitative' as const, title: null };
  if (figure.kind === 'bars') {
    const place = { field: 'place', type: 'nominal' as const, sort: null, title: null };
    return {
      ...shared,
      width: size.width - 90,
      height: { step: 22 },
      encoding: {
        y: { ...place, axis: { ticks: false, labelLimit: 170, domain: false } },
        x: { ...value, axis: null, scale: { zero: true } },
      },
      layer: [
        { mark: { type: 'bar', color: palette[0]! } },
        {
          mark: { type: 'text', align: 'left', dx: 4, fontSize: 10 },
          encoding: { text: { field: 'text', type: 'nominal' } },
        },
      ],
    };
  }
  const lines = [...new Set(values.map(({ line }) => line))];
  const places = [...new Set(values.map(({ place }) => place))];
  const colors =
    figure.kind === 'curves' ? { range: between(curvePalette, lines.length) } : { range: palette };
  return {
    ...shared,
    ...size,
    mark: {
      type: 'line',
      strokeWidth: 2,
      ...(figure.kind === 'lines' && places.length <= 40 ? { point: { size: 18 } } : {}),
    },
    encoding: {
      x: {
        field: 'place',
        type: 'ordinal',
        sort: places,
        title: null,
        axis: { labelAngle: 0, labelOverlap: 'greedy', labelSeparation: 6, grid: false },
      },
      y: { ...value, axis: { labelExpr: label, tickCount: 5, domain: false, ticks: false } },
      ...(lines.length > 1
        ? {
            color: {
              field: 'line',
              type: 'nominal',
              sort: lines,
              title: null,
              scale: colors,
              legend: { columns: 3 },
            },
          }
        : { color: { value: palette[0]! } }),
    },
  };
}

function columnOf(table: ResultTable, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`table '${table.name}' has no column '${name}' to draw`);
  return column;
}

/** How the axis shows its numbers: an expression of vega. */
function axisLabel(unit: string, { language }: FormatOptions): string {
  const number = "format(datum.value, ',.12~f')";
  const space = language === 'ru' ? '\u00a0' : '';
  if (unit === 'percent') return `${number} + '${space}%'`;
  if (unit === 'days' || unit === 'months') return `${number} + '\u00a0${unitSuffixes[unit][language]}'`;
  return number;
}

/** So many colours from one to the other. */
function between([from, to]: readonly string[], count: number): string[] {
  const channels = (color: string) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const [first, last] = [channels(from!), channels(to!)];
  return Array.from({ length: count }, (_, index) => {
    const share = count === 1 ? 1 : index / (count - 1);
    const mixed = first.map((value, at) => Math.round(value + (last[at]! - value) * share));
    return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  });
}
