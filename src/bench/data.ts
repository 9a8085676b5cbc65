import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import ExcelJS from 'exceljs';
import type { Encoding } from '../input/encoding.js';
import { encode } from '../testing/encode.js';

/** Where benchmark data is kept between runs. */
export const dataFolder = fileURLToPath(new URL('../../.bench/', import.meta.url));

/** Changes whenever the data below changes, so that files of an older make are not used. */
const edition = 1;
const linesPerOrder = 3;
const linesPerCustomer = 10;

/** The path of a CSV file of this many order lines, made when it is not there yet. */
export async function orderCsv(lines: number): Promise<string> {
  await prepareFolder();
  const file = join(dataFolder, `orders-${lines}-${edition}.csv`);
  if (!existsSync(file)) await makeWhole(file, (unfinished) => writeOrderCsv(unfinished, lines));
  return file;
}

/** The path of the rows of `orderCsv(lines)` with their names in Russian, in an encoding. */
export async function russianOrderCsv(lines: number, encoding: Encoding): Promise<string> {
  const plain = await orderCsv(lines);
  const file = join(dataFolder, `orders-${lines}-${edition}.${encoding}.csv`);
  if (!existsSync(file)) await makeWhole(file, (unfinished) => translate(plain, unfinished, encoding));
  return file;
}

async function translate(plain: string, file: string, encoding: Encoding): Promise<void> {
  async function* translated(): AsyncGenerator<Buffer> {
    let text = '';
    for await (const line of createInterface({ input: createReadStream(plain) })) {
      text += `${line.replace(',Product ', ',Товар ').replace(',Category ', ',Категория ')}\n`;
      if (text.length > 1 << 20) {
        yield encode(text, encoding);
        text = '';
      }
    }
    yield encode(text, encoding);
  }
  await pipeline(translated, createWriteStream(file));
}

/** The path of a workbook with the same rows as `orderCsv(lines)`, made when it is not there yet. */
export async function orderWorkbook(lines: number): Promise<string> {
  const csv = await orderCsv(lines);
  const file = join(dataFolder, `orders-${lines}-${edition}.xlsx`);
  if (!existsSync(file)) await makeWhole(file, (unfinished) => writeOrderWorkbook(unfinished, csv));
  return file;
}

/** How many of `customerCsv(customers)` are further ids of a person who has one already: a fifth. */
export const mergedShare = 0.2;

/**
 * The path of a CSV file of customers with e-mails and phones. The last fifth are persons of the first again, by
 * turns with the same e-mail in another case, or the same phone written otherwise; one phone in 50 000 is the
 * shop's own.
 */
export async function customerCsv(customers: number): Promise<string> {
  await prepareFolder();
  const file = join(dataFolder, `customers-${customers}-${edition}.csv`);
  if (!existsSync(file)) {
    await makeWhole(file, async (unfinished) => {
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      const kept = Math.round(customers * (1 - mergedShare));
      await connection.run(`
        copy (
          with numbered as (
            select number, number % ${kept} as person, number >= ${kept} as is_again, number % 2 = 0 as by_email,
              lpad((number % ${kept})::varchar, 7, '0') as digits
            from range(${customers}) as numbers(number)
          )
          select 'C' || lpad(number::varchar, 7, '0') as customer_id, 'Customer ' || person as name,
            case when not is_again then 'person' || person || '@example.org'
              when by_email then ' Person' || person || '@Example.org' else 'other' || number || '@example.org' end as email,
            case when number % 50000 = 7 then '+7 495 100-20-30'
              when not is_again then '+7 (9' || digits[1:2] || ') ' || digits[3:5] || '-' || digits[6:7] || '-00'
              when by_email then null else '89' || digits || '00' end as phone
          from numbered order by number
        ) to '${unfinished.replaceAll("'", "''")}' (format csv, header)`);
      connection.closeSync();
      instance.closeSync();
    });
  }
  return file;
}

