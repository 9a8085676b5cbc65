import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { projectRoot, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';
import { loadWorkbook } from '../testing/edit-workbook.js';

const files = temporaryFiles();
const shopFiles = ['orders', 'customers', 'contacts', 'feedback', 'incidents'].map(
  (name) => `fixtures/shop/${name}.csv`,
);
// Ids as they stand in the files, so that sales can be counted from these.
const shop = [...shopFiles, '--no-identity'];
type Row = Record<string, ExcelJS.CellValue>;

/** Rows of a sheet by their headers. */
function rowsOf(sheet: ExcelJS.Worksheet): Row[] {
  const headers = (sheet.getRow(1).values as string[]).slice(1);
  return Array.from({ length: sheet.rowCount - 1 }, (_, at) =>
    Object.fromEntries(
      headers.map((header, index) => [header, sheet.getRow(at + 2).getCell(index + 1).value]),
    ),
  );
}

function columnOf(sheet: ExcelJS.Worksheet, header: string): number {
  return (sheet.getRow(1).values as string[]).indexOf(header);
}

/** Lines of sales of the shop, amounts in cents, those of returns below zero. */
const sales = readFileSync(join(projectRoot, 'fixtures/shop/orders.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.replace(/"(?:[^"]|"")*"/g, '').split(','))
  .filter(([, , , , , , , , status]) => status === 'completed')
  .map(([order, at, customer, , , quantity, price, discount]) => ({
    order,
    customer,
    day: at!.slice(0, 10),
    cents: Math.round(100 * (Number(quantity) * Number(price) - Number(discount))),
  }));

describe('the loop, on the shop', async () => {
  const path = files.path('churn.xlsx');
  const first = await retain(['churn', ...shop, '--as-of', '2024-10-31', '--out', path]);
  const written = await loadWorkbook(path);
  const report = await retainJson('churn', ...shop, '--as-of', '2024-10-31', '--min-risk', '40%');
  const atRisk = Object.values(rowsBy(report, 'churn_risk', 'customer_id')).filter(
    ({ band }) => band !== 'lost',
  );

  test('the first run lists who is at risk, most at stake first, with the figures of --json', () => {
    expect(first.code).toBe(0);
    expect(first.stderr).toContain(`customers on the list: ${atRisk.length}\n`);
    expect(first.stderr).toContain('customers at risk: from 40% on, without the lost');
    const sheet = written.worksheets[0]!;
    const rows = rowsOf(sheet);
    expect(rows).toHaveLength(atRisk.length);
    const byId = new Map(atRisk.map((row) => [row.customer_id, row]));
    for (const row of rows) {
      const figures = byId.get(row.Customer);
      expect(row).toMatchObject({
        Name: figures.name,
        Phone: figures.phone,
        'E-mail': figures.email,
        'At stake': figures.value_at_stake,
        Band: figures.band,
        'Days since last order': figures.silent_days,
        'Cadence, days': figures.cadence_days,
        Overdue: figures.overdue_ratio,
        // Days since the last order and cadence are columns.
        Evidence: figures.evidence?.replace(/^silent [^;]*; (usually|others) [^;]*(; |$)/, '') || null,
        News: null,
        Status: null,
      });
      expect(row.Risk).toBeCloseTo(figures.risk / 100, 8);
    }
    const stakes = rows.map((row) => Number(row['At stake']));
    expect(stakes).toEqual(stakes.toSorted((one, other) => other - one));
    const about = written.getWorksheet('About the list')!;
    const lines = (about.getSheetValues() as ExcelJS.CellValue[][]).slice(1).map((row) => row.slice(1));
    expect(lines).toContainEqual(['As of', '2024-10-31']);
    expect(lines).toContainEqual(['Risk', 'probability of no purchase within the horizon']);
    const bands = rowsBy(report, 'bands', 'band');
    const high = `of all customers ${bands.high.customers}, mean risk ${Math.round(bands.high.mean_risk)}%, at stake `;
    expect(lines.find(([term]) => term === 'Risk high')![1]).toContain(high);
    expect(sheet.getCell(2, columnOf(sheet, 'Phone')).numFmt).toBe('@');
    expect(sheet.getCell(2, columnOf(sheet, 'Status')).dataValidation.formulae).toEqual([
      '"new,in work,reached,returned,refused,do not contact"',
    ]);
  });

  test('the next run keeps what people did, and archives who returned with date and amount', async () => {
    const book = await loadWorkbook(path);
    const sheet = book.worksheets[0]!;
    const formerRows = rowsOf(sheet);
    // Sorted by somebody, the other way round.
    const order = formerRows.map((_, at) => sheet.getRow(at + 2).values as ExcelJS.CellValue[]).reverse();
    for (const [at, values] of order.entries()) sheet.getRow(at + 2).values = values;
    const own = sheet.columnCount + 1;
    sheet.getCell(1, own).value = 'Mood';
    for (let row = 2; row <= sheet.rowCount; row += 1) {
      const id = sheet.getCell(row, 1).value;
      sheet.getCell(row, columnOf(sheet, 'Owner')).value = `owner of ${id}`;
      sheet.getCell(row, columnOf(sheet, 'Status')).value = 'in work';
      sheet.getCell(row, columnOf(sheet, 'Comment')).value = `=called ${id}`;
      sheet.getCell(row, columnOf(sheet, 'Next contact')).value = new Date('2024-11-15T00:00:00Z');
      sheet.getCell(row, columnOf(sheet, 'Result amount')).value = row + 0.5;
      sheet.getCell(row, own).value = `mood of ${id}`;
    }
    book.addWorksheet('Plan').getCell('B2').value = 'call everybody';
    await book.xlsx.writeFile(path);
    const former = readFileSync(path);

    const { code, stderr } = await retain(['churn', ...shop, '--as-of', '2024-12-31', '--out', path]);
    expect(code).toBe(0);
    const backup = path.replace('.xlsx', '.2024-12-31.bak.xlsx');
    expect(stderr).toContain(`the former file: ${backup}\n`);
    expect(readFileSync(backup).equals(former)).toBe(true);

    const after = await loadWorkbook(path);
    const rows = rowsOf(after.worksheets[0]!);
    const archive = rowsOf(after.getWorksheet('Archive')!);
    const about = after.getWorksheet('About the list')!;
    expect([about.getCell('A2').value, about.getCell('B2').value]).toEqual(['As of', '2024-12-31']);
    expect(after.getWorksheet('Plan')!.getCell('B2').value).toBe('call everybody');
    const stayed = rows.filter((row) => row.News !== 'new');
    expect(rows.length - stayed.length).toBeGreaterThan(10);
    expect([...stayed, ...archive].map((row) => row.Customer).sort()).toEqual(
      formerRows.map((row) => row.Customer).sort(),
    );
    for (const row of [...stayed, ...archive]) {
      const id = row.Customer;
      expect(row).toMatchObject({
        Owner: `owner of ${id}`,
        Status: 'in work',
        Comment: `=called ${id}`,
        'Next contact': new Date('2024-11-15T00:00:00Z'),
        Mood: `mood of ${id}`,
      });
    }
    expect(stayed.map((row) => row.Customer)).toEqual(
      order.map((values) => values[1]).filter((id) => stayed.some((row) => row.Customer === id)),
    );

    const returned = archive.filter((row) => row.Outcome === 'returned');
    expect(returned.length).toBeGreaterThan(10);
    let sum = 0;
    for (const row of returned) {
      const since = sales.filter(({ customer, day }) => customer === row.Customer && day > '2024-10-31');
      // Orders of which all came back are none.
      const day = since
        .filter(({ order }) => since.reduce((all, one) => all + (one.order === order ? one.cents : 0), 0) > 0)
        .map((sale) => sale.day)
        .sort()[0];
      const cents = since.reduce((total, sale) => total + sale.cents, 0);
      const amount = (cents / 100).toLocaleString('en', { minimumFractionDigits: 2 });
      expect(row['Why it left']).toMatch(new RegExp(`^returned on ${day} with ${amount}( in \\d+ orders)?$`));
      sum += cents;
    }
    const total = (sum / 100).toLocaleString('en', { minimumFractionDigits: 2 });
    expect(stderr).toContain(`returned: ${returned.length}, with ${total}\n`);
    for (const row of archive.filter(({ Outcome }) => Outcome !== 'returned')) {
      expect(row['Why it left']).toMatch(
        /^(risk fell from \d+% to \d+%|lost: silent for \d+ days|risk is \d+%, )/,
      );
    }
    expect(stderr).toContain(`to the archive: ${archive.length}\n`);
  });

  test('without its header of ids it is refused, and a deleted sheet about it stays away', async () => {
    const headless = files.path('headless.xlsx');
    const book = await loadWorkbook(path);
    book.worksheets[0]!.getCell('A1').value = 'Whatever';
    await book.xlsx.writeFile(headless);
    const refused = await retain(['churn', ...shop, '--out', headless]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("no sheet has the column 'Customer'");

    const again = await loadWorkbook(path);
    again.removeWorksheet('About the list');
    await again.xlsx.writeFile(headless);
    expect((await retain(['churn', ...shop, '--out', headless])).code).toBe(0);
    const names = (await loadWorkbook(headless)).worksheets.map(({ name }) => name);
    expect(names).toEqual(['Churn risk', 'retain (do not edit)', 'Plan', 'Archive']);
  });

  test('nobody at risk is said, and leaves a list that can be filled', async () => {
    const empty = files.path('empty.xlsx');
    const nobody = await retain([
      'churn',
      ...shop.slice(0, 2),
      '--min-risk',
      '1',
      '--segment',
      'champions',
      '--out',
      empty,
    ]);
    expect(nobody.code).toBe(0);
    expect(nobody.stderr).toContain('Nobody is on the list');
    const filled = await retain(['churn', ...shop.slice(0, 2), '--top', '3', '--out', empty]);
    expect(filled.stderr).toContain('customers on the list: 3 (0 from before, 3 new)');
    expect(rowsOf((await loadWorkbook(empty)).worksheets[0]!)).toHaveLength(3);
  });

  test('a list that is open in Excel stays as it is, and the new one goes beside it', async () => {
    const lock = join(dirname(path), '~$churn.xlsx');
    writeFileSync(lock, 'Olga');
    const before = readFileSync(path);
    const { code, stderr } = await retain(['churn', ...shop, '--top', '5', '--lang', 'ru', '--out', path]);
    expect(code).toBe(4);
    expect(stderr).toContain('открыт в другой программе (~$churn.xlsx)');
    expect(readFileSync(path).equals(before)).toBe(true);
    const beside = await loadWorkbook(path.replace('.xlsx', '.2024-12-31.new.xlsx'));
    const left = rowsOf(beside.getWorksheet('Archive')!).map((row) => row['Why it left']);
    expect(left).toContain('не входит в --top: не среди первых 5 по сумме под угрозой');
    // And of the others those whom somebody is at work with and who have not bought.
    const listed = rowsOf(beside.worksheets[0]!);
    const untouched = listed.filter(({ Status, Owner }) => Status === null && Owner === null);
    expect(untouched.length).toBeLessThanOrEqual(5);
    const former = rowsOf((await loadWorkbook(path)).worksheets[0]!);
    const worked = former.filter(({ Owner }) => Owner !== null).map(({ Customer }) => Customer);
    expect(worked.length).toBeGreaterThan(100);
    expect(listed.map(({ Customer }) => Customer)).toEqual(expect.arrayContaining(worked));
    expect(stderr).toContain(`Сверх 5 по --top остаются ещё ${listed.length - 5}:`);
    expect(existsSync(lock)).toBe(true);
    expect(readdirSync(dirname(path)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });
});

/** Customers who bought every 30 days in 2023, the first of them no more since July, under these names. */
function hostileBase(names: readonly string[]): string[] {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const customers = ['customer_id,name,phone,email'];
  const orders = ['order_id,customer_id,order_date,amount'];
  for (let at = 0; at < 60; at += 1) {
    const id = `00${100 + at}`;
    const name = names[at] ?? `Anna ${at}`;
    customers.push(`${id},${quoted(name)},+7 (999) 123-45-${10 + at},c${at}@example.com`);
    for (let turn = 0; turn < (at < names.length ? 6 : 12); turn += 1) {
      const day = new Date(Date.UTC(2023, 0, 2 + (at % 20) + 30 * turn)).toISOString().slice(0, 10);
      orders.push(`${id}-${turn},${id},${day},${100 + at}.50`);
    }
  }
  return [
    files.write('hostile-orders.csv', `${orders.join('\n')}\n`),
    files.write('hostile-customers.csv', `${customers.join('\n')}\n`),
  ];
}

describe('names that are formulas', () => {
  const names = [
    '=HYPERLINK("http://x.example","y")',
    '+7 999',
    '-1',
    '@x',
    '=1+1',
    '\t=2+2',
    '\r=3+3',
    "'=x",
  ];
  const base = hostileBase(names);
  const phones = names.map((_, at) => `+7 (999) 123-45-${10 + at}`);

  test.each([
    ['churn', ['churn', ...base]],
    ['list', ['list', ...base, '--where', 'days_since_last_order > 60']],
  ])('are text in the workbook of %s, and phones are phones', async (command, args) => {
    const path = files.path(`hostile-${command}.xlsx`);
    expect(await retain([...args, '--out', path])).toMatchObject({ code: 0 });
    const sheet = (await loadWorkbook(path)).worksheets[0]!;
    const rows = rowsOf(sheet).sort((one, other) =>
      String(one.Customer).localeCompare(String(other.Customer)),
    );
    expect(rows.map((row) => String(row.Name).trim())).toEqual(names.map((name) => name.trim()));
    expect(rows.map((row) => row.Phone)).toEqual(phones);
    sheet.eachRow((row) => row.eachCell((cell) => expect(cell.type).not.toBe(ExcelJS.ValueType.Formula)));
  });

  test.each([
    ['churn', ['churn', ...base]],
    ['list', ['list', ...base, '--where', 'days_since_last_order > 60']],
  ])('are text in the CSV of %s', async (command, args) => {
    const path = files.path(`hostile-${command}.csv`);
    expect(await retain([...args, '--out', path])).toMatchObject({ code: 0 });
    const text = readFileSync(path, 'utf8');
    const fields = [...text.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,\n]*)/gm)].map(([, field]) =>
      field!.replace(/^"/, ''),
    );
    expect(fields.filter((field) => /^[=+\-@\t\r]/.test(field) && !phones.includes(field))).toEqual([]);
    for (const phone of phones) expect(text).toContain(`,${phone},`);
    expect(text).toContain(`"'=HYPERLINK(""http://x.example"",""y"")"`);
  });
});

describe('retain list', () => {
  test('a workbook is a list to work in, and tells why customers left', async () => {
    const path = files.path('silent.xlsx');
    const shopFiles = shop.slice(0, 2);
    const where = ['--where', 'days_since_last_order > 60 and orders >= 3', '--columns', 'name,revenue'];
    const first = await retain(['list', ...shopFiles, ...where, '--as-of', '2024-10-31', '--out', path]);
    expect(first.code).toBe(0);
    const book = await loadWorkbook(path);
    const sheet = book.worksheets[0]!;
    const before = rowsOf(sheet);
    expect(Object.keys(before[0]!).slice(0, 3)).toEqual(['Customer', 'Name', 'Revenue']);
    for (let row = 2; row <= sheet.rowCount; row += 1) {
      sheet.getCell(row, columnOf(sheet, 'Comment')).value = `about ${sheet.getCell(row, 1).value}`;
    }
    await book.xlsx.writeFile(path);
    const next = await retain(['list', ...shopFiles, ...where, '--as-of', '2024-12-31', '--out', path]);
    expect(next.code).toBe(0);
    const after = await loadWorkbook(path);
    const archive = rowsOf(after.getWorksheet('Archive')!);
    const stayed = rowsOf(after.worksheets[0]!).filter(({ News }) => News !== 'new');
    for (const row of [...archive, ...stayed]) expect(row.Comment).toBe(`about ${row.Customer}`);
    expect(archive.length + stayed.length).toBe(before.length);
    expect(archive.length).toBeGreaterThan(5);
    for (const row of archive)
      expect(row['Why it left']).toMatch(/^returned on 2024-1[12]-\d\d with [\d,.]+/);
    expect(next.stderr).toMatch(new RegExp(`returned: ${archive.length}, with [\\d,.]+\n`));
  });

  test('CSV holds the columns asked for and nothing else', async () => {
    const path = files.path('mailing.csv');
    for (const _ of [1, 2]) {
      await retain(['list', ...shop.slice(0, 2), '--columns', 'email', '--limit', '2', '--out', path]);
      expect(readFileSync(path, 'utf8')).toMatch(/^email\n[^,\n]+\n[^,\n]+\n$/);
    }
  });

  test('a file that holds no list is refused before the work', async () => {
    const path = files.write('other.csv', 'a,b\n1,2\n');
    const { code, stderr } = await retain(['churn', ...shop, '--out', path]);
    expect(code).toBe(1);
    expect(stderr).toContain("no column 'customer_id'");
    expect(readFileSync(path, 'utf8')).toBe('a,b\n1,2\n');
  });
});

test('a list as CSV: edits stay, in a file that Excel saved; who returned goes to its archive', async () => {
  const path = files.path('loop.csv');
  await retain(['churn', ...shop, '--as-of', '2024-10-31', '--out', path]);
  const [header, ...before] = readFileSync(path, 'utf8').trimEnd().split('\n');
  // Semicolons, a mark, no zeros before ids, dates as people write them.
  const saved = [header!, ...before.map((line) => line.replace(/,,,,,,$/, ',Olga,in work,,called,,'))]
    .map((line) =>
      line
        .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
        .map((field) => field.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3.$2.$1').replace(/^0+(?=\d)/, ''))
        .map((field) => (/^[^"].*;/.test(field) ? `"${field}"` : field))
        .join(';'),
    )
    .join('\r\n');
  writeFileSync(path, `\ufeff${saved}\r\n`);
  const { code, stderr } = await retain(['churn', ...shop, '--as-of', '2024-12-31', '--out', path]);
  expect(code).toBe(0);
  const rows = readFileSync(path, 'utf8').trimEnd().split('\r\n').slice(1);
  const archive = readFileSync(path.replace('.csv', '.archive.csv'), 'utf8').trimEnd().split('\r\n').slice(1);
  const stayed = rows.filter((row) => row.includes(';Olga;in work;;called;;'));
  expect(archive.filter((row) => row.endsWith(';Olga;in work;;called;;'))).toHaveLength(archive.length);
  expect(stayed.length + archive.length).toBe(before.length);
  expect(rows.filter((row) => row.includes(';new;')).length).toBe(rows.length - stayed.length);
  expect(archive.filter((row) => /;returned on 2024-1[12]-\d\d with /.test(row)).length).toBeGreaterThan(10);
  expect(stderr).not.toContain('is not known');
});
