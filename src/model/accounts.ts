import { UserError } from '../core/errors.js';
import type { RejectedExample, RejectReason, SourceAccount } from '../core/table.js';
import type { LoadingEngine } from '../engines/loader.js';
import { openQuote } from '../input/records.js';
import type { Field } from '../input/vocabulary.js';
import { raw, type Sql, sql } from '../sql/sql.js';
import { type Fate, fates, rejectReasons } from './fate.js';
import { orderRows } from './order-heads.js';
import { placeOf, rowNumber, type StagedSource } from './staging.js';

const examplesPerReason = 3;

/** Account of one source from the number of its rows by fate. Faulty cells are looked up where there are some. */
export async function accountOf(
  engine: LoadingEngine,
  staged: StagedSource,
  rowsByFate: ReadonlyMap<number, number>,
): Promise<SourceAccount> {
  const rows = (fate: Fate) => rowsByFate.get(fates[fate]) ?? 0;
  const broken = await engine.loader.brokenLines(staged.scan);
  if (broken.openQuote !== undefined) {
    throw openQuote({ ...placeOf(staged.recognised), row: broken.openQuote + staged.scan.rowsCutOff });
  }
  const reasons: RejectReason[] = [];
  for (const fate of Object.keys(fates) as Fate[]) {
    const reason = rejectReasons[fate];
    if (reason === undefined || rows(fate) === 0) continue;
    const examples = reason.fault ? await faultyCells(engine, staged, fate) : [];
    reasons.push({ code: fate, ...reason, rows: rows(fate), examples });
  }
  for (const [code, rows] of [
    ['broken_line', broken.count - broken.badEncoding],
    ['bad_encoding', broken.badEncoding],
  ] as const) {
    if (rows === 0) continue;
    const examples = broken.first
      .filter((line) => line.isBadEncoding === (code === 'bad_encoding'))
      .map(({ line, text }) => ({ row: line + staged.scan.rowsCutOff, column: '', value: text }));
    reasons.push({ code, ...rejectReasons[code]!, rows, examples });
  }
  const rejected = reasons.reduce((sum, reason) => sum + reason.rows, 0);
  const used = rows('used');
  const merged = rows('merged');
  const written = staged.rowsWritten();
  if (written !== undefined && written !== used + merged + rejected) {
    throw new Error(
      `${written} rows went in and ${used + merged + rejected} came out of ${staged.recognised.source.file}`,
    );
  }
  return {
    ...placeOf(staged.recognised),
    role: staged.recognised.role,
    headerRow: staged.recognised.source.layout.headerRow,
    rowsRead: used + merged + rejected,
    rowsUsed: used,
    rowsMerged: merged,
    rowsRejected: rejected,
    reasons,
  };
}

/** The first cells that a reason rests on: the rows are read again, in file order, which only faults pay for. */
async function faultyCells(
  engine: LoadingEngine,
  staged: StagedSource,
  fate: Fate,
): Promise<RejectedExample[]> {
  const rows = await engine.loader.inFileOrder(() => engine.query(faultyRows(staged, fate)));
  const { source, columns } = staged.recognised;
  const numbers = await source.rowNumbers(rows.map((row) => Number(row.row_number)));
  return rows.map((row, position) => {
    const index = columns[row.field as Field];
    return {
      row: numbers[position]!,
      column: index === undefined ? '' : source.header[index]!,
      value: row.content == null ? null : String(row.content).slice(0, 200),
    };
  });
}

