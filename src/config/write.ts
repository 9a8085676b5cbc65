import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import { shorten } from '../core/errors.js';
import { packageRoot } from '../core/package-root.js';
import { type Draft, type DraftSource, placeOf } from './draft.js';
import { optionsSchema } from './schema.js';

/** Example values of options that are not set, beside their descriptions in the schema. */
const examples: Readonly<Record<keyof typeof optionsSchema.shape, string>> = {
  lang: 'en',
  format: 'table',
  quiet: 'false',
  currency: 'EUR',
  country: 'RU',
  identity: 'true',
  'shared-limit': '5',
  'date-order': 'dmy',
  decimal: 'comma',
  'max-rejects': '10%',
  'as-of': '2024-12-31',
  period: 'last-month',
  from: '2024-01-01',
  to: '2024-12-31',
  by: 'month',
  measure: 'share',
  split: 'channel',
  periods: '12',
  order: '4',
  'active-days': 'auto',
  margin: '40%',
  'stale-days': '180',
  scoring: 'quantile',
  bins: '5',
  map: 'grid',
  compare: '2024-06-30',
  monetary: 'total',
  cutoff: '2024-06-30',
  top: '100',
  'min-risk': '70%',
  folds: '3',
  horizon: '365d',
  'predicted-ltv': '365d',
  discount: '10%',
  model: 'mbg_nbd',
  'fail-above': '5%',
  memory: '4GB',
  threads: '4',
  temp: '/tmp',
};

/** What stands in the last column of comments, per column that is not used. */
const mostUnused = 40;

/**
 * The text of a configuration: what is decided as settings, what is found by itself, and what is open, as comments.
 * @param path where it will stand; its folder is where the paths within start
 */
export function configText(draft: Draft, path: string): string {
  const folder = dirname(resolve(path));
  const active = draft.sources.filter(({ role }) => role !== undefined);
  const open = draft.sources.filter(({ role }) => role === undefined);
  const lines = [
    `# yaml-language-server: $schema=${schemaReference(folder)}`,
    '# What the exports hold and how they are read: written by retain init, to be changed freely.',
    '# Commands in this folder and those below take it; their own options go before what stands here.',
    '',
    active.length === 0 ? 'sources: []' : 'sources:',
    ...active.flatMap((source) => sourceLines(source, folder)),
    ...open.flatMap((source) => unknownLines(source, folder)),
    ...draft.leftOut.map((left) => `  # left out: ${shorten(placeOf(left))}: ${shorten(left.why)}`),
    '',
    ...optionLines(draft),
    '',
    '# Amounts of several currencies are converted to one; a rate holds always, or by month.',
    '# rates:',
    '#   base: EUR',
    '#   USD: 0.92',
    '#   GBP: {2024-01: 1.16, 2024-02: 1.17}',
  ];
  return `${lines.join('\n')}\n`;
}

function sourceLines(
  { files, sheets, source, role, reason, ...draft }: DraftSource,
  folder: string,
): string[] {
  const taken = draft.columns.filter(({ field }) => field !== null);
  const unused = draft.columns.filter(({ field, header }) => field === null && header !== '');
  const { encoding, delimiter, headerRow, format } = source.layout;
  const open = (about: string) =>
    draft.open.filter((question) => question.about === about).map(({ what }) => what);
  const paths = files.map((file) => scalar(pathFrom(folder, file)));
  const missing = draft.open.filter(({ about }) => !taken.some(({ field }) => field === about));
  const found = [
    ...(encoding === null ? [] : [`encoding: ${encoding}`]),
    ...(delimiter === null ? [] : [`delimiter: ${JSON.stringify(delimiter)}`]),
    ...(headerRow === null ? [] : [`header-row: ${headerRow}`]),
  ];
  return [
    ...(paths.length === 1
      ? [`  - path: ${paths[0]}`]
      : ['  - path:', ...paths.map((path) => `      - ${path}`)]),
    ...(sheets === undefined
      ? []
      : [`    sheets: [${sheets.map((sheet) => scalar(sheet, true)).join(', ')}]`]),
    `    role: ${role} # ${say(reason)}`,
    ...open('date-order').flatMap((what) => [`    # decide: ${say(what)}`, '    # date-order: dmy']),
    ...(draft.dateOrder === undefined ? [] : [`    date-order: ${draft.dateOrder}`]),
    ...(found.length === 0
      ? []
      : [`    # found in the ${format} file:`, ...found.map((line) => `    # ${line}`)]),
    '    columns:',
    ...taken.flatMap(({ field, header, samples }) => [
      ...open(field!).map((what) => `      # decide: ${say(what)}`),
      `      ${field}: ${scalar(header)}${comment(samples)}`,
    ]),
    ...missing
      .filter(({ about }) => about !== 'date-order' && about !== 'role')
      .flatMap(({ about, what }) => [`      # decide: ${say(what)}`, `      # ${about}: HEADER`]),
    ...unused
      .slice(0, mostUnused)
      .map(({ header, samples }) => `      # not used: ${say(scalar(header))}${comment(samples)}`),
    ...(unused.length > mostUnused ? [`      # not used: ${unused.length - mostUnused} more`] : []),
  ];
}

