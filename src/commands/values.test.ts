import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, temporaryFiles } from '../testing/cli.js';
import { csvText } from '../testing/fixtures/csv-text.js';

const files = temporaryFiles();
const shop = (name: string) => join(projectRoot, 'fixtures/shop', `${name}.csv`);

const russianMonths = [
  ...['января', 'февраля', 'марта', 'апреля', 'мая', 'июня', 'июля'],
  ...['августа', 'сентября', 'октября', 'ноября', 'декабря'],
];
const monthsAlone = [
  ...['январь', 'февраль', 'март', 'апрель', 'май', 'июнь', 'июль'],
  ...['август', 'сентябрь', 'октябрь', 'ноябрь', 'декабрь'],
];
const englishMonths = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** Groups of three digits before the decimal mark. */
function grouped(number: string, thousands: string, decimal: string): string {
  const [, sign = '', whole = '', fraction] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(number)!;
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  return `${sign}${groups}${fraction === undefined ? '' : decimal + fraction}`;
}

const bracketed = (text: string) => (text.startsWith('-') ? `(${text.slice(1)})` : text);

/** Ways to write '1234.50'. */
const numbers: Readonly<Record<string, (number: string) => string>> = {
  'decimal comma': (n) => n.replace('.', ','),
  'spaces and comma': (n) => grouped(n, ' ', ','),
  'no-break spaces and comma': (n) => grouped(n, '\u00a0', ','),
  'narrow spaces, sign of the rouble': (n) => `${grouped(n, '\u202f', ',')}\u00a0₽`,
  'руб.': (n) => `${grouped(n, ' ', ',')} руб.`,
  'р.': (n) => `${grouped(n, '\u2009', ',')} р.`,
  'points and comma': (n) => grouped(n, '.', ','),
  'commas and point': (n) => grouped(n, ',', '.'),
  'dollars, brackets': (n) =>
    bracketed(n.startsWith('-') ? `-$${grouped(n.slice(1), ',', '.')}` : `$${grouped(n, ',', '.')}`),
  'apostrophes, Swiss francs': (n) => `CHF ${grouped(n, '’', '.')}`,
  'minus at the end': (n) => (n.startsWith('-') ? `${n.slice(1)}-` : n),
  'sign of minus': (n) => n.replace('-', '\u2212'),
  scientific: (n) => `${(Number(n) / 1000).toFixed(5)}E+3`,
};

type Moment = readonly [year: string, month: string, day: string, time: string];
const clock12 = (time: string) => {
  const [hours, minutes, seconds] = time.split(':') as [string, string, string];
  const hour = Number(hours) % 12 || 12;
  return `${hour}:${minutes}:${seconds} ${Number(hours) < 12 ? 'AM' : 'PM'}`;
};
const seconds = (...[year, month, day, time]: Moment) =>
  Date.parse(`${year}-${month}-${day}T${time}Z`) / 1000;

/** Ways to write a time. */
const moments: Readonly<Record<string, (...moment: Moment) => string>> = {
  'ISO with T and Z': (y, m, d, t) => `${y}-${m}-${d}T${t}Z`,
  'ISO with zone and fraction': (y, m, d, t) => `${y}-${m}-${d}T${t}.000+03:00`,
  'dd.mm.yyyy': (y, m, d, t) => `${d}.${m}.${y} ${t}`,
  'd.m.yy': (y, m, d, t) => `${Number(d)}.${Number(m)}.${y.slice(2)} ${t}`,
  'dd/mm/yyyy': (y, m, d, t) => `${d}/${m}/${y} ${t}`,
  'mm/dd/yyyy, AM and PM': (y, m, d, t) => `${m}/${d}/${y} ${clock12(t)}`,
  compact: (y, m, d, t) => `${y}${m}${d}${t.replaceAll(':', '')}`,
  'Russian months': (y, m, d, t) => `${Number(d)} ${russianMonths[Number(m) - 1]} ${y} г. ${t}`,
  'English months': (y, m, d, t) => `${englishMonths[Number(m) - 1]} ${Number(d)}, ${y} ${clock12(t)}`,
  'mail dates': (y, m, d, t) => `Mon, ${d} ${englishMonths[Number(m) - 1]!.slice(0, 3)} ${y} ${t} +0300`,
  'days of Excel': (...moment) => String(25_569 + seconds(...moment) / 86_400),
  'Unix seconds': (...moment) => String(seconds(...moment)),
  'Unix milliseconds': (...moment) => String(seconds(...moment) * 1000),
};

