import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retain, retainJson, temporaryFiles } from '../testing/cli.js';
import { inspectJson } from './json.js';
import { JsonError, JsonRows } from './json-row.js';
import { localFile } from './local-file.js';

const files = temporaryFiles();

function rowsOf(...lines: string[]): unknown[] {
  const rows = new JsonRows();
  return lines.map((line) => {
    const cells = rows.read(line);
    return Object.fromEntries(rows.header.map((name, index) => [name, cells[index] ?? null]));
  });
}

describe('an object as a row', () => {
  test('keeps numbers as they are written, joins keys with dots, leaves lists as they are', () => {
    const line =
      '{"id": 12345678901234567890, "sum": 1234.50, "small": 1.234, "ok": true, "none": null, "customer": {"email": "a@b.c", "address": {"city": "Омск", "at": {"x": 1}}}, "items": [1, {"a": "]"}], "text": "a\\"\\u0416\\n"}';
    expect(rowsOf(line)).toEqual([
      {
        id: '12345678901234567890',
        sum: '1234.50',
        small: '1.2340',
        ok: 'true',
        'customer.email': 'a@b.c',
        'customer.address.city': 'Омск',
        'customer.address.at': '{"x": 1}',
        items: '[1, {"a": "]"}]',
        text: 'a"Ж\n',
      },
    ]);
  });

  test('a key may be new in any row, and hold different things', () => {
    expect(rowsOf('{"a":null}', '{"a":{"b":1}}', '{"a":"x","c":"y"}')).toEqual([
      {},
      { 'a.b': '1' },
      { a: 'x', 'a.b': null, c: 'y' },
    ]);
  });

  test.each([
    '',
    '[]',
    '{',
    '{"a":1',
    '{"a":1}}',
    '{"a":01}',
    '{"a":1.}',
    '{"a" 1}',
    '{"a":1,}',
    '{"a":nul}',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    `{"a":${'['.repeat(500)}`,
  ])('is refused: %s', (text) => {
    expect(() => new JsonRows().read(text)).toThrow(JsonError);
  });

  test('agrees with JSON.parse on any flat object, and on what is none', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), value, { noNullPrototype: true }),
        fc.nat(),
        (object, position) => {
          const text = JSON.stringify(object);
          const expected = Object.entries(object).map(([key, cell]) => [key, String(cell) || null]);
          const rows = new JsonRows();
          const cells = rows.read(text);
          const shown = Object.fromEntries(rows.header.map((name, index) => [name, cells[index]]));
          // A text that is empty is no value, and its key no column.
          expect(Object.entries(shown).sort()).toEqual(expected.filter(([, cell]) => cell !== null).sort());
          const at = position % text.length;
          const broken = text.slice(0, at) + text.slice(at + 1);
          let isObject: boolean;
          try {
            const parsed = JSON.parse(broken);
            isObject = typeof parsed === 'object' && !Array.isArray(parsed) && parsed !== null;
          } catch {
            isObject = false;
          }
          if (isObject) new JsonRows().read(broken);
          else expect(() => new JsonRows().read(broken)).toThrow(JsonError);
        },
      ),
    );
  });
});

const header = (path: string) => parse(readFileSync(path), { columns: true }) as Record<string, string>[];
const paths = ['orders', 'customers', 'spend'].map((name) => `fixtures/shop/${name}.csv`);
const options = ['--by', 'month', '--margin', '0.4'];
/** A number is written as one, an id as text. */
const json = (row: Record<string, string>) =>
  `{${Object.entries(row)
    .filter(([, cell]) => cell !== '')
    .map(
      ([key, cell]) =>
        `${JSON.stringify(key)}:${/^-?(0|[1-9]\d*)(\.\d+)?$/.test(cell) ? cell : JSON.stringify(cell)}`,
    )
    .join(', ')}}`;

describe('files', () => {
  test('the shop as JSON lines and as lists of objects gives the same', async () => {
    const plain = await retainJson('metrics', ...paths, ...options);
    const lines = paths.map((path, index) =>
      files.write(`${index}.jsonl`, `\ufeff${header(path).map(json).join('\r\n\r\n')}\r\n`),
    );
    expect((await retainJson('metrics', ...lines, ...options)).tables).toEqual(plain.tables);
    const lists = paths.map((path, index) =>
      files.write(`${index}.json`, `[\n  ${header(path).map(json).join(',\n  ')}\n]\n`),
    );
    expect((await retainJson('metrics', ...lists, ...options)).tables).toEqual(plain.tables);
  });

  test('lines that are no objects are rejected with their number and text', async () => {
    const good = (number: number) =>
      `{"customer_id":"a${number}","date":"2024-01-0${number}","amount":${number}}`;
    const path = files.write(
      'broken.jsonl',
      [good(1), '', '{"customer_id": "b', good(2), 'x', good(3)].join('\n'),
    );
    const report = await retainJson('metrics', path, '--period', '2024-01', '--max-rejects', '50%');
    expect(report.sources[0]).toMatchObject({ rows_read: 5, rows_used: 3, rows_rejected: 2 });
    const stopped = await retain(['metrics', path]);
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(/broken\.jsonl, row 3, value '\{"customer_id": "b': 2 of 5 rows/);
    const faulty = files.write('faulty.jsonl', `\n${good(1)}\n\n${good(2).replace('2024', 'soon')}`);
    expect((await retain(['metrics', faulty])).stderr).toMatch(/faulty\.jsonl, row 4, column 'date'/);
  });

  test.each([
    ['nothing.json', '[ ]', /nothing\.json: the file has no rows/],
    ['one.json', '{\n  "orders": [\n    1\n  ]\n}', /one\.json: .*holds no list of objects/],
    ['cut.json', '[{"a": 1}, {"b"', /cut\.json, row 1: the JSON file is damaged: it ends before/],
    ['more.json', '[{"a": 1}] x', /more\.json, row 1: the JSON file is damaged: something follows/],
  ])('%s is an error that says so', async (name, content, message) => {
    const { code, stderr } = await retain(['metrics', files.write(name, content)]);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  test('elements of a list are found across the parts in which it is read', async () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => ({
      id: index,
      text: 'a "quoted", [text] {é}\\',
    }));
    const path = files.write('long.json', JSON.stringify(rows));
    const source = await inspectJson(await localFile(path, files.path('.')), 'json', {});
    const { rowsWritten } = await source.prepare([0, 1], files.path('.'));
    expect(rowsWritten).toBe(40_000);
    expect(source.sample.at(-1)).toEqual(['39879', 'a "quoted", [text] {é}\\']);
  });
});
