import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Rows below the header of a CSV file, blank lines left out, as a reader that retain does not use counts them.
 * @returns undefined for other files
 */
export function countCsvRows(file: string, headerRow: number | null): number | undefined {
  const path = resolve(root, file);
  if (headerRow === null || !/\.(csv|tsv|txt)$/i.test(file) || !existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const text = decoded(bytes).replace(/^sep=.(\r\n|\n|\r)/i, '');
  const counts = [',', ';', '\t', '|'].map((mark) => ({ mark, times: text.split(mark).length }));
  const delimiter = counts.reduce((one, other) => (other.times > one.times ? other : one)).mark;
  const records: string[][] = parse(text, {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    escape: /\\"[^,;\t|\r\n]/.test(text) ? '\\' : '"',
    relax_column_count: true,
    relax_quotes: true,
  });
  return records.slice(headerRow).filter((cells) => cells.length > 1 || cells[0] !== '').length;
}

/** Text with the marks that tell records apart, which are ASCII and so the same in every encoding but UTF-16. */
function decoded(bytes: Buffer): string {
  const zeros = [0, 1].map((parity) => bytes.filter((byte, at) => byte === 0 && at % 2 === parity).length);
  if (zeros[0]! + zeros[1]! === 0) return bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  return new TextDecoder(zeros[1]! > zeros[0]! ? 'utf-16le' : 'utf-16be').decode(bytes);
}
