import type { Loader } from '../engines/loader.js';
import type { Field } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import type { StagedSource } from './staging.js';

// Rows of totals stand in exports beside the rows that they add up. They are known by a cell that says so,
// 'Итого', 'Grand total', 'Total for March', and by what they lack: an order, a date, a customer of their own. A
// customer named 'Total Wine' and a product named 'Total care' are none, as the word goes on, and their rows
// name an order or a customer besides.

const words =
  '(?:(?:grand |over-?all |sum )?totals?|sub[ -]?totals?|итого|всего|итоги?|под[ыи]тог|(?:общий|промежуточный) итог|итого и всего|всего итого)';
const follows =
  '(?: *$| *[:=(-]| *[0-9]| (?:for|by|of|in|on|per|по|за|на|к|с|в|во|для|от|руб|сумма)(?:[ .]|$))';

/** A cell that is a total and nothing else, as `folded` leaves it: 'total:', 'итого по складу', 'total 12'. */
const strongForm = `^${words}${follows}`;
/** Besides, where nothing else in the row speaks against it: 'итого ромашка', and 'east total' of Excel. */
const weakForm = `${strongForm}|^(?:итого|всего) |[^ ] +(?:grand total|total|subtotal|итого?|всего)$`;

const strongTest = new RegExp(strongForm);

/** Whether a cell of a sample says on its own that its row is a total. */
export function saysTotal(cell: string): boolean {
  if (!/total|тог|всего/i.test(cell)) return false;
  const folded = cell
    .replace(/[\s\u00a0\u202f]+/gu, ' ')
    .replace(/[\u2010-\u2014\u2212]/gu, '-')
    .trim()
    .toLowerCase();
  return strongTest.test(folded);
}

const isStrong = (loader: Loader, text: Sql) => sql`regexp_matches(${loader.folded(text)}, ${strongForm})`;
const isWeak = (loader: Loader, text: Sql) => sql`regexp_matches(${loader.folded(text)}, ${weakForm})`;
const isEmpty = (text: Sql) => sql`coalesce(trim(${text}) = '', true)`;
const allOf = (tests: readonly Sql[]) =>
  tests.length === 0 ? raw('true') : sql`(${join([...tests], ' and ')})`;
const anyOf = (tests: readonly Sql[]) =>
  tests.length === 0 ? raw('false') : sql`coalesce(${join([...tests], ' or ')}, false)`;

/** Fields of a sale that a row of totals lacks, or one of which carries the word. */
const identityFields = ['order_id', 'customer_id', 'email', 'phone'] as const;
const wordFields: readonly Field[] = [
  ...identityFields,
  'product',
  'channel',
  'status',
  'document_type',
  'currency',
  'name',
];

export interface TotalTests {
  /** Of rows whose date cannot be read. */
  readonly undated: Sql;
  /** Of rows with a date; undefined where no column of the sample says 'total', and nothing need be tested. */
  readonly dated: Sql | undefined;
  /** Of rows whose date cannot be read: an amount, and nothing that tells whose or what it is. */
  readonly bare: Sql;
}

/** Tests for rows of totals among order lines. */
export function orderTotals(staged: StagedSource, amount: Sql): TotalTests {
  const { loader } = staged;
  const text = (field: Field) => staged.text(field);
  const date = text('date')!;
  const identity = identityFields.flatMap((field) => text(field) ?? []);
  const cells = [...wordFields.flatMap((field) => text(field) ?? []), ...staged.totalColumns];
  const own = (carrier: Sql) => identity.filter((cell) => cell !== carrier && cell.text !== carrier.text);
  const isFree = (cell: Sql) => sql`(${isEmpty(cell)} or ${isWeak(loader, cell)})`;
  const undated = anyOf([
    isWeak(loader, date),
    ...cells.map((cell) => allOf([isEmpty(date), isWeak(loader, cell), ...own(cell).map(isFree)])),
  ]);
  const carriers = staged.fieldsSayingTotal
    .filter((field) => field !== 'date')
    .flatMap((field) => text(field) ?? []);
  // With a date, the row of an order or of a customer is no total, whatever its other cells say, nor is one with
  // a status or a price per unit.
  const never = (['status', 'document_type', 'unit_price'] as const).flatMap((field) => text(field) ?? []);
  const dated = [...carriers, ...staged.totalColumns].map((cell) =>
    allOf([
      isStrong(loader, cell),
      ...own(cell).map((other) => sql`(${isEmpty(other)} or ${isStrong(loader, other)})`),
      ...never.filter((other) => other.text !== cell.text).map(isEmpty),
    ]),
  );
  return {
    undated,
    dated: dated.length === 0 ? undefined : anyOf(dated),
    bare:
      identity.length === 0
        ? raw('false')
        : allOf([
            sql`${amount} is not null`,
            isEmpty(date),
            ...identity.map(isEmpty),
            ...(['product', 'status', 'document_type'] as const)
              .flatMap((field) => text(field) ?? [])
              .map(isEmpty),
          ]),
  };
}

/**
 * Whether one of the cells of a row of customers or of spend says that it is a total; these files are small, so
 * every row is tested. Fields: those asked, and the columns that are not read with `besides`.
 */
export function isTotalRow(
  staged: StagedSource,
  fields: readonly Field[],
  { besides }: { readonly besides: boolean },
): Sql {
  const cells = fields.flatMap((field) => staged.text(field) ?? []);
  return anyOf(
    [...cells, ...(besides ? staged.totalColumns : [])].map((cell) => isStrong(staged.loader, cell)),
  );
}
