import { UserError } from '../core/errors.js';
import { contentOf, moneySigns } from '../input/content.js';
import type { DateOrder } from '../input/dates.js';
import type { Finding } from '../input/examine.js';
import { type Inputs, type ReadContext, readInputs } from '../input/read.js';
import { type Explanation, explain, neededFields } from '../input/recognise.js';
import type { FileSettings } from '../input/settings.js';
import type { Source } from '../input/source.js';
import { type Field, type Role, roles } from '../input/vocabulary.js';
import { customerDateFields } from '../model/customers.js';
import { interactionDateFields } from '../model/interactions.js';
import { spendDateFields } from '../model/spend.js';
import { stageSource } from '../model/staging.js';
import type { Questions } from './questions.js';

/** A configuration in the making: what files turned out to be, and what is open about them. */
export interface Draft {
  readonly sources: readonly DraftSource[];
  /** Files and sheets that are left out, and why. */
  readonly leftOut: readonly LeftOut[];
  /** Given by the user; undefined where the data name one, or nobody does. */
  readonly currency: string | undefined;
  readonly dataNameCurrency: boolean;
}

export interface LeftOut {
  readonly file: string;
  readonly sheet: string | null;
  readonly why: string;
}

export interface DraftSource {
  /** Files of the same columns, as the user gave them. */
  readonly files: readonly string[];
  /** Undefined where the file has no sheets or this is its only one. */
  readonly sheets: readonly string[] | undefined;
  readonly source: Source;
  /** Undefined where nobody knows; the source is not read then. */
  readonly role: Role | undefined;
  readonly reason: string;
  readonly columns: readonly DraftColumn[];
  readonly dateOrder: DateOrder | undefined;
  /** What is to be decided before it can be read, or read rightly. */
  readonly open: readonly OpenQuestion[];
}

export interface DraftColumn {
  readonly header: string;
  /** What it is taken for; null for a column that is not used. */
  readonly field: Field | null;
  readonly samples: readonly string[];
}

export interface OpenQuestion {
  readonly about: 'role' | 'date-order' | Field;
  readonly what: string;
}

/** Fields and kinds of content whose values are about persons and are not copied into a configuration. */
const personalFields: ReadonlySet<Field> = new Set<Field>([
  'name',
  'last_name',
  'manager',
  'email',
  'phone',
  'customer_id',
  'comment',
]);
const personalTypes: ReadonlySet<string> = new Set(['email', 'phone']);

/**
 * Makes a draft of what was found, asking what could not be decided.
 * @param questions answers nothing where nobody is there to ask
 */
export async function draftOf(
  findings: readonly Finding[],
  questions: Questions,
  context: ReadContext,
): Promise<Draft> {
  const tables = findings.filter((finding) => finding.state === 'table');
  const sources: DraftSource[] = [];
  const leftOut = findings.flatMap((finding): LeftOut[] => {
    if (finding.state === 'table') return [];
    if (finding.state === 'unreadable') {
      return [{ file: finding.file, sheet: null, why: finding.error.message }];
    }
    const why = finding.state === 'hidden' ? 'a hidden sheet' : 'no rows below a header';
    return [{ file: finding.file, sheet: finding.sheet, why }];
  });
  for (const { source, explanation, mayBeLeftOut } of tables) {
    // An exporter that is known without a role has tables that say nothing of sales.
    if (explanation.role === undefined && (mayBeLeftOut || explanation.exporter !== undefined)) {
      leftOut.push({ file: source.file, sheet: source.sheet, why: explanation.reason.en });
      continue;
    }
    const isOnly = tables.filter((other) => other.source.file === source.file).length === 1;
    const drafted = await draftSource(source, explanation, questions);
    const settled = { ...drafted, sheets: isOnly || source.sheet === null ? undefined : [source.sheet] };
    sources.push(await withDateOrder(settled, questions, context));
  }
  const dataNameCurrency = sources.some(namesCurrency);
  const hasMoney = sources.some(({ role }) => role !== undefined);
  return {
    sources: groupAlike(sources),
    leftOut,
    currency: dataNameCurrency || !hasMoney ? undefined : await questions.currency(),
    dataNameCurrency,
  };
}

async function draftSource(
  source: Source,
  found: Explanation,
  questions: Questions,
): Promise<Omit<DraftSource, 'sheets'>> {
  const place = placeOf(source);
  const open: OpenQuestion[] = [];
  const role = found.role ?? (await questions.role(place, describeColumns(source)));
  if (role === undefined) {
    const what = `what does ${place} hold: ${roles.join(', ')}?`;
    open.push({ about: 'role', what });
  }
  const explanation = found.role === undefined && role !== undefined ? explain(source, role, []) : found;
  const taken = new Map<number, Field>();
  const fields = role === undefined ? {} : explanation.fields;
  for (const [field, index] of Object.entries(fields) as [Field, number][]) taken.set(index, field);
  for (const [field, indexes] of candidatesOf(explanation)) {
    const headers = indexes.map((index) => source.header[index]!);
    const chosen = await questions.column(place, field, headers);
    for (const index of indexes) if (taken.get(index) === field) taken.delete(index);
    taken.set(indexes[chosen ?? 0]!, field);
    if (chosen !== undefined && new Set(headers).size === headers.length) continue;
    open.push({ about: field, what: `which column is the ${field}: ${sayHeaders(headers)}?` });
  }
  // What half of the orders lacks is in the other half.
  const isComplete = role !== undefined && explanation.part === undefined;
  for (const alternatives of isComplete ? neededFields[role] : []) {
    if ([...taken.values()].some((field) => alternatives.includes(field))) continue;
    const field = alternatives[0]!;
    const free = source.header.flatMap((header, index) => (header === '' || taken.has(index) ? [] : [index]));
    const headers = free.map((index) => source.header[index]!);
    const chosen = await questions.column(place, field, headers);
    if (chosen === undefined) {
      open.push({ about: field, what: `which column is the ${field}: ${sayHeaders(headers)}?` });
    } else taken.set(free[chosen]!, field);
  }
  return {
    files: [source.file],
    source,
    role,
    reason: found.role === undefined && role !== undefined ? 'said so' : explanation.reason.en,
    columns: source.header.map((header, index) => {
      const field = taken.get(index) ?? null;
      return { header, field, samples: samplesOf(source, index, field) };
    }),
    dateOrder: undefined,
    open,
  };
}

