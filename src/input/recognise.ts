import { UserError } from '../core/errors.js';
import type { Language, Text } from '../core/text.js';
import type { Exporter, OrderPart } from './exporter.js';
import { exporterColumns, exporterHeaders, exporterOf } from './exporters.js';
import { nameOfField } from './field-names.js';
import type { ColumnOverride } from './settings.js';
import type { RecognisedSource, Source } from './source.js';
import {
  type Field,
  headerForms,
  normaliseHeader,
  orderTotalWords,
  type Role,
  roles,
  vocabulary,
} from './vocabulary.js';

interface Match {
  readonly columns: Partial<Record<Field, number>>;
  /** Fields that more than one column fits equally well. */
  readonly ambiguous: ReadonlyMap<Field, readonly number[]>;
  /** For role spend: whether the spend column's header names spending and not merely an amount. */
  readonly tierOf: Partial<Record<Field, number>>;
}

/** Finds the column of each field of a role by header. */
export function matchColumns(
  header: readonly string[],
  role: Role,
  overrides: readonly ColumnOverride[],
  constants: Source['constants'] = {},
): Match {
  const columns = namedColumns(
    header,
    overrides.filter(({ field }) => field in vocabulary[role]),
  );
  const overridden = new Set(Object.values(columns));
  const tierOf: Partial<Record<Field, number>> = Object.fromEntries(
    Object.keys(columns).map((field) => [field, 0]),
  );
  const ambiguous = new Map<Field, readonly number[]>();
  const forms = header.map(headerForms);
  for (const [name, tiers] of Object.entries(vocabulary[role])) {
    const field = name as Field;
    if (columns[field] !== undefined) continue;
    for (const [tier, words] of tiers.entries()) {
      const found = columnsNamed(forms, words).filter((index) => !overridden.has(index));
      if (found.length === 0) continue;
      columns[field] = found[0]!;
      tierOf[field] = tier;
      if (found.length > 1) ambiguous.set(field, found);
      break;
    }
  }
  for (const [name, index] of Object.entries(constants)) {
    const field = name as Field;
    if (columns[field] !== undefined || !(field in vocabulary[role])) continue;
    columns[field] = index;
    tierOf[field] = 0;
  }
  return { columns, ambiguous, tierOf };
}

/** The columns that the user named. */
function namedColumns(
  header: readonly string[],
  overrides: readonly ColumnOverride[],
): Partial<Record<Field, number>> {
  const columns: Partial<Record<Field, number>> = {};
  for (const { field, header: wanted } of overrides) {
    const index = findColumn(header, wanted);
    if (index >= 0) columns[field] = index;
  }
  return columns;
}

/** Where a column named by the user is: by its very header, else by its letters and digits; -1 for nowhere. */
export function findColumn(header: readonly string[], wanted: string): number {
  const exact = header.indexOf(wanted.trim());
  if (exact >= 0) return exact;
  const folded = normaliseHeader(wanted);
  return folded === '' ? -1 : header.findIndex((name) => normaliseHeader(name) === folded);
}

/** Columns named by one of the words; a header that fits whole goes before one that fits without its unit. */
function columnsNamed(forms: readonly (readonly string[])[], words: readonly string[]): number[] {
  const known = normalisedWords(words);
  const rank = forms.map((ofColumn) => ofColumn.findIndex((form) => known.has(form)));
  const best = rank.reduce((least, one) => (one >= 0 && one < least ? one : least), Number.POSITIVE_INFINITY);
  return rank.flatMap((position, index) => (position >= 0 && position === best ? [index] : []));
}

const setsOfWords = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The normalised words of an entry of the vocabulary, worked out once. */
function normalisedWords(words: readonly string[]): ReadonlySet<string> {
  const known = setsOfWords.get(words) ?? new Set(words.map(normaliseHeader));
  setsOfWords.set(words, known);
  return known;
}

/** How many headers any role knows, each name once: tells a header row from a title row. */
export function countKnownHeaders(header: readonly string[]): number {
  const isKnown = (form: string) => fieldsByWord().has(form) || exporterHeaders.has(form);
  return new Set(header.flatMap((name) => headerForms(name).find(isKnown) ?? [])).size;
}

