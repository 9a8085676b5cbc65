import type ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { editWorkbook, loadWorkbook, workbookRows } from '../testing/edit-workbook.js';
import { readGrid } from '../testing/grid-workbook.js';
import { type SampleCustomer, sampleCustomer, sampleList } from '../testing/sample-list.js';
import type { Departure } from './managed-list.js';
import { writeListWorkbook } from './workbook-file.js';

const files = temporaryFiles();
let count = 0;
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));
const whyLeft = (key: string): Departure | undefined =>
  key.startsWith('C-')
    ? { outcome: 'risk_fell', reason: { en: 'risk fell', ru: 'риск снизился' } }
    : undefined;

/** Writes a list, edits it, and writes it again with other customers. */
async function rewritten(
  before: readonly SampleCustomer[],
  change: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void,
  after = before,
) {
  const path = files.path(`whose-${++count}.xlsx`);
  await writeListWorkbook(path, sampleList(before), 'en');
  await editWorkbook(path, change);
  const again = async (next: readonly SampleCustomer[]) => {
    const outcome = await writeListWorkbook(path, sampleList(next, { whyLeft }), 'en');
    const comments = (await workbookRows(path)).map((row) => [row.Customer, row.Comment]);
    return { outcome, comments, texts: outcome.notices.map(({ text }) => text.en) };
  };
  return { path, again, ...(await again(after)) };
}

