import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { cohortMeasures, cohortSplits } from '../analyses/cohorts/choices.js';
import { segmentMaps } from '../analyses/rfm/maps.js';
import { monetaries, scorings } from '../analyses/rfm/scores.js';
import {
  parseActiveDays,
  parseAsOf,
  parseDay,
  parseDays,
  parseFolds,
  parseHorizon,
  parseLimit,
  parseMargin,
  parseMemory,
  parseOrder,
  parsePeriods,
  parseShare,
  parseSharedLimit,
  parseThreads,
} from '../commands/options.js';
import { parseBins } from '../commands/rfm-options.js';
import { steps } from '../core/period.js';
import { languages } from '../core/text.js';
import { type Encoding, encodings } from '../input/encoding.js';
import { type Field, roles, vocabulary } from '../input/vocabulary.js';
import { formats } from '../output/index.js';
import { repeatBuyingNames } from '../stats/repeat-buying-names.js';
import { rfmSchema } from './rfm-schema.js';

/** The schema of retain.yaml: what is checked, and what editors are told by docs/retain.schema.json. */

const fields = [...new Set(Object.values(vocabulary).flatMap((role) => Object.keys(role)))] as Field[];

const text = (description: string) =>
  z
    .string({ error: 'must be text; put it in quotes if it looks like a number' })
    .min(1)
    .describe(description);

/** A scalar as text: what looks like a number in YAML is its text too. */
const scalar = z.union([z.string(), z.number()], { error: 'must be a single value' }).transform(String);

/** A value of the command line, checked by the parser of its option. */
const option = (description: string, parse: (text: string) => unknown) =>
  scalar
    .superRefine((value, context) => {
      try {
        parse(value);
      } catch (error) {
        if (!(error instanceof InvalidArgumentError)) throw error;
        context.addIssue({ code: 'custom', message: lowerFirst(error.message.replace(/^It /, '')) });
      }
    })
    .describe(description);

const choice = <const Values extends readonly [string, ...string[]]>(description: string, values: Values) =>
  z.enum(values).describe(description);

const flag = (description: string) => z.boolean({ error: 'must be true or false' }).describe(description);

const wordsOf = (what: string) =>
  z.array(text('a word of the status column'), { error: 'must be a list of words' }).describe(what);

const currency = z
  .string({ error: 'must be a code such as EUR or RUB' })
  .regex(/^[A-Za-z]{3}$/, { error: 'must be a code such as EUR or RUB' })
  .transform((code) => code.toUpperCase());

/** Fields to something, where an unknown field is named with the one that was meant. */
const byField = <Value extends z.ZodType>(value: Value, description: string) =>
  z.strictObject(Object.fromEntries(fields.map((field) => [field, value.optional()]))).describe(description);

const sourceSchema = z.strictObject({
  path: z
    .union([text('a file'), z.array(text('a file')).min(1)], {
      error: 'must be a path or a list of paths',
    })
    .describe('Files, folders and globs, from the folder of this file: exports/orders-*.csv'),
  role: choice('What the files hold; told by their headers otherwise.', roles).optional(),
  columns: byField(text('the header of the column'), 'Which column is which: field: header.').optional(),
  constants: byField(
    scalar.refine((value) => value !== '', { error: 'must not be empty' }),
    'Values of fields that the files have no column for: channel: Shop on Main Street.',
  ).optional(),
  sheets: z
    .array(text('the name of a sheet'), { error: 'must be a list of names of sheets' })
    .min(1)
    .describe('Sheets to read; all visible ones otherwise.')
    .optional(),
  encoding: choice(
    'Encoding of the text; found otherwise.',
    encodings as readonly [Encoding, ...Encoding[]],
  ).optional(),
  delimiter: choice('What stands between columns: , ; | or a tab ("\\t"); found otherwise.', [
    ',',
    ';',
    '\t',
    '|',
  ]).optional(),
  'header-row': z
    .int({ error: 'must be the number of a row, from 1' })
    .min(1)
    .max(1000)
    .describe('The row of the header as a spreadsheet numbers it, from 1; found otherwise.')
    .optional(),
  'date-order': choice('What comes first in dates; found otherwise.', ['dmy', 'mdy', 'ymd']).optional(),
  decimal: choice('The decimal mark; found otherwise.', ['comma', 'point']).optional(),
  statuses: z
    .strictObject({
      sale: wordsOf('Statuses of a sale that counts.').optional(),
      cancelled: wordsOf('Statuses of an order that does not count.').optional(),
      returned: wordsOf('Statuses of an order that came back.').optional(),
    })
    .describe('Words of the status column, whole and without case; they go before those known.')
    .optional(),
});

