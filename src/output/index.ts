import { extname } from 'node:path';
import type { Content, Report } from '../core/table.js';
import type { Language } from '../core/text.js';
import { selectFor } from './select.js';

/** What a report can be written as. */
export const formats = ['table', 'csv', 'json', 'xlsx', 'html'] as const;
export type Format = (typeof formats)[number];

export interface RenderOptions {
  readonly language: Language;
  /** For 'table': columns of the terminal; 0 or Infinity (the default) where there is none. */
  readonly width?: number | undefined;
  /** For 'table'. Off unless asked for. */
  readonly color?: boolean | undefined;
  /** For 'table': whether the terminal has 256 colours. Off unless said. */
  readonly manyColors?: boolean | undefined;
  /** For 'csv': which table. The first unless named. */
  readonly table?: string | undefined;
}

type Pieces = Iterable<string | Uint8Array>;
type Renderer = (report: Report, options: RenderOptions) => Promise<string | Uint8Array | Pieces>;

/** Each renderer is loaded when it is first used. A new format is one file and one entry here. */
const renderers: Record<Format, Renderer> = {
  table: async (report, { language, width = 0, color = false, manyColors = false }) =>
    (await import('./terminal.js')).renderTerminal(report, { language, width, color, manyColors }),
  csv: async (report, { table }) => (await import('./csv.js')).renderCsv(report, { table }),
  json: async (report, { language }) => (await import('./json.js')).renderJson(report, language),
  xlsx: async (report, { language }) => (await import('./xlsx.js')).renderXlsx(report, language),
  html: async (report, { language }) => (await import('./html.js')).renderHtml(report, language),
};

/** A report in one of the formats, piece by piece: text, or bytes for a workbook. */
export async function render(
  format: Format,
  report: Report<Content>,
  options: RenderOptions,
): Promise<Pieces> {
  const output = format === 'table' ? 'terminal' : 'file';
  const made = await renderers[format](selectFor(output, report, options.language), options);
  return typeof made === 'string' || made instanceof Uint8Array ? [made] : made;
}

const extensions: Record<string, Format> = {
  '.txt': 'table',
  '.csv': 'csv',
  '.json': 'json',
  '.xlsx': 'xlsx',
  '.html': 'html',
  '.htm': 'html',
};

/** The format that a file's name asks for, if it does. */
export function formatFromPath(path: string): Format | undefined {
  return extensions[extname(path).toLowerCase()];
}