/** Fields of any role whose words a header is, those of orders first. */
export function fieldsKnownAs(header: string): Field[] {
  return [...new Set(headerForms(header).flatMap((form) => fieldsByWord().get(form) ?? []))];
}

let fieldsOfWords: ReadonlyMap<string, readonly Field[]> | undefined;
/** The fields of any role that each word of the vocabulary names, those of orders first. */
function fieldsByWord(): ReadonlyMap<string, readonly Field[]> {
  if (fieldsOfWords === undefined) {
    const found = new Map<string, Field[]>();
    for (const fields of Object.values(vocabulary)) {
      for (const [field, tiers] of Object.entries(fields)) {
        for (const word of tiers.flat().map(normaliseHeader)) {
          found.set(word, [...(found.get(word) ?? []), field as Field]);
        }
      }
    }
    fieldsOfWords = found;
  }
  return fieldsOfWords;
}

const spendNames = /spend|advert|marketing|расход|затрат|реклам|маркетинг/iu;

/** What a column of a source was taken for. */
export interface ColumnExplanation {
  readonly index: number;
  readonly header: string;
  /** Null for a column that is not used. */
  readonly field: Field | null;
  /** How the field was found: named by the user, known of the exporter, or by its words, of whichever tier. */
  readonly by: 'option' | 'exporter' | 'words' | null;
  readonly tier: number | null;
  /** Fields that this column fits as well as others do, so that none could be chosen. */
  readonly candidates: readonly Field[];
}

/** What a source was taken for and why, also where it cannot be used as it is. */
export interface Explanation {
  readonly role: Role | undefined;
  /** The exporter whose headers it bears. */
  readonly exporter?: Exporter;
  /** Which half of the orders it holds; undefined for complete rows. */
  readonly part?: OrderPart;
  readonly reason: Text;
  readonly columns: readonly ColumnExplanation[];
  /** Columns by field, as `recognise` gives them. */
  readonly fields: Readonly<Partial<Record<Field, number>>>;
  /** Why the source cannot be used, the first the most telling; empty where it can. */
  readonly problems: readonly UserError[];
}

/** Tells the role of a source and its columns by headers, or takes the role given; throws nothing. */
export function explain(
  source: Source,
  forced: Role | undefined,
  overrides: readonly ColumnOverride[],
): Explanation {
  const exporter = exporterOf(source.header);
  const isForcedAway = forced !== undefined && exporter !== undefined && forced !== exporter.role;
  if (exporter !== undefined && !isForcedAway) return explainExport(source, exporter, overrides);
  const matches = Object.fromEntries(
    roles.map((role) => [role, matchColumns(source.header, role, overrides, source.constants)]),
  ) as Record<Role, Match>;
  const half = forced === undefined || forced === 'orders' ? partOfOrders(matches.orders) : undefined;
  const told = source.hasHeader
    ? (decideInteraction(source, matches) ??
      decideRole(source, matches.orders, matches.customers, matches.spend) ??
      (half === undefined ? undefined : 'orders'))
    : undefined;
  const role = forced ?? told;
  if (role === undefined) {
    const columns = source.header.map((header, index) => ({ index, header, ...unused }));
    return { role, reason: noRole, columns, fields: {}, problems: [unrecognised(source)] };
  }
  const match = matches[role];
  const part = role === 'orders' ? half : undefined;
  const fields =
    role === 'orders' ? withPaymentStatus(withoutOrderTotal(source, match, overrides)) : match.columns;
  return {
    role,
    ...(part === undefined ? {} : { part }),
    reason: withHalf(reasonFor(source, role, fields, forced !== undefined), part),
    columns: source.header.map((_, index) => explainColumn(source, index, fields, match, overrides)),
    fields,
    problems: source.hasHeader ? problemsOf(source, role, match, part) : [noHeader(source)],
  };
}