export const optionsSchema = z.strictObject({
  lang: choice('Language of the report.', languages).optional(),
  format: choice('Format of the output.', formats as readonly [string, ...string[]]).optional(),
  quiet: flag('No progress and no messages but errors.').optional(),
  currency: currency.describe('Currency of the amounts, such as EUR.').optional(),
  country: z
    .string({ error: 'must be a code such as RU or DE' })
    .regex(/^[A-Za-z]{2}$/, { error: 'must be a code such as RU or DE' })
    .describe('Country of phone numbers written without a code: RU, DE.')
    .optional(),
  identity: flag('Rows that share a phone or an e-mail are one person; false turns it off.').optional(),
  'shared-limit': option(
    'The most customers that one e-mail or phone may belong to; one of more joins nobody.',
    parseSharedLimit,
  ).optional(),
  'date-order': choice('What comes first in dates of files that do not say it.', [
    'dmy',
    'mdy',
    'ymd',
  ]).optional(),
  decimal: choice('The decimal mark of files that do not tell it.', ['comma', 'point']).optional(),
  'max-rejects': option('Faulty rows allowed per file: 0.1 or 10%.', parseShare).optional(),
  'as-of': option("The last day to know: a date or 'today'.", parseAsOf).optional(),
  period: option('The period to report: 2024, 2024-Q1, 2024-03, last-month.', () => {}).optional(),
  from: option('First day of the period.', parseDay).optional(),
  to: option('Last day of the period.', parseDay).optional(),
  by: choice('Adds a trend with one row per step; the calendar period of a cohort.', steps).optional(),
  measure: choice('What the cells of retain cohorts hold.', cohortMeasures).optional(),
  split: choice('What retain cohorts divides customers by.', cohortSplits).optional(),
  periods: option('Periods after the first that retain cohorts shows.', parsePeriods).optional(),
  order: option(
    'The order up to which retain cohorts tells the time between orders; those of one day are one.',
    parseOrder,
  ).optional(),
  'active-days': option(
    "Days a customer stays active after a purchase, or 'auto'.",
    parseActiveDays,
  ).optional(),
  margin: option('Margin on revenue: 0.4 or 40%.', parseMargin).optional(),
  'stale-days': option(
    'Days after which a last contact is long ago, for retain check.',
    parseDays,
  ).optional(),
  scoring: choice('How RFM scores are told from values.', scorings).optional(),
  bins: option('RFM scores go from 1 to this.', parseBins).optional(),
  map: choice(
    'Which RFM scores are which segment.',
    Object.keys(segmentMaps) as [keyof typeof segmentMaps],
  ).optional(),
  compare: option('An earlier day that retain rfm compares with.', parseDay).optional(),
  monetary: choice('Revenue of a customer in total, or per order.', monetaries).optional(),
  cutoff: option('The last day that retain validate takes for known.', parseDay).optional(),
  top: option('The most customers that retain churn lists.', parseLimit).optional(),
  'min-risk': option('Least risk that retain churn lists: 0.7 or 70%.', parseShare).optional(),
  folds: option('How many times retain validate holds out.', parseFolds).optional(),
  horizon: option('How far forecasts look: 365d, 52w, 12m, 1y.', parseHorizon).optional(),
  'predicted-ltv': option(
    'Time of predicted LTV among the KPIs of retain metrics: 365d.',
    parseHorizon,
  ).optional(),
  discount: option('Yearly discount of predicted LTV: 0.1 or 10%.', parseShare).optional(),
  model: choice('Model of repeat buying.', repeatBuyingNames).optional(),
  'fail-above': option('Share of a finding at which retain check fails: 5%.', parseShare).optional(),
  memory: option("Bound on the engine's memory, such as 500MB.", parseMemory).optional(),
  threads: option('Threads of the engine.', parseThreads).optional(),
  temp: text('Folder of temporary files.').optional(),
});