function faultyRows(staged: StagedSource, fate: Fate): Sql {
  const numbered = sql`(select *, ${rowNumber(staged)} as row_number from ${staged.loader.rowsOf(staged.scan)}) as numbered`;
  const wanted = raw(`where fate = ${fates[fate]} and source_id = ${staged.id}`);
  switch (staged.recognised.role) {
    case 'orders': {
      const [field, content] =
        fate === 'bad_date'
          ? [raw("'date'"), raw('date_text')]
          : fate === 'no_order_head'
            ? [raw("'order_id'"), raw('order_id')]
            : [faultyAmountField(staged), faultyAmountText(staged)];
      return sql`
        select row_number, ${field} as field, ${content} as content
        from (${orderRows(staged, numbered, undefined, { numbered: true })}) as lines ${wanted}
        order by row_number limit ${raw(String(examplesPerReason))}`;
    }
    case 'customers':
      return sql`
        select row_number, case
            when fate = ${raw(String(fates.no_customer_id))} then 'customer_id'
            when fate = ${raw(String(fates.bad_amount))} then 'subscription_price'
            when start_text is not null and subscription_start is null then 'subscription_start'
            else 'cancelled_on' end as field,
          case when fate = ${raw(String(fates.no_customer_id))} then null
            when fate = ${raw(String(fates.bad_amount))} then price_text
            when start_text is not null and subscription_start is null then start_text
            else end_text end as content
        from stg_customer_rows ${wanted} order by row_number limit ${raw(String(examplesPerReason))}`;
    case 'spend':
      return sql`
        select row_number, case when fate = ${raw(String(fates.bad_date))} then 'date' else 'spend' end as field,
          case when fate = ${raw(String(fates.bad_date))} then date_text else amount_text end as content
        from stg_spend ${wanted} order by row_number limit ${raw(String(examplesPerReason))}`;
  }
}

/** Which of the cells that make an amount cannot be read. */
function faultyAmountField(staged: StagedSource): Sql {
  if (staged.text('amount') !== undefined)
    return givenAmount(staged, { refunded: raw("'refunded'"), amount: raw("'amount'") });
  return sql`case ${faultTests(staged)
    .map(({ test, field }) => sql`when ${test} then ${field}`)
    .reduce((all, piece) => sql`${all} ${piece}`)} else 'unit_price' end`;
}

function faultyAmountText(staged: StagedSource): Sql {
  if (staged.text('amount') !== undefined)
    return givenAmount(staged, { refunded: raw('refunded_text'), amount: raw('amount_text') });
  return sql`case ${faultTests(staged)
    .map(({ test, column }) => sql`when ${test} then ${column}`)
    .reduce((all, piece) => sql`${all} ${piece}`)} else unit_price end`;
}

/** Of an amount that is given and what was refunded of it, the one that cannot be read. */
function givenAmount(staged: StagedSource, which: { refunded: Sql; amount: Sql }): Sql {
  if (staged.text('refunded') === undefined) return which.amount;
  const amount = staged.loader.decimal(raw('amount_text'), staged.decimalComma('amount')).atOnce;
  return sql`case when ${amount} is not null then ${which.refunded} else ${which.amount} end`;
}

function faultTests(staged: StagedSource): { test: Sql; field: string; column: Sql }[] {
  const { loader } = staged;
  const tests = (['quantity', 'unit_price'] as const).flatMap((field) =>
    staged.text(field) === undefined
      ? []
      : [
          {
            test: sql`${loader.decimal(raw(field), staged.decimalComma(field)).atOnce} is null`,
            field,
            column: raw(field),
          },
        ],
  );
  return staged.text('discount') === undefined
    ? tests
    : [...tests, { test: raw('discount_text is not null'), field: 'discount', column: raw('discount_text') }];
}

/**
 * Stops where a source has more faulty rows than allowed.
 * @throws UserError that names the commonest fault and its first cell
 */
export function checkRejects(accounts: readonly SourceAccount[], maxRejectedShare: number): void {
  for (const account of accounts) {
    const faults = account.reasons.filter((reason) => reason.fault);
    const rows = faults.reduce((sum, reason) => sum + reason.rows, 0);
    if (rows === 0 || rows <= account.rowsRead * maxRejectedShare) continue;
    const worst = [...faults].sort((a, b) => b.rows - a.rows)[0]!;
    const example = worst.examples[0];
    const share = (rows / account.rowsRead) * 100;
    throw new UserError(
      `${rows} of ${account.rowsRead} rows (${share.toFixed(share < 10 ? 1 : 0)} %) cannot be used, most of them: ${worst.text.en}`,
      {
        place: {
          file: account.file,
          sheet: account.sheet,
          ...(example ? { row: example.row } : {}),
          ...(example?.column ? { column: example.column } : {}),
          ...(example?.value != null ? { value: example.value } : {}),
        },
        remedy: `Mend the file, name the right column with --column, or allow it: --max-rejects ${Math.ceil(share)}%.`,
      },
    );
  }
}