/** A file of which nobody knows what it holds: an entry to be completed, as comments. */
function unknownLines({ files, sheets, columns, open }: DraftSource, folder: string): string[] {
  return [
    ...open.map(({ what }) => `  # decide: ${say(what)}`),
    `  # - path: ${say(scalar(pathFrom(folder, files[0]!)))}`,
    ...(sheets === undefined
      ? []
      : [`  #   sheets: [${sheets.map((sheet) => say(scalar(sheet, true))).join(', ')}]`]),
    '  #   role: orders',
    '  #   columns:',
    '  #     date: HEADER',
    '  #     amount: HEADER',
    ...columns
      .filter(({ header }) => header !== '')
      .slice(0, mostUnused)
      .map(({ header, samples }) => `  #     column: ${say(scalar(header))}${comment(samples)}`),
  ];
}

function optionLines({ currency }: Draft): string[] {
  const described = Object.entries(optionsSchema.shape).map(([name, schema]) => ({
    name,
    value: examples[name as keyof typeof examples],
    description: schema.description ?? schema.unwrap().description ?? '',
  }));
  const line = (mark: string, name: string, value: string, description: string) =>
    `${mark}${`${name}: ${value}`.padEnd(26)} # ${description}`;
  return [
    '# Defaults of options, by their names on the command line.',
    ...(currency === undefined ? ['# options:'] : ['options:', `  currency: ${currency}`]),
    ...described
      .filter(({ name }) => name !== 'currency' || currency === undefined)
      .map(({ name, value, description }) =>
        line(currency === undefined ? '#   ' : '  # ', name, value, description),
      ),
  ];
}

/** A value as YAML holds it on one line. */
function scalar(text: string, isInList = false): string {
  const plain = stringify(text, { lineWidth: 0 }).trimEnd();
  // Blocks of lines, and what a list would split, are quoted; JSON's quotes are YAML's too.
  const needsQuotes =
    /[\r\n\u0085\u2028\u2029]/.test(plain) || plain.startsWith('|') || plain.startsWith('>');
  return needsQuotes || (isInList && /[,[\]{}]/.test(text) && plain === text) ? JSON.stringify(text) : plain;
}

function comment(samples: readonly string[]): string {
  return samples.length === 0 ? '' : ` # ${samples.map(shorten).join(' | ')}`;
}

/** Text of a file within a comment: one line. */
function say(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stand in a comment
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').slice(0, 500);
}

function pathFrom(folder: string, file: string): string {
  return relative(folder, resolve(file)).split(sep).join('/');
}

/** Where the schema of this very program is: by a relative path where it is installed below the folder. */
function schemaReference(folder: string): string {
  const schema = join(packageRoot, 'docs/retain.schema.json');
  const path = relative(folder, schema);
  return path.startsWith('..') ? pathToFileURL(schema).href : path.split(sep).join('/');
}