describe('an id typed over with that of another customer', () => {
  const retype = (cell: string, id: string) => (sheet: ExcelJS.Worksheet) => {
    for (const row of [2, 3, 4]) sheet.getCell(`L${row}`).value = `of ${row - 1}`;
    sheet.getCell(cell).value = id;
  };

  test('who is on the list too', async () => {
    const { outcome, comments, texts } = await rewritten(customers(1, 2, 3), retype('A2', 'C-0003'));
    expect(comments).toEqual([
      ['C-0001', 'of 1'],
      ['C-0002', 'of 2'],
      ['C-0003', 'of 3'],
    ]);
    expect(texts).toEqual([
      "Churn risk!A2: 'C-0003' stood where 'C-0001' was, as the rest of the row shows; it is 'C-0001' again.",
    ]);
    expect(outcome).toMatchObject({ kept: 3, added: 0, archived: 0, dismissed: 0 });
  });

  test('who comes on the list now, or whom the base knows', async () => {
    for (const [id, next] of [
      ['C-0009', customers(1, 2, 3, 9)],
      ['C-0008', customers(1, 2, 3)],
    ] as const) {
      const { outcome, comments } = await rewritten(customers(1, 2, 3), retype('A3', id), next);
      expect(comments.slice(0, 3)).toEqual([
        ['C-0001', 'of 1'],
        ['C-0002', 'of 2'],
        ['C-0003', 'of 3'],
      ]);
      expect(comments.slice(3)).toEqual(next.length === 4 ? [['C-0009', '']] : []);
      expect(outcome).toMatchObject({ kept: 3, archived: 0, dismissed: 0 });
    }
  });

  test('where the ids were sorted without the rest of the rows', async () => {
    const { comments, texts } = await rewritten(customers(1, 2, 3), (sheet) => {
      for (const [row, id] of [
        [2, 'C-0003'],
        [3, 'C-0001'],
        [4, 'C-0002'],
      ] as const) {
        sheet.getCell(`L${row}`).value = `of ${row - 1}`;
        sheet.getCell(`A${row}`).value = id;
      }
    });
    expect(comments).toEqual([
      ['C-0001', 'of 1'],
      ['C-0002', 'of 2'],
      ['C-0003', 'of 3'],
    ]);
    expect(texts).toHaveLength(3);
  });

  test('goes to the archive under its own where that customer has left', async () => {
    const { path, comments } = await rewritten(customers(1, 2, 3), retype('A2', 'C-0003'), customers(2, 3));
    expect(comments).toEqual([
      ['C-0002', 'of 2'],
      ['C-0003', 'of 3'],
    ]);
    expect(await workbookRows(path, 'Archive')).toMatchObject([{ Customer: 'C-0001', Comment: 'of 1' }]);
  });

  test('where its cells were changed too, stays and is named; the customer is added again', async () => {
    const { again, ...first } = await rewritten(customers(1, 2, 3), (sheet) => {
      retype('A2', 'C-0003')(sheet);
      sheet.getCell('E2').value = 1;
      sheet.getCell('C2').value = 'another';
    });
    const wanted = [
      ['C-0003', 'of 1'],
      ['C-0002', 'of 2'],
      ['C-0003', 'of 3'],
      ['C-0001', ''],
    ];
    expect(first.comments).toEqual(wanted);
    expect(first.texts).toEqual([
      "Churn risk!A2: 'C-0003' has a row of its own, and this one holds other figures; the row stays as it is.",
      "The row of 'C-0001' is missing and may be one of those not known: the customer is added again below.",
    ]);
    // Nor does it become that customer's later, be the customer on the list or not.
    const second = await again([sampleCustomer(1, 1), sampleCustomer(3, 1)]);
    expect(second.texts).toEqual([]);
    expect(second.comments).toEqual(wanted.filter(([id]) => id !== 'C-0002'));
    for (const _ of [1, 2]) {
      expect((await again(customers(1))).comments).toEqual([
        ['C-0003', 'of 1'],
        ['C-0001', ''],
      ]);
    }
  });

  test('where a program has changed cells of every row, nobody is taken for deleted', async () => {
    const { outcome, comments } = await rewritten(customers(1, 2, 3, 4), (sheet) => {
      retype('A2', 'C-0003')(sheet);
      for (const row of [2, 3, 4, 5]) {
        sheet.getCell(`C${row}`).value = 7_999_000 + row;
        sheet.getCell(`D${row}`).value = '2024';
      }
      sheet.spliceRows(5, 1);
    });
    expect(outcome).toMatchObject({ kept: 2, added: 1, dismissed: 1 });
    expect(comments).toEqual([
      ['C-0003', 'of 1'],
      ['C-0002', 'of 2'],
      ['C-0003', 'of 3'],
      ['C-0001', ''],
    ]);
  });

  test('where a column was deleted or another cell of the row changed', async () => {
    for (const change of [
      (sheet: ExcelJS.Worksheet) => sheet.spliceColumns(3, 1),
      (sheet: ExcelJS.Worksheet) => {
        sheet.getCell('C2').value = '+7 999 000';
      },
    ]) {
      const { comments, texts } = await rewritten(customers(1, 2, 3), (sheet) => {
        retype('A2', 'C-0003')(sheet);
        change(sheet);
      });
      expect(comments).toEqual([
        ['C-0001', 'of 1'],
        ['C-0002', 'of 2'],
        ['C-0003', 'of 3'],
      ]);
      expect(texts).toHaveLength(1);
    }
  });

  test('where too few cells are left to tell, means whom it names', async () => {
    // C-0001 was given up for C-0003, who is new: the cells that are left are like those of C-0001 by chance.
    const alike = { name: 'Anna', lastOrder: '2024-01-01', revenue: '1.00', risk: 1 };
    const [one, two, three] = customers(1, 2, 3).map((customer) => ({ ...customer, ...alike }));
    const { comments } = await rewritten(
      [one!, { ...two!, name: 'Olga' }],
      (sheet) => {
        sheet.spliceColumns(3, 2);
        sheet.getCell('J2').value = 'mine';
        sheet.getCell('A2').value = 'C-0003';
      },
      [{ ...two!, name: 'Olga' }, three!],
    );
    expect(comments).toEqual([
      ['C-0003', 'mine'],
      ['C-0002', ''],
    ]);
  });

  test('of customers whose cells are alike', async () => {
    const twin = (id: string): SampleCustomer => ({ ...sampleCustomer(1), id });
    const alike = [twin('T-1'), twin('T-2'), twin('T-3'), sampleCustomer(4)];
    const write = (sheet: ExcelJS.Worksheet) => {
      for (const row of [2, 3, 4, 5]) sheet.getCell(`L${row}`).value = `of ${row - 1}`;
    };
    const one = await rewritten(alike, (sheet) => {
      write(sheet);
      sheet.getCell('A2').value = 'C-0004';
    });
    expect(one.comments).toEqual([
      ['T-1', 'of 1'],
      ['T-2', 'of 2'],
      ['T-3', 'of 3'],
      ['C-0004', 'of 4'],
    ]);
    // With the id of a look-alike: both rows stay, and the customer who seems to be deleted is not taken for that.
    const other = await rewritten(alike, (sheet) => {
      write(sheet);
      sheet.getCell('A2').value = 'T-2';
    });
    expect(other.outcome).toMatchObject({ dismissed: 0, added: 1 });
    expect(other.comments).toEqual([
      ['T-2', 'of 1'],
      ['T-2', 'of 2'],
      ['T-3', 'of 3'],
      ['C-0004', 'of 4'],
      ['T-1', ''],
    ]);
  });
});