/** Fields that several columns fit, with those columns. */
function candidatesOf({ columns }: Explanation): Map<Field, number[]> {
  const candidates = new Map<Field, number[]>();
  for (const { index, candidates: fields } of columns) {
    for (const field of fields) candidates.set(field, [...(candidates.get(field) ?? []), index]);
  }
  return candidates;
}

/** Asks for the order of day and month where the whole column leaves it open. */
async function withDateOrder(
  draft: DraftSource,
  questions: Questions,
  context: ReadContext,
): Promise<DraftSource> {
  if (draft.role === undefined) return draft;
  if (await canBeRead(draft, undefined, context)) return draft;
  // Where an order given helps, it is the order that is missing.
  if (!(await canBeRead(draft, 'dmy', context))) return draft;
  const dateOrder = await questions.dateOrder(placeOf(draft.source));
  if (dateOrder !== undefined) return { ...draft, dateOrder };
  const what = 'which comes first in its dates, day or month (dmy or mdy)?';
  return { ...draft, open: [...draft.open, { about: 'date-order', what }] };
}

async function canBeRead(
  draft: DraftSource,
  dateOrder: DateOrder | undefined,
  context: ReadContext,
): Promise<boolean> {
  const role = draft.role!;
  const dateFields: Readonly<Record<Role, readonly Field[]>> = {
    orders: ['date'],
    customers: customerDateFields,
    spend: spendDateFields,
    contacts: interactionDateFields,
    feedback: interactionDateFields,
    incidents: interactionDateFields,
  };
  const fields = dateFields[role];
  let inputs: Inputs | undefined;
  try {
    inputs = await readInputs([{ path: draft.files[0]!, settings: settingsOf(draft) }], [], context);
    for (const recognised of inputs.sources) {
      const options = { dateOrder, temporaryFolder: context.temporaryFolder };
      await stageSource(context.engine, 0, recognised, fields, fields, options);
    }
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  } finally {
    await inputs?.close();
  }
}

function settingsOf({ role, sheets, columns }: DraftSource): FileSettings {
  return {
    role: role!,
    ...(sheets === undefined ? {} : { sheets }),
    columns: columns.flatMap(({ field, header }) => (field === null ? [] : [{ field, header }])),
  };
}

/** Sources of one role and the same columns are one: the exports of each month, sheets of one kind. */
function groupAlike(sources: readonly DraftSource[]): DraftSource[] {
  const groups = new Map<string, DraftSource>();
  for (const draft of sources) {
    const { role, columns, dateOrder, sheets, files, open } = draft;
    const taken = columns.map(({ header, field }) => [header, field]);
    const what = JSON.stringify([role, taken, dateOrder, sheets === undefined ? null : files, open]);
    const key = role === undefined ? placeOf(draft.source) : what;
    const former = groups.get(key);
    if (former === undefined) groups.set(key, draft);
    else if (sheets === undefined) groups.set(key, { ...former, files: [...former.files, ...files] });
    else groups.set(key, { ...former, sheets: [...former.sheets!, ...sheets] });
  }
  return [...groups.values()];
}

function namesCurrency({ columns, source }: DraftSource): boolean {
  return columns.some(({ field, header }, index) => {
    if (field === 'currency') return true;
    const isMoney = ['amount', 'unit_price', 'spend', 'subscription_price'].includes(field ?? '');
    return (
      isMoney &&
      [header, ...source.sample.map((row) => row[index] ?? '')].some((text) => moneySigns.test(text))
    );
  });
}

/** Up to three values of a column, none of which is about a person. */
function samplesOf(source: Source, index: number, field: Field | null): readonly string[] {
  if (field !== null && personalFields.has(field)) return [];
  const { type, samples } = contentOf(
    source.sample.map((row) => row[index] ?? null),
    field,
  );
  return personalTypes.has(type) ? [] : samples;
}

function describeColumns(source: Source): string {
  return sayHeaders(source.header.filter((header) => header !== ''));
}

function sayHeaders(headers: readonly string[]): string {
  const shown = headers.slice(0, 12).map((header) => `'${header}'`);
  return `${shown.join(', ')}${headers.length > shown.length ? ', ...' : ''}`;
}

/** 'shop.xlsx, sheet 'May'' */
export function placeOf({ file, sheet }: Pick<Source, 'file' | 'sheet'>): string {
  return sheet === null ? file : `${file}, sheet '${sheet}'`;
}