/** Columns of a known exporter: those the user names, then the exporter's own, then what the vocabulary knows. */
function explainExport(
  source: Source,
  exporter: Exporter,
  overrides: readonly ColumnOverride[],
): Explanation {
  const { role, name } = exporter;
  const reason = { en: `bears the headers of ${name.en}`, ru: `заголовки такие, как у «${name.ru}»` };
  if (role === undefined) {
    const columns = source.header.map((header, index) => ({ index, header, ...unused }));
    return { role, exporter, reason, columns, fields: {}, problems: [] };
  }
  const named = namedColumns(
    source.header,
    overrides.filter(({ field }) => field in vocabulary[role]),
  );
  const own = { ...exporterColumns(source, exporter), ...named };
  const taken = new Set(Object.values(own));
  const words = matchColumns(source.header, role, [], source.constants);
  const rest = Object.fromEntries(
    Object.entries(words.columns).filter(
      ([field, index]) =>
        own[field as Field] === undefined &&
        (exporter.columns[field as Field] === undefined || source.constants?.[field as Field] === index) &&
        !words.ambiguous.has(field as Field) &&
        !taken.has(index),
    ),
  );
  const columns: Match['columns'] = { ...rest, ...own };
  const fields = role === 'orders' ? withPaymentStatus(columns) : columns;
  // Where the user says which column is what the table lacks, it lacks nothing.
  const isWhole =
    fields.date !== undefined && (fields.amount !== undefined || fields.unit_price !== undefined);
  const part = isWhole ? undefined : exporter.part;
  return {
    role,
    exporter,
    ...(part === undefined ? {} : { part }),
    reason: withHalf(reason, part),
    columns: source.header.map((header, index) => {
      const field = (Object.keys(fields) as Field[]).find((candidate) => fields[candidate] === index);
      if (field === undefined) return { index, header, ...unused };
      const by =
        named[field] === index || source.constants?.[field] === index
          ? 'option'
          : taken.has(index)
            ? 'exporter'
            : 'words';
      const tier = by === 'words' ? (words.tierOf[field] ?? 0) : null;
      return { index, header, field, by, tier, candidates: [] };
    }),
    fields,
    problems: [],
  };
}

/** The status of payment stands for the status of the order where there is no other. */
function withPaymentStatus(columns: Match['columns']): Match['columns'] {
  const { payment_status: payment, ...rest } = columns;
  return payment === undefined || columns.status !== undefined ? columns : { ...rest, status: payment };
}

/** Which half of orders a table may be: an id and a date without an amount, or an id and an amount without a date. */
function partOfOrders({ columns, ambiguous, tierOf }: Match): OrderPart | undefined {
  // A mere 'number' or 'document' joins nothing.
  if (tierOf.order_id !== 0 || ambiguous.size > 0) return undefined;
  const hasAmount = columns.amount !== undefined || columns.unit_price !== undefined;
  const isDescribed =
    columns.customer_id !== undefined || columns.email !== undefined || columns.status !== undefined;
  if (columns.date !== undefined) return !hasAmount && isDescribed ? 'heads' : undefined;
  return hasAmount ? 'lines' : undefined;
}

const unused = { field: null, by: null, tier: null, candidates: [] } as const;
const noRole: Text = {
  en: 'holds neither orders, customers, spend, contacts, feedback nor incidents by its headers',
  ru: 'по заголовкам это не заказы, не клиенты, не расходы, не контакты, не отзывы и не инциденты',
};

function explainColumn(
  source: Source,
  index: number,
  fields: Match['columns'],
  match: Match,
  overrides: readonly ColumnOverride[],
): ColumnExplanation {
  const header = source.header[index]!;
  const ambiguous = [...match.ambiguous].filter(([, indexes]) => indexes.includes(index));
  const candidates = ambiguous.map(([field]) => field);
  const field = (Object.keys(fields) as Field[]).find((name) => fields[name] === index);
  if (field === undefined || candidates.includes(field)) return { index, header, ...unused, candidates };
  const isNamed =
    source.constants?.[field] === index ||
    overrides.some(
      (override) => override.field === field && findColumn(source.header, override.header) === index,
    );
  return {
    index,
    header,
    field,
    by: isNamed ? 'option' : 'words',
    tier: isNamed ? null : (match.tierOf[field] ?? 0),
    candidates,
  };
}

