import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UserError } from '../core/errors.js';
import { vocabulary } from '../input/vocabulary.js';
import { makeProgram } from '../program.js';
import { parseConfig } from './parse.js';
import { optionsSchema } from './schema.js';

function mistakes(text: string): string {
  try {
    parseConfig(text, 'retain.yaml');
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'none';
}

test('a whole configuration', () => {
  const config = parseConfig(
    `
sources:
  - path: [exports/a.csv, "exports/2024-*.csv"]
    role: orders
    columns: {amount: Total paid}
    constants: {channel: Shop, customer_id: 7}
    sheets: [Sales]
    encoding: windows-1251
    delimiter: ";"
    header-row: 3
    date-order: dmy
    decimal: comma
    statuses: {sale: [Выдан], cancelled: [Аннулирован]}
options:
  currency: rub
  period: 2024
  margin: 40%
  identity: false
rates:
  base: rub
  EUR: 98.50
  USD: {2024-01: 89.9}
`,
    'shop/retain.yaml',
  );
  expect(config).toEqual({
    path: 'shop/retain.yaml',
    folder: 'shop',
    sources: [
      {
        paths: ['exports/a.csv', 'exports/2024-*.csv'],
        place: 'shop/retain.yaml, line 3, sources[0]',
        settings: {
          role: 'orders',
          columns: [{ field: 'amount', header: 'Total paid' }],
          constants: { channel: 'Shop', customer_id: '7' },
          sheets: ['Sales'],
          encoding: 'windows-1251',
          delimiter: ';',
          headerRow: 3,
          dateOrder: 'dmy',
          decimal: 'comma',
          statuses: { sale: ['Выдан'], cancelled: ['Аннулирован'] },
        },
      },
    ],
    options: { currency: 'RUB', period: '2024', margin: '40%', identity: false },
    rates: { base: 'RUB', byCurrency: { EUR: '98.5', USD: { '2024-01': '89.9' } } },
    rfm: { thresholds: {}, segments: undefined, bins: undefined },
  });
});

test('every mistake is told at once, with its line and its path', () => {
  const text = `sources:
  - path: a.csv
    role: order
    columns:
      amuont: Total
      date: 3
  - role: orders
    header_row: 1
    header-row: 0
    columns: {registered: x, date: D}
    constants: {date: 2024-01-01}
    delimiter: ":"
    sheets: Sales
options: {margin: 3, lang: de, threads: x, as-of: 2024-13-01, active-days: 0, quiet: "yes"}
rates:
  base: RUB
  eur: 1
  USD: {2024-13: 1}
  GBP: -1
  KZT: 0.123456789
  RUB: 1
sorces: 1
`;
  expect(mistakes(text)).toBe(
    `20 mistakes
  retain.yaml, line 3, sources[0].role: must be one of orders, customers, spend, contacts, feedback, incidents, not 'order'; did you mean 'orders'?
  retain.yaml, line 5, sources[0].columns.amuont: unknown field 'amuont'; did you mean 'amount'?
  retain.yaml, line 6, sources[0].columns.date: must be text; put it in quotes if it looks like a number
  retain.yaml, line 7, sources[1].path: is missing
  retain.yaml, line 8, sources[1].header_row: unknown field 'header_row'; did you mean 'header-row'?
  retain.yaml, line 9, sources[1].header-row: must be at least 1
  retain.yaml, line 10, sources[1].columns.registered: orders have no field 'registered'; fields: ${Object.keys(vocabulary.orders).join(', ')}
  retain.yaml, line 11, sources[1].constants.date: 'date' is among the columns too; leave it in one of them
  retain.yaml, line 12, sources[1].delimiter: must be one of ",", ";", "\\t", "|", not ':'
  retain.yaml, line 13, sources[1].sheets: must be a list of names of sheets
  retain.yaml, line 14, options.lang: must be one of en, ru, not 'de'
  retain.yaml, line 14, options.quiet: must be true or false
  retain.yaml, line 14, options.as-of: must be a date such as 2024-03-31
  retain.yaml, line 14, options.active-days: must be a whole number from 1 to 36500, or 'auto'
  retain.yaml, line 14, options.margin: must be a share such as 0.4 or 40%
  retain.yaml, line 14, options.threads: must be a whole number from 1 to 1024
  retain.yaml, line 17, rates.eur: must be a currency code such as EUR
  retain.yaml, line 18, rates.USD: must be a rate (98.5) or rates by month (2024-01: 89.9)
  retain.yaml, line 19, rates.GBP: must be a rate (98.5) or rates by month (2024-01: 89.9)
  retain.yaml, line 20, rates.KZT: must be a rate (98.5) or rates by month (2024-01: 89.9)
  ... and 2 more`.replace('20 mistakes', '22 mistakes'),
  );
});

describe('what is no configuration', () => {
  test.each([
    ['', 'line 1: the file is empty; retain init FILE... writes one'],
    ['# only a comment\n', 'line 1: the file is empty; retain init FILE... writes one'],
    ['sources: 3', 'line 1, sources: must be a list of sources'],
    ['just text', 'line 1: must be a map of names to values'],
    ['- a', 'line 1: must be a map of names to values'],
    ['options:\n  period: 2024\n  period: 2023', "line 3: the key 'period' stands here a second time"],
    ['sources:\n  - path: &a x\n    role: *b', 'line 3: no anchor &b for *b'],
    ['sources:\n  - path: x\n   role: orders', 'line 3: sequence item without - indicator'],
    ['x: !!js/function 1', 'line 1: unresolved tag: tag:yaml.org,2002:js/function'],
    ['a: 1\n---\nb: 2', 'line 2: source contains multiple documents; please use YAML.parseAllDocuments()'],
    [
      '__proto__: {role: orders}\n',
      "line 1, __proto__: unknown field '__proto__'; known: sources, options, rates, rfm",
    ],
  ])('%j', (text, message) => {
    expect(mistakes(text)).toBe(`retain.yaml, ${message}`);
  });

  test('what would exhaust the parser', () => {
    expect(mistakes(`x: ${'['.repeat(100_000)}`)).toBe('retain.yaml, line 1: nested too deeply');
    expect(mistakes(`\nx: ${'{a: '.repeat(100)}`)).toBe('retain.yaml, line 2: nested too deeply');
    expect(mistakes('- '.repeat(50_000))).toBe('retain.yaml, line 1: nested too deeply');
    expect(mistakes('x: 1\n'.repeat(100_000))).toBe(
      'retain.yaml, line 1: the file is too large to be a configuration',
    );
  });

  test('aliases that multiply', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(', ')}]\n`;
    const bomb = `${level('a', 'x')}${level('b', '*a')}${level('c', '*b')}${level('d', '*c')}${level('e', '*d')}`;
    expect(mistakes(bomb)).toBe('retain.yaml, line 1: too many aliases (*name)');
  });
});

test('an alias within measure is what it stands for', () => {
  const config = parseConfig(
    'sources:\n  - {path: a.csv, columns: &c {amount: Sum}}\n  - {path: b.csv, columns: *c}\n',
    'retain.yaml',
  );
  expect(config.sources[1]!.settings).toEqual({ columns: [{ field: 'amount', header: 'Sum' }] });
});

test('a key that nothing follows is left out', () => {
  const config = parseConfig(
    'sources:\n  - path: a.csv\n    columns:\n      # amount: Sum\noptions:\n',
    'retain.yaml',
  );
  expect(config.sources[0]!.settings).toEqual({});
  expect(mistakes('sources:\n  - path:\n')).toBe('retain.yaml, line 2, sources[0].path: is missing');
});

test('every option with a default of its own is an option of a command', async () => {
  const names = (await makeProgram()).commands.flatMap(({ options }) =>
    options.flatMap(({ long }) => long?.replace(/^--(no-)?/, '') ?? []),
  );
  expect(Object.keys(optionsSchema.shape).filter((name) => !names.includes(name))).toEqual([]);
  // These name files, or say how one run goes.
  const ofOneRun = [
    'config',
    'orders',
    'customers',
    'spend',
    'contacts',
    'feedback',
    'incidents',
    'column',
    'json',
    'out',
    'force',
    'help',
    'rejects',
    'segment',
    'where',
    'columns',
    'sort',
    'limit',
    'retention',
    'per',
  ];
  const missing = new Set(names.filter((name) => !(name in optionsSchema.shape) && !ofOneRun.includes(name)));
  expect([...missing]).toEqual([]);
});

test('the example of the guide is in order', () => {
  const guide = readFileSync(new URL('../../docs/guide.md', import.meta.url), 'utf8');
  const example = /```yaml\n(.*?)```/s.exec(guide)![1]!;
  expect(parseConfig(example, 'retain.yaml').sources).toHaveLength(3);
});

test('section rfm: thresholds as exact text, ranges of scores, names in both languages', () => {
  const { rfm } = parseConfig(
    `options: {bins: 5}
rfm:
  thresholds:
    recency: [30, 90, 180, 365]
    monetary: [0.1, "1000.50", 5000, 20000]
  segments:
    - name: {en: VIP, ru: Особые}
      recency: 4-5
      frequency-monetary: 5
      action: Call them.
    - name: Everybody else
`,
    'retain.yaml',
  );
  expect(rfm).toEqual({
    thresholds: { recency: ['30', '90', '180', '365'], monetary: ['0.1', '1000.50', '5000', '20000'] },
    segments: [
      {
        name: { en: 'VIP', ru: 'Особые' },
        recency: [4, 5],
        frequencyMonetary: [5, 5],
        action: { en: 'Call them.', ru: 'Call them.' },
      },
      { name: { en: 'Everybody else', ru: 'Everybody else' } },
    ],
    bins: 5,
  });
});
