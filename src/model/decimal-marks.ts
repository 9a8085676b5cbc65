import { UserError } from '../core/errors.js';
import type { LoadingEngine } from '../engines/loader.js';
import { type DecimalMark, type MarkVotes, markVotes, settledMark } from '../input/numbers.js';
import type { RecognisedSource, Scan } from '../input/source.js';
import type { Field } from '../input/vocabulary.js';
import { type Sql, sql } from '../sql/sql.js';

const numberFields: readonly Field[] = [
  'amount',
  'unit_price',
  'quantity',
  'discount',
  'shipping',
  'refunded',
  'spend',
  'subscription_price',
  'bonus',
];
/** Values of a whole column that are looked at where the sample leaves its mark open. */
const mostValues = 1000;

/**
 * The decimal mark of every column of numbers: as said by the user, or as its own values tell, or those of the
 * other columns of the file. Where a value of the sample could be read either way and nothing tells in it, the
 * whole columns are asked. A file without any decimals stays open, which harms no whole number.
 * @throws UserError where a value could be read either way and nothing in the file tells
 */
export async function decimalMarks(
  engine: LoadingEngine,
  recognised: RecognisedSource,
  scan: Scan,
  text: (field: Field) => Sql | undefined,
  given: 'comma' | 'point' | undefined,
): Promise<ReadonlyMap<Field, DecimalMark>> {
  const { source, columns } = recognised;
  const fields = numberFields.filter((field) => text(field) !== undefined);
  if (given !== undefined) return new Map(fields.map((field) => [field, given]));
  const samples = new Map(
    fields.map((field) => [field, markVotes(source.sample.map((row) => row[columns[field]!] ?? null))]),
  );
  const first = marksOf(samples);
  const isOpen = (field: Field) => first.get(field) === 'open' && samples.get(field)!.open !== undefined;
  if (!fields.some(isOpen)) return first;
  const whole = new Map<Field, MarkVotes>();
  for (const field of fields) {
    const { open } = samples.get(field)!;
    whole.set(field, { ...(await votesOfColumn(engine, scan, text(field)!)), open });
  }
  const marks = new Map(marksOf(whole));
  for (const field of fields.filter((one) => isOpen(one) && marks.get(one) === 'open')) {
    const value = samples.get(field)!.open!;
    // A comma between fields is never the decimal mark too, but for programs that few use; formats with numbers
    // of their own have a point.
    const { delimiter, format } = source.layout;
    const isTyped = format === 'parquet' || format === 'jsonl';
    if (value.includes(',') ? delimiter === ',' : isTyped) marks.set(field, 'point');
    else throw undecided(recognised, field, value);
  }
  return marks;
}

/** The mark of each column by its own votes, else by those of all. */
function marksOf(votes: ReadonlyMap<Field, MarkVotes>): ReadonlyMap<Field, DecimalMark> {
  const sum = (mark: 'comma' | 'point') => [...votes.values()].reduce((total, one) => total + one[mark], 0);
  const all = settledMark({ comma: sum('comma'), point: sum('point'), open: undefined });
  return new Map(
    [...votes].map(([field, own]) => [field, own.comma + own.point > 0 ? settledMark(own) : all]),
  );
}

async function votesOfColumn(engine: LoadingEngine, scan: Scan, column: Sql): Promise<MarkVotes> {
  const rows = await engine.query(sql`
    select ${column} as content from ${engine.loader.rowsOf(scan)}
    where regexp_matches(${column}, '[.,]')
      and not regexp_matches(${column}, '^[^0-9.,]*[1-9][0-9]{0,2}[.,][0-9]{3}[^0-9.,]*$')
    limit ${mostValues}`);
  return markVotes(rows.map((row) => String(row.content)));
}

function undecided({ source, columns }: RecognisedSource, field: Field, value: string): UserError {
  return new UserError('decimals and thousands cannot be told apart in this column', {
    place: { file: source.file, sheet: source.sheet, column: source.header[columns[field]!]!, value },
    remedy: 'Say which mark comes before the decimals: --decimal comma or --decimal point.',
  });
}