const halves: Record<OrderPart, Text> = {
  heads: {
    en: 'half of the orders: another file must tell the amounts, by order id',
    ru: 'половина заказов: суммы по номеру заказа должны быть в другом файле',
  },
  lines: {
    en: 'half of the orders: another file must tell the dates, by order id',
    ru: 'половина заказов: даты по номеру заказа должны быть в другом файле',
  },
};

function withHalf(reason: Text, part: OrderPart | undefined): Text {
  if (part === undefined) return reason;
  return { en: `${reason.en}; ${halves[part].en}`, ru: `${reason.ru}; ${halves[part].ru}` };
}

const person = ['customer_id', 'email', 'phone'] as const;

/** The role in words, with the columns that speak for it. */
function reasonFor(source: Source, role: Role, fields: Match['columns'], isForced: boolean): Text {
  const telling: Record<Role, readonly Field[]> = {
    orders: ['date', 'amount', 'quantity', 'unit_price', 'order_id', 'customer_id'],
    customers: ['customer_id', 'email', 'phone', 'name', 'registered', 'subscription_status', 'cancelled_on'],
    spend: ['date', 'spend'],
    contacts: ['date', ...person, 'delivered', 'opened', 'clicked', 'answered', 'offer_used'],
    feedback: ['date', ...person, 'nps', 'csat', 'ces'],
    incidents: ['date', ...person, 'order_id', 'kind', 'resolved_on'],
  };
  const columns = (language: Language) =>
    telling[role]
      .flatMap((field) => {
        const index = fields[field];
        return index === undefined ? [] : [`${nameOfField(field)[language]} '${source.header[index]}'`];
      })
      .join(', ');
  return isForced
    ? { en: `said so by the user; has ${columns('en')}`, ru: `задано пользователем; есть ${columns('ru')}` }
    : { en: `has ${columns('en')}`, ru: `есть ${columns('ru')}` };
}

/**
 * Tells the role of a source and its columns: by the exporter whose headers it bears, else by the words of its
 * headers; or takes the role given.
 * @returns undefined for a sheet that holds none of the roles and was not forced into one
 * @throws UserError where a needed column is missing or two columns fit it equally well
 */
export function recognise(
  source: Source,
  forced: Role | undefined,
  overrides: readonly ColumnOverride[],
): RecognisedSource | undefined {
  const { role, exporter, part, fields, problems } = explain(source, forced, overrides);
  if (role === undefined) return undefined;
  if (problems[0] !== undefined) throw problems[0];
  return {
    source,
    role,
    ...(exporter === undefined ? {} : { exporter }),
    ...(part === undefined ? {} : { part }),
    columns: fields,
  };
}

/** Lines with a quantity and a price tell their own amounts; the order's total beside them would count for each. */
function withoutOrderTotal(
  source: Source,
  match: Match,
  overrides: readonly ColumnOverride[],
): Match['columns'] {
  const { amount, ...rest } = match.columns;
  const isTotal =
    amount !== undefined && headerForms(source.header[amount]!).some((form) => orderTotalWords.has(form));
  const hasLines = rest.quantity !== undefined && rest.unit_price !== undefined;
  return isTotal && hasLines && !overrides.some(({ field }) => field === 'amount') ? rest : match.columns;
}