test('a row of totals, whatever it holds, does not keep deleted rows from being remembered', async () => {
  for (const total of [{ formula: 'SUM(E2:E5)', result: 4 }, 12]) {
    const { again } = await rewritten(customers(1, 2, 3, 4), (sheet) => {
      sheet.getCell('B6').value = 'Total';
      for (const cell of ['D6', 'E6', 'F6']) sheet.getCell(cell).value = total as never;
    });
    const path = files.path(`whose-${count}.xlsx`);
    await editWorkbook(path, (sheet) => sheet.spliceRows(3, 1));
    const { outcome, texts } = await again(customers(1, 2, 3, 4));
    expect(outcome).toMatchObject({ kept: 3, added: 0, dismissed: 1 });
    expect(texts).toEqual([]);
  }
});

test('a customer added by hand stays until a run has listed the customer', async () => {
  const { again, comments } = await rewritten(customers(1, 2), (sheet) => {
    sheet.getCell('A4').value = 'C-0007';
    sheet.getCell('L4').value = 'mine';
  });
  expect(comments.at(-1)).toEqual(['C-0007', 'mine']);
  expect((await again(customers(1, 2, 7))).outcome).toMatchObject({ kept: 3, added: 0 });
  expect((await again(customers(1, 2))).outcome).toMatchObject({ kept: 2, archived: 1 });
});

test('the state has what a returning customer’s cells hold', async () => {
  const { path, again } = await rewritten(
    customers(1, 2),
    (sheet) => {
      sheet.getCell('I3').value = 'Olga';
      sheet.getCell('J3').value = 'do not contact';
    },
    customers(1),
  );
  await again(customers(1, 2));
  const book = await loadWorkbook(path);
  expect(book.worksheets[0]!.getCell('I3').value).toBe('Olga');
  const state = (await readGrid(path)).sheets.find(({ name }) => name.startsWith('retain'))!;
  const line = state.rows.find((cells) => cells[0]?.value === 'C-0002')!;
  expect(line.slice(2).map((cell) => cell?.value)).toEqual(['Olga', 'do not contact']);
});

test('ids of which a program made numbers are known again, in the archive too', async () => {
  const list = ['007', '008', '009'].map((id, index) => ({ ...sampleCustomer(index), id }));
  const { path, again } = await rewritten(list, (sheet) => sheet.spliceRows(3, 1));
  await editWorkbook(path, (sheet, book) => {
    sheet.getCell('A2').value = 7;
    book.getWorksheet('Archive')!.getCell('A2').value = 8;
  });
  const { outcome, comments, texts } = await again(list);
  expect(outcome).toMatchObject({ kept: 2, added: 0, dismissed: 0 });
  expect(comments.map(([id]) => id)).toEqual(['007', '009']);
  expect(texts).toEqual([]);
});