const month = /^\d{4}-(0[1-9]|1[0-2])$/;
const rateError = 'must be a number above 0 with at most 8 digits after the point, such as 98.5';

/** A rate as exact decimal text. */
const rate = z
  .number({ error: rateError })
  .refine((value) => decimalRate(value) !== undefined, { error: rateError })
  .transform((value) => decimalRate(value)!);

const ratesSchema = z
  .object({ base: currency.describe('The currency that amounts are converted to.') })
  .catchall(
    z.union([rate, z.record(z.string().regex(month), rate)], {
      error: 'must be a rate (98.5) or rates by month (2024-01: 89.9)',
    }),
  )
  .describe('Rates to a base currency, always or by month: amount × rate is the amount in the base.');

export const configSchema = z.strictObject({
  sources: z.array(sourceSchema, { error: 'must be a list of sources' }).optional(),
  options: optionsSchema.describe('Defaults for options; the command line goes before them.').optional(),
  rates: ratesSchema.optional(),
  rfm: rfmSchema.optional(),
});

export type ConfigValue = z.output<typeof configSchema>;

/** A mistake that only parts of a configuration taken together show. */
export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What the schema cannot say. The value need not fit the schema: every mistake is told at once. */
export function contradictions(value: unknown): Contradiction[] {
  const { sources, rates } = entriesOf(value);
  return [
    ...(Array.isArray(sources) ? sources : []).flatMap((source, index) =>
      sourceContradictions(entriesOf(source)).map(({ path, message }) => ({
        path: ['sources', index, ...path],
        message,
      })),
    ),
    ...rateContradictions(entriesOf(rates)),
  ];
}

function sourceContradictions({ role: name, columns, constants }: Entries): Contradiction[] {
  const role = roles.find((known) => known === name);
  const foreign = Object.entries({ columns, constants }).flatMap(([part, named]) =>
    Object.keys(entriesOf(named))
      .filter(
        (field) => role !== undefined && fields.includes(field as Field) && !(field in vocabulary[role]),
      )
      .map((field) => ({
        path: [part, field],
        message: `${role} have no field '${field}'; fields: ${Object.keys(vocabulary[role!]).join(', ')}`,
      })),
  );
  const twice = Object.keys(entriesOf(constants))
    .filter((field) => field in entriesOf(columns))
    .map((field) => ({
      path: ['constants', field],
      message: `'${field}' is among the columns too; leave it in one of them`,
    }));
  return [...foreign, ...twice];
}

function rateContradictions(rates: Entries): Contradiction[] {
  const { base, ...others } = rates;
  return Object.keys(others).flatMap((code) => {
    if (!/^[A-Z]{3}$/.test(code))
      return [{ path: ['rates', code], message: 'must be a currency code such as EUR' }];
    const isBase = typeof base === 'string' && base.toUpperCase() === code;
    return isBase
      ? [{ path: ['rates', code], message: 'is the base currency, whose rate is 1; leave it out' }]
      : [];
  });
}

type Entries = Readonly<Record<string, unknown>>;

function entriesOf(value: unknown): Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entries) : {};
}

/** Decimal text of a number with at most 8 digits after the point, above zero and below a million. */
function decimalRate(value: number): string | undefined {
  if (!(value > 0 && value < 1e6)) return undefined;
  const text = value.toFixed(8).replace(/\.?0+$/, '');
  // A number is its own shortest decimal text, so one with more digits comes back different.
  return Number(text) === value ? text : undefined;
}

function lowerFirst(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`.replace(/\.$/, '');
}

/** The JSON schema for editors, as text. */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'retain.yaml', ...schema }, null, 2)}\n`;
}