function decideRole(source: Source, orders: Match, customers: Match, spend: Match): Role | undefined {
  const has = (match: Match, ...fields: Field[]) =>
    fields.some((field) => match.columns[field] !== undefined);
  const namesSpend =
    spendNames.test(source.file.replace(/^.*[/\\]/u, '')) || spendNames.test(source.sheet ?? '');
  const sales = has(orders, 'order_id', 'customer_id', 'quantity', 'unit_price');
  if (!sales && has(spend, 'date') && has(spend, 'spend') && (spend.tierOf.spend === 0 || namesSpend))
    return 'spend';
  const subscriptions = has(customers, 'subscription_status', 'subscription_start', 'cancelled_on');
  const identified = has(customers, 'customer_id', 'email', 'phone');
  if (subscriptions && identified && !has(orders, 'order_id')) return 'customers';
  if (has(orders, 'date') && has(orders, 'amount', 'unit_price')) return 'orders';
  const described: Field[] = [
    'name',
    'registered',
    'channel',
    'email',
    'phone',
    'birthday',
    'last_contact',
    'bonus',
  ];
  if (identified && has(customers, ...described)) {
    // A file of sales that lacks its date or amount must not pass for a list of customers.
    if (!has(orders, 'order_id', 'quantity', 'unit_price', 'amount')) return 'customers';
    // 'created at' is when the order was made, where a column is the order's id.
    if (has(customers, 'registered') && orders.tierOf.order_id !== 0) return 'customers';
  }
  return undefined;
}

const mailingNames = /mailing|newsletter|messag|рассыл|касани|коммуникац/iu;
const feedbackNames = /feedback|survey|nps|csat|отзыв|опрос|оценк/iu;
const incidentNames = /incident|complaint|claim|ticket|инцидент|жалоб|претензи|рекламац|обращени/iu;

/**
 * Contacts, feedback and incidents: a date, somebody, and what only they have: whether a message was opened, a
 * score by its name, the kind of an incident. A table with amounts is of sales, whatever else it has.
 */
function decideInteraction(
  { file, sheet }: Source,
  { orders, customers, contacts, feedback, incidents }: Record<Role, Match>,
): Role | undefined {
  const has = ({ columns }: Match, ...fields: Field[]) =>
    fields.some((field) => columns[field] !== undefined);
  const isNamed = (names: RegExp) => names.test(file.replace(/^.*[/\\]/u, '')) || names.test(sheet ?? '');
  const knows = ({ tierOf }: Match, isTold: boolean, ...fields: Field[]) =>
    fields.some((field) => tierOf[field] === 0 || (isTold && tierOf[field] !== undefined));
  if (has(orders, 'amount', 'unit_price', 'quantity')) return undefined;
  // A list of customers may tell the last score of each, but also when they came.
  const isOfCustomers = (date: number) =>
    has(customers, 'birthday', 'subscription_status', 'subscription_start') ||
    (customers.columns.registered !== undefined && customers.columns.registered !== date);
  const { date: answered } = feedback.columns;
  if (
    answered !== undefined &&
    has(feedback, ...person, 'order_id') &&
    knows(feedback, isNamed(feedbackNames), 'nps', 'csat', 'ces') &&
    !isOfCustomers(answered)
  ) {
    return 'feedback';
  }
  const { date: opened } = incidents.columns;
  const isIncident =
    knows(incidents, isNamed(incidentNames), 'kind') ||
    (incidents.tierOf.date === 0 && incidents.tierOf.resolved_on === 0);
  if (
    opened !== undefined &&
    has(incidents, ...person, 'order_id') &&
    isIncident &&
    !has(contacts, 'clicked') &&
    !isOfCustomers(opened)
  ) {
    return 'incidents';
  }
  const { date: sent } = contacts.columns;
  const reacts = has(contacts, 'opened', 'clicked', 'answered', 'offer_used');
  const isSent = contacts.tierOf.date === 0 && has(contacts, 'channel', 'campaign', 'delivered', 'status');
  const isMailing = isNamed(mailingNames) && has(contacts, 'campaign', 'delivered', 'status');
  const isContact = reacts || ((isSent || isMailing) && orders.tierOf.order_id !== 0);
  if (sent !== undefined && has(contacts, ...person) && isContact && !isOfCustomers(sent)) return 'contacts';
  return undefined;
}

