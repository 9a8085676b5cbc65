import type { Day } from '../../core/dates.js';
import type { DayCount } from '../../core/day-tail.js';
import type { Text } from '../../core/text.js';
import type { LoadingEngine } from '../../engines/loader.js';
import { nameOfField } from '../../input/field-names.js';
import type { Field, Role } from '../../input/vocabulary.js';
import type { StagedBase } from '../../model/base.js';
import { raw, type Sql, sql } from '../../sql/sql.js';

/** How much a finding matters: figures are wrong, may be wrong, or merely worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** One row or value that a finding rests on. `rowNumber` counts rows as the engine does. */
export interface Example {
  readonly sourceId: number | null;
  readonly rowNumber: number | null;
  readonly value: string;
}

/** What a check found. */
export interface Outcome {
  readonly count: number;
  /** Of how many; null where a share would say nothing. */
  readonly of: number | null;
  readonly examples: readonly Example[];
  /** The rule by which things are judged, with its figures. */
  readonly rule?: Text;
}

/** One question about the quality of the base. */
export interface QualityCheck {
  /** Stable snake_case name. */
  readonly name: string;
  readonly severity: Severity;
  readonly title: Text;
  /** What is counted: 'orders', 'rows'. */
  readonly unit: Text;
  /** What to do about it. */
  readonly advice: Text;
  /** Why it cannot be asked of these files, or undefined where it can. */
  missing(context: CheckContext): Text | undefined;
  run(context: CheckContext): Promise<Outcome>;
}

/** What checks look at: tables stg_order_lines, int_orders, stg_customer_rows, stg_customers, as far as there are such. */
export interface CheckContext {
  readonly engine: LoadingEngine;
  readonly staged: StagedBase;
  /** Days with used order rows from 1990 on, in order, none after `asOf`. */
  readonly days: readonly DayCount[];
  /** Given, or the last plausible day of the data; null where nothing has a date. */
  readonly asOf: Day | null;
  readonly isAsOfGiven: boolean;
  /** Days without contact after which a contact is stale. */
  readonly staleDays: number;
  readonly country: string | undefined;
  /** Whether customers that share contacts are one person: customer_id is the person's then, but of order lines. */
  readonly joinsPersons: boolean;
  /** Whether amounts of several currencies are converted to one. */
  readonly hasRates: boolean;
  /** Whether some source of a role has a column. */
  has(role: Role, ...fields: Field[]): boolean;
}

export const units = {
  rows: { en: 'rows', ru: 'строк' },
  orders: { en: 'orders', ru: 'заказов' },
  customers: { en: 'customers', ru: 'клиентов' },
  buyers: { en: 'customers with orders', ru: 'клиентов с заказами' },
  days: { en: 'days', ru: 'дней' },
  phones: { en: 'rows with a phone', ru: 'строк с телефоном' },
  emails: { en: 'rows with an e-mail', ru: 'строк с эл. почтой' },
  birthdays: { en: 'rows with a birthday', ru: 'строк с днём рождения' },
  contacts: { en: 'rows with a last contact', ru: 'строк с последним контактом' },
} as const;

/** Most examples of one finding. */
const mostExamples = 3;

/** A reason not to ask: a file of a role is not among those given. */
export function noFile(role: Role): Text {
  return {
    orders: { en: 'no file of orders', ru: 'нет файла заказов' },
    customers: { en: 'no file of customers', ru: 'нет файла клиентов' },
    spend: { en: 'no file of spend', ru: 'нет файла расходов' },
    contacts: { en: 'no file of contacts', ru: 'нет файла контактов' },
    feedback: { en: 'no file of feedback', ru: 'нет файла отзывов' },
    incidents: { en: 'no file of incidents', ru: 'нет файла инцидентов' },
  }[role];
}

/** A reason not to ask: no source has the column. */
export function noColumn(field: Field): Text {
  const name = nameOfField(field);
  return { en: `no column: ${name.en}`, ru: `нет столбца: ${name.ru}` };
}

/**
 * Counts the rows of a query and takes the first few as examples.
 * @param rows source_id, row_number and value of each row found
 */
export async function countRows(
  { engine }: CheckContext,
  rows: Sql,
): Promise<{ count: number; examples: Example[] }> {
  const found = await engine.query(sql`
    select source_id, row_number, value, count(*) over () as row_count from (${rows}) as found
    order by source_id, row_number, value limit ${raw(String(mostExamples))}`);
  return {
    count: Number(found[0]?.row_count ?? 0),
    examples: found.map((row) => ({
      sourceId: row.source_id === null ? null : Number(row.source_id),
      rowNumber: row.row_number === null ? null : Number(row.row_number),
      value: String(row.value ?? ''),
    })),
  };
}

/** The one number of a query, in column n. */
export async function numberOf({ engine }: CheckContext, query: Sql): Promise<number> {
  const [row] = await engine.query(query);
  return Number(row?.n ?? 0);
}