test('a state of another version tells who was on the list, but not whose a row with another id is', async () => {
  const path = files.path(`whose-${++count}.xlsx`);
  await writeListWorkbook(path, sampleList(customers(1, 2, 3, 4)), 'en');
  await editWorkbook(path, (sheet, book) => {
    sheet.getCell('I2').value = 'Olga';
    sheet.spliceRows(3, 1);
    const state = book.worksheets.find(({ name }) => name.startsWith('retain'))!;
    state.getCell('B1').value = '1';
    state.getCell('E1').value = null;
    for (const row of [2, 3, 4, 5]) state.getCell(row, 2).value = '89abcdef';
  });
  const outcome = await writeListWorkbook(path, sampleList(customers(1, 2, 3), { whyLeft }), 'en');
  expect(outcome).toMatchObject({ kept: 2, added: 0, archived: 1, dismissed: 1 });
  expect(outcome.notices.map(({ code }) => code)).toEqual(['other_version']);
  expect((await workbookRows(path))[0]).toMatchObject({ Customer: 'C-0001', Owner: 'Olga' });
  expect((await writeListWorkbook(path, sampleList(customers(1, 3)), 'en')).notices).toEqual([]);
});

test('a row deleted before its customer left is remembered, with what was written in it', async () => {
  const { path, outcome, again } = await rewritten(customers(1, 2, 3), (sheet) => {
    sheet.getCell('I3').value = 'Olga';
    sheet.getCell('J3').value = 'in work';
    sheet.getCell('M3').value = 45_500;
    sheet.getCell('M3').numFmt = 'yyyy-mm-dd';
    sheet.getCell('N3').value = 12.5;
  });
  expect(outcome).toMatchObject({ kept: 3 });
  await editWorkbook(path, (sheet) => sheet.spliceRows(3, 1));
  expect((await again(customers(1))).outcome).toMatchObject({ kept: 1, archived: 1, dismissed: 1 });
  expect((await again(customers(1, 2))).outcome).toMatchObject({ kept: 1, added: 0, dismissed: 0 });
  const archive = await workbookRows(path, 'Archive');
  const day = new Date('2024-07-27T00:00:00Z');
  expect(archive.filter(({ Customer }) => Customer === 'C-0002')).toMatchObject([
    { Outcome: 'dismissed', Owner: 'Olga', Status: 'in work', 'Next contact': day, 'Result amount': 12.5 },
  ]);
});

test('messages name cells as they are in the file that is written', async () => {
  const { texts, outcome } = await rewritten(
    customers(1, 2, 3, 4),
    (sheet) => {
      sheet.getCell('J4').value = 'wrong';
      sheet.getCell('A5').value = 'X';
      sheet.getCell('A6').value = 'nobody';
    },
    customers(3, 4, 5),
  );
  expect(texts).toEqual([
    "Churn risk!A3: 'X' stood where 'C-0004' was, as the rest of the row shows; it is 'C-0004' again.",
    "Churn risk!A5: 'nobody' is not on the list; the row stays as it is.",
    expect.stringMatching(/^Churn risk!J2: 'wrong' is no status/),
  ]);
  // Each customer counts once, and nobody who was not on the list.
  expect(outcome.departures).toHaveLength(2);
});

test('an id that the base knows is not another one without its zeros', async () => {
  const path = files.path(`whose-${++count}.xlsx`);
  const list = [{ ...sampleCustomer(1), id: '0077' }];
  await writeListWorkbook(path, sampleList(list), 'en');
  await editWorkbook(path, (sheet) => {
    sheet.getCell('A3').value = '77';
    sheet.getCell('L3').value = 'of 77';
  });
  const outcome = await writeListWorkbook(path, sampleList(list, { knownIds: new Set(['77']) }), 'en');
  expect(outcome.notices.map(({ text }) => text.en)).toEqual([
    "Churn risk!A3: '77' is not on the list; the row stays as it is.",
  ]);
  expect((await workbookRows(path))[1]).toMatchObject({ Customer: '77', Name: '', Comment: 'of 77' });
});