/** Makes a file under another name first, so that an interrupted run leaves no half file behind. */
async function makeWhole(file: string, make: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${file}.unfinished`;
  await make(unfinished);
  await rename(unfinished, file);
}

async function prepareFolder(): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  await writeFile(join(dataFolder, '.gitignore'), '*\n');
}

/**
 * Orders over the three years from 2022 to 2024. Every choice is a hash of a number and a seed, so the file
 * is the same however many threads write it. Customers differ much in how often they buy, each starts on a
 * day of their own and stays for a while, so that there is growth and churn. One order in a hundred has no
 * customer, and one in sixty a line that comes back some days later, which for some undoes the whole order.
 */
async function writeOrderCsv(file: string, lines: number): Promise<void> {
  const orders = Math.ceil(lines / linesPerOrder);
  const customers = Math.floor(lines / linesPerCustomer);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`
    create macro share(number, seed) as (hash(number * 64 + seed) >> 12)::double / 4503599627370496.0;
    create macro start_day(customer) as floor(960 * share(customer, 1));
    create macro stay(customer) as 30 + floor(1065 * power(share(customer, 2), 2));

    create table placed as
    with chosen as (
      select number, floor(${customers} * power(share(number, 3), 1.8))::bigint as customer
      from range(${orders}) as numbers(number)
    ),
    dated as (
      select number, customer,
        start_day(customer)
          + share(number, 4) * (least(start_day(customer) + stay(customer), 1096) - start_day(customer)) as moment
      from chosen
    )
    select row_number() over (order by moment, number) - 1 as place, number, customer,
      timestamp '2022-01-01 00:00:00' + to_seconds(floor(moment * 86400)) as ordered
    from dated;

    copy (
      with numbered as (
        select placed.*, line, number * ${linesPerOrder} + line as line_number,
          share(number, 5) < 1 / 60.0 as has_return, share(number, 6) < 0.3 as all_back
        from placed, range(${linesPerOrder}) as lines(line)
      ),
      priced as (
        select *, has_return and line = 2 as is_return,
          1 + floor(40 * power(share(line_number, 7), 2))::integer as product,
          1 + floor(4 * power(share(line_number, 8), 3))::integer as pieces
        from numbered
      ),
      valued as (
        select *,
          case when is_return then -pieces * (case when all_back then 60 else 1 end) else pieces end as quantity,
          (199 + product * 731 + floor(200 * share(line_number, 9)))::integer as unit_cents
        from priced
      )
      select
        'O' || lpad((1000000 + place)::varchar, 8, '0') as order_id,
        case when share(number, 10) < 0.01 then null else 'C' || lpad(customer::varchar, 7, '0') end as customer_id,
        strftime(
          ordered + to_days(case when is_return then 1 + floor(20 * share(number, 11))::integer else 0 end),
          '%Y-%m-%d %H:%M:%S'
        ) as order_date,
        'Product ' || product as product,
        'Category ' || (product % 8) as category,
        quantity,
        (unit_cents / 100)::decimal(9, 2) as unit_price,
        (case when share(line_number, 12) < 0.2 then floor(unit_cents * quantity * 0.1) / 100 else 0 end)
          ::decimal(9, 2) as discount
      from valued
      order by place, line
      limit ${lines}
    ) to '${file.replaceAll("'", "''")}' (format csv, header)`);
  connection.closeSync();
  instance.closeSync();
}

/** Copies the CSV file into a workbook of one sheet: ids as text, real dates and numbers, as a shop saves it. */
async function writeOrderWorkbook(file: string, csv: string): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({
    filename: file,
    useSharedStrings: true,
    useStyles: true,
  });
  const sheet = workbook.addWorksheet('Orders');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const result = await connection.stream(`
    select order_id, customer_id, epoch_ms(order_date)::double as milliseconds, product, category,
      quantity::double as quantity, unit_price::double as unit_price, discount::double as discount
    from read_csv('${csv.replaceAll("'", "''")}')`);
  sheet.columns = result
    .columnNames()
    .map((name) =>
      name === 'milliseconds'
        ? { header: 'order_date', style: { numFmt: 'yyyy-mm-dd hh:mm:ss' } }
        : { header: name },
    );
  for await (const rows of result.yieldRowsJs()) {
    for (const row of rows) {
      sheet.addRow(row.map((value, index) => (index === 2 ? new Date(value as number) : value))).commit();
    }
  }
  sheet.commit();
  await workbook.commit();
  connection.closeSync();
  instance.closeSync();
}
