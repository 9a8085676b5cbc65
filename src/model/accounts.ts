import { UserError } from '../core/errors.js';
import type { RejectedExample, RejectReason, SourceAccount } from '../core/table.js';
import type { LoadingEngine } from '../engines/loader.js';
import { openQuote } from '../input/records.js';
import type { Field } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { type Fate, fates, rejectReasons } from './fate.js';
import { interactions } from './interactions.js';
import { headsWithFate, orderRows } from './order-heads.js';
import { numberedRows, placeOf, type StagedSource } from './staging.js';

const examplesPerReason = 3;

/** Account of one source from the number of its rows by fate. Faulty cells are looked up where there are some. */
export async function accountOf(
  engine: LoadingEngine,
  staged: StagedSource,
  rowsByFate: ReadonlyMap<number, number>,
  lines: { readonly areKept: boolean } = { areKept: false },
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
    const fault = fate === 'bare_amount' ? isMany(rows(fate), rowsByFate) : reason.fault;
    const examples = fault ? await faultyCells(engine, staged, fate, lines) : [];
    reasons.push({ code: fate, ...reason, fault, rows: rows(fate), examples });
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

/** Totals are few: more such rows than one in a hundred are a fault of the file, cells merged over rows perhaps. */
function isMany(rows: number, rowsByFate: ReadonlyMap<number, number>): boolean {
  const all = [...rowsByFate.values()].reduce((sum, count) => sum + count, 0);
  return rows > Math.max(1, all / 100);
}

/** The first cells that a reason rests on: the rows are read again, in file order, which only faults pay for. */
async function faultyCells(
  engine: LoadingEngine,
  staged: StagedSource,
  fate: Fate,
  lines: { readonly areKept: boolean },
): Promise<RejectedExample[]> {
  const condition = raw(`fate = ${fates[fate]}`);
  const rows = await engine.loader.inFileOrder(() =>
    engine.query(sql`${faultyRows(staged, condition, lines)}
      order by row_number limit ${raw(String(examplesPerReason))}`),
  );
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

/**
 * Rows of a source that do not count, under a condition on their fate: fate, row_number, and the field and the
 * content of the cell that they were left out for, null where it is no single one. Order lines are read again
 * where they are not kept.
 */
export function faultyRows(staged: StagedSource, condition: Sql, lines: { readonly areKept: boolean }): Sql {
  const wanted = sql`where source_id = ${raw(String(staged.id))} and ${condition}`;
  const cells = (cases: readonly { fate: Fate; field: Sql; content: Sql }[], from: Sql) => {
    const pick = (part: 'field' | 'content') =>
      join(
        cases.map((one) => sql`when fate = ${raw(String(fates[one.fate]))} then ${one[part]}`),
        ' ',
      );
    return sql`
      select fate, row_number, case ${pick('field')} end as field, case ${pick('content')} end as content
      from ${from} ${wanted}`;
  };
  const cell = (fate: Fate, field: Field, content: string) => ({
    fate,
    field: sql`${field}`,
    content: raw(content),
  });
  switch (staged.recognised.role) {
    case 'orders': {
      const numbered = numberedRows(staged, staged.loader.rowsOf(staged.scan));
      // Heads of orders whose amounts stand elsewhere have none.
      const [errorField, errorText] = errorCell(staged);
      const hasAmount = staged.text('amount') !== undefined || faultTests(staged).length > 0;
      return cells(
        [
          cell('bad_date', 'date', 'date_text'),
          cell('after_as_of', 'date', 'date_text'),
          cell('cancelled', 'status', 'status_text'),
          cell('bare_amount', 'date', 'date_text'),
          { fate: 'error_cell', field: errorField, content: errorText },
          cell('no_order_head', 'order_id', 'order_id'),
          ...(hasAmount
            ? [
                {
                  fate: 'bad_amount' as const,
                  field: faultyAmountField(staged),
                  content: faultyAmountText(staged),
                },
              ]
            : []),
        ],
        lines.areKept
          ? keptRows(staged)
          : sql`(${orderRows(staged, numbered, undefined, { numbered: true })}) as lines`,
      );
    }
    case 'customers': {
      const start = raw('start_text is not null and subscription_start is null');
      return cells(
        [
          cell('no_customer_id', 'customer_id', 'cast(null as varchar)'),
          cell('error_cell', 'customer_id', 'id_text'),
          cell('bad_amount', 'subscription_price', 'price_text'),
          {
            fate: 'bad_date',
            field: sql`case when ${start} then 'subscription_start' else 'cancelled_on' end`,
            content: sql`case when ${start} then start_text else end_text end`,
          },
        ],
        raw('stg_customer_rows'),
      );
    }
    case 'spend':
      return cells(
        [
          cell('bad_date', 'date', 'date_text'),
          cell('bare_amount', 'date', 'date_text'),
          cell('bad_amount', 'spend', 'amount_text'),
          {
            fate: 'error_cell',
            field: raw("case when starts_on is null then 'date' else 'spend' end"),
            content: raw('case when starts_on is null then date_text else amount_text end'),
          },
        ],
        raw('stg_spend'),
      );
    default: {
      const { table } = interactions[staged.recognised.role];
      return sql`
        select fate, row_number, fault_field as field, fault_text as content from ${raw(table)} ${wanted}`;
    }
  }
}

/** Field and text of the cell of a sale that holds an error. */
function errorCell(staged: StagedSource): [Sql, Sql] {
  const cells: [Field, Sql][] = (
    [
      ['date', raw('date_text')],
      ['amount', raw('amount_text')],
      ['unit_price', raw('unit_price')],
      ['quantity', raw('quantity')],
      ['discount', raw('discount_text')],
    ] as [Field, Sql][]
  ).filter(([field]) => staged.text(field) !== undefined);
  const choose = (pick: (cell: [Field, Sql]) => Sql) =>
    sql`case ${cells
      .map((cell) => sql`when ${staged.loader.isError(cell[1])} then ${pick(cell)}`)
      .reduce((all, piece) => sql`${all} ${piece}`)} end`;
  return [choose(([field]) => raw(`'${field}'`)), choose(([, text]) => text)];
}

/** Where the rows of a source of orders are kept: heads are apart from lines. */
function keptRows({ recognised: { part } }: StagedSource): Sql {
  return part === 'heads' ? sql`(${headsWithFate}) as heads` : raw('stg_order_lines');
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
  const amount = staged.loader.decimal(raw('amount_text'), staged.decimalMark('amount')).atOnce;
  return sql`case when ${amount} is not null then ${which.refunded} else ${which.amount} end`;
}

function faultTests(staged: StagedSource): { test: Sql; field: string; column: Sql }[] {
  const { loader } = staged;
  const tests = (['quantity', 'unit_price'] as const).flatMap((field) =>
    staged.text(field) === undefined
      ? []
      : [
          {
            test: sql`${loader.decimal(raw(field), staged.decimalMark(field)).atOnce} is null`,
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