/** What a role cannot do without: of each list of fields one. */
export const neededFields: Readonly<Record<Role, readonly (readonly Field[])[]>> = {
  orders: [['date'], ['amount', 'unit_price']],
  customers: [['customer_id', 'email', 'phone']],
  spend: [['date'], ['spend']],
  contacts: [['date'], person],
  feedback: [['date'], [...person, 'order_id'], ['nps', 'csat', 'ces', 'reason', 'comment']],
  incidents: [['date'], [...person, 'order_id']],
};

/** Needed columns that are missing, and fields that several columns fit equally well. */
function problemsOf(source: Source, role: Role, match: Match, part: OrderPart | undefined): UserError[] {
  const place = { file: source.file, sheet: source.sheet };
  // What half of the orders lacks is in the other half.
  const missing = (part === undefined ? neededFields[role] : [])
    .filter((alternatives) => !alternatives.some((field) => match.columns[field] !== undefined))
    .map(
      ([field]) =>
        new UserError(`no ${fieldName(field!)} column for ${role}`, {
          place,
          remedy: `Columns found: ${listHeaders(source.header)}. Say which it is: --column ${field}="HEADER".`,
        }),
    );
  const ambiguous = [...match.ambiguous].map(([field, indexes]) => {
    const headers = indexes.map((index) => source.header[index]!);
    if (new Set(headers.map(normaliseHeader)).size < headers.length) {
      return new UserError(`two columns have the same name '${headers[0]}'`, {
        place,
        remedy: 'Rename one of them in the file.',
      });
    }
    return new UserError(
      `${headers.length} columns look like the ${fieldName(field)}: ${headers.map((name) => `'${name}'`).join(', ')}`,
      { place, remedy: `Say which it is: --column ${field}="${headers[0]}".` },
    );
  });
  return [...missing, ...ambiguous];
}

/** A file that holds none of the roles. */
export class Unrecognised extends UserError {}

/** The error for a file that holds none of the roles, or only half of the orders. */
export function unrecognised(source: Source, part?: OrderPart, otherHalf?: string): Unrecognised {
  if (!source.hasHeader) return noHeader(source);
  const orders = matchColumns(source.header, 'orders', []).columns;
  const missing: Field[] = [
    ...(orders.date === undefined || part === 'lines' ? (['date'] as const) : []),
    ...((orders.amount === undefined && orders.unit_price === undefined) || part === 'heads'
      ? (['amount'] as const)
      : []),
  ];
  const lacks = missing.length > 0 ? `: no ${missing.join(' and no ')} column` : '';
  const options = (missing.length > 0 ? missing : ['date', 'amount'])
    .map((field) => `--column ${field}="HEADER"`)
    .join(' ');
  const other = otherHalf ?? `the file with the ${part === 'heads' ? 'amounts' : 'dates'} of these orders`;
  return new Unrecognised(
    part === undefined
      ? `recognised neither as orders, customers, spend, contacts, feedback nor incidents${lacks}`
      : `half of the orders only${lacks}`,
    {
      place: { file: source.file, sheet: source.sheet },
      remedy: `Columns found: ${listHeaders(source.header)}. ${
        part === undefined
          ? `Say which is which: ${options}, or force the role: --orders FILE, --customers FILE, ...`
          : `Give ${other} as well, or name the column: ${options}.`
      }`,
    },
  );
}

function noHeader({ file, sheet, header, layout }: Source): Unrecognised {
  return new Unrecognised(
    `there is no row with the names of the columns: this row looks like data (${listHeaders(header)})`,
    {
      place: { file, sheet, ...(layout.headerRow === null ? {} : { row: layout.headerRow }) },
      remedy: 'Write a row with the names of the columns above the data, or export the file again with it.',
    },
  );
}

function fieldName(field: Field): string {
  return field.replaceAll('_', ' ');
}

/** Headers for a message, the first of them. */
export function listHeaders(header: readonly string[]): string {
  const shown = header.filter((name) => name !== '').slice(0, 20);
  const names = shown.map((name) => `'${name.length > 40 ? `${name.slice(0, 37)}...` : name}'`);
  return names.length === 0 ? 'none' : names.join(', ') + (header.length > 20 ? ', ...' : '');
}