/** Ways to write a month. */
const months: Readonly<Record<string, (year: string, month: string) => string>> = {
  'mm.yyyy': (y, m) => `${m}.${y}`,
  yyyymm: (y, m) => y + m,
  'Russian months alone': (y, m) => `${monthsAlone[Number(m) - 1]} ${y}`,
  'English months alone': (y, m) => `${englishMonths[Number(m) - 1]!.slice(0, 3)}-${y.slice(2)}`,
};

/** Writes the shop with its cells rewritten, and reads it. */
async function tablesOf(
  name: string,
  rewrite: {
    number?: (text: string) => string;
    moment?: (...moment: Moment) => string;
    month?: (y: string, m: string) => string;
  },
): Promise<Json> {
  const paths = ['orders', 'customers', 'spend'].map((table) => {
    const [header, ...rows] = parse(readFileSync(shop(table), 'utf8')) as string[][];
    const written = rows.map((row) =>
      row.map((cell, index) => {
        const column = header![index]!;
        const time = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d:\d\d:\d\d))?$/.exec(cell);
        const month = /^(\d{4})-(\d\d)$/.exec(cell);
        if (time !== null)
          return rewrite.moment?.(time[1]!, time[2]!, time[3]!, time[4] ?? '00:00:00') ?? cell;
        if (month !== null) return rewrite.month?.(month[1]!, month[2]!) ?? cell;
        const isNumber = ['unit_price', 'discount', 'spend'].includes(column) && cell !== '';
        return isNumber ? (rewrite.number?.(cell) ?? cell) : cell;
      }),
    );
    return files.write(`${table} ${name.replace(/\W/g, '')}.csv`, csvText([header!, ...written], ';'));
  });
  return (await retainJson('metrics', ...paths)).tables;
}

describe('the small shop gives the same tables, written with', () => {
  let plain: Json;
  beforeAll(async () => {
    plain = (await retainJson('metrics', shop('orders'), shop('customers'), shop('spend'))).tables;
  });

  test.each(Object.keys(numbers))('%s', async (name) => {
    expect(
      await tablesOf(`number ${Object.keys(numbers).indexOf(name)}`, { number: numbers[name]! }),
    ).toEqual(plain);
  });
  test.each(Object.keys(moments))('%s', async (name) => {
    expect(
      await tablesOf(`moment ${Object.keys(moments).indexOf(name)}`, { moment: moments[name]! }),
    ).toEqual(plain);
  });
  test.each(Object.keys(months))('%s', async (name) => {
    expect(await tablesOf(`month ${Object.keys(months).indexOf(name)}`, { month: months[name]! })).toEqual(
      plain,
    );
  });
});

test('an undecided mark, and one that is given', async () => {
  const table = files.write(
    'open.csv',
    'order_id;customer_id;date;amount\n1;a;2024-01-05;1,234\n2;a;2024-01-31;5\n',
  );
  const refused = await retain(['metrics', table]);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(
    /column 'amount', value '1,234': decimals and thousands[\s\S]*--decimal comma/,
  );
  const read = await retainJson('metrics', table, '--decimal', 'point', '--period', '2024-01');
  expect(read.tables[0].rows.find((row: Json) => row.kpi === 'revenue').value).toBe(1239);
});
