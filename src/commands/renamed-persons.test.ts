import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { retain, temporaryFiles } from '../testing/cli.js';
import { editWorkbook, workbookRows } from '../testing/edit-workbook.js';

const files = temporaryFiles();

/** Customers C-100 ... who bought every 30 days; the first five no more since July. */
function base(extra: readonly string[] = []): string[] {
  const customers = ['customer_id,name,email'];
  const orders = ['order_id,customer_id,order_date,amount'];
  for (let at = 0; at < 60; at += 1) {
    const id = `C-${100 + at}`;
    customers.push(`${id},Anna ${at},c${at}@example.com`);
    for (let turn = 0; turn < (at < 5 ? 6 : 12); turn += 1) {
      const day = new Date(Date.UTC(2023, 0, 2 + (at % 20) + 30 * turn)).toISOString().slice(0, 10);
      orders.push(`${id}-${turn},${id},${day},${100 + at}.50`);
    }
  }
  const name = `base-${extra.length}`;
  return [
    files.write(`${name}-orders.csv`, `${orders.join('\n')}\n`),
    files.write(`${name}-customers.csv`, `${[...customers, ...extra].join('\n')}\n`),
  ];
}

// The shortest id is the person's: A1 is C-100, B1 is both C-101 and C-102, D1 is C-103.
const before = base();
const after = base([
  'A1,Anna,c0@example.com',
  'B1,Anna,c1@example.com',
  'B1,Anna,c2@example.com',
  'D1,Anna,c3@example.com',
]);
const where = ['--where', 'days_since_last_order > 60', '--columns', 'name,last_order'];

describe('a person whose id is another now keeps the row and what is written there', () => {
  test.each([
    ['churn', (paths: string[]) => ['churn', ...paths]],
    ['list', (paths: string[]) => ['list', ...paths, ...where]],
  ])('in a workbook of %s', async (name, command) => {
    const path = files.path(`${name}.xlsx`);
    expect(await retain([...command(before), '--out', path])).toMatchObject({ code: 0 });
    await editWorkbook(path, (sheet) => {
      const at = (header: string) => (sheet.getRow(1).values as string[]).indexOf(header);
      for (let row = sheet.rowCount; row > 1; row -= 1) {
        const id = String(sheet.getCell(row, at('Customer')).value);
        sheet.getCell(row, at('Status')).value = 'do not contact';
        sheet.getCell(row, at('Comment')).value = `about ${id}`;
        if (id === 'C-103') sheet.spliceRows(row, 1);
      }
    });
    // Dismissed, before the id changes.
    expect(await retain([...command(before), '--out', path])).toMatchObject({ code: 0 });
    const { code, stderr } = await retain([...command(after), '--out', path]);
    expect(code).toBe(0);
    for (const [id, person] of [
      ['C-100', 'A1'],
      ['C-101', 'B1'],
      ['C-102', 'B1'],
    ]) {
      expect(stderr).toContain(
        `'${id}' is now '${person}', the same person by its contacts; the row stays, with what is written there.\n`,
      );
    }
    expect(stderr).toContain("a second row of 'B1'; both stay");
    const rows = (await workbookRows(path)).map(({ Customer, Status, Comment }) => [
      Customer,
      Status,
      Comment,
    ]);
    expect(rows.sort()).toEqual([
      ['A1', 'do not contact', 'about C-100'],
      ['B1', 'do not contact', 'about C-101'],
      ['B1', 'do not contact', 'about C-102'],
      ['C-104', 'do not contact', 'about C-104'],
    ]);
    expect((await workbookRows(path, 'Archive')).map(({ Customer }) => Customer)).toEqual(['C-103']);
    const again = await retain([...command(after), '--out', path]);
    expect(again.stderr).not.toContain('is now');
    expect(await workbookRows(path)).toHaveLength(4);
  });

  test('in CSV, and who leaves under another id tells why', async () => {
    const path = files.path('churn.csv');
    expect(await retain(['churn', ...before, '--out', path])).toMatchObject({ code: 0 });
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/^(C-\d+)(.*),,,,,,$/gm, '$1$2,,do not contact,,about $1,,'),
    );
    const { code, stderr } = await retain(['churn', ...after, '--out', path]);
    expect(code).toBe(0);
    expect(stderr).toContain("'C-100' is now 'A1'");
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.replace(/^([^,]*),.*,(about [^,]*),,$/, '$1 $2')).sort()).toEqual(
      ['A1 about C-100', 'B1 about C-101', 'B1 about C-102', 'C-104 about C-104', 'D1 about C-103'].sort(),
    );

    const orders = readFileSync(after[0]!, 'utf8');
    const back = files.write('back-orders.csv', `${orders}x,C-100,2023-12-20,70\ny,C-100,2023-12-27,80\n`);
    const left = await retain(['churn', back, after[1]!, '--out', path]);
    expect(left.stderr).toContain('returned: 1, with ');
    const archive = readFileSync(path.replace('.csv', '.archive.csv'), 'utf8');
    expect(archive).toMatch(
      /^A1,.*,returned,"?returned on 2023-12-20 with 150.*do not contact,,about C-100/m,
    );
  });
});
