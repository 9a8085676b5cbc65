import { describe, expect, test } from 'vitest';
import { exporterFiles } from '../testing/fixtures/exporters/index.js';
import { sourceOf } from '../testing/source.js';
import { exporterOf, exporters } from './exporters.js';
import { explain, recognise } from './recognise.js';
import { vocabulary } from './vocabulary.js';

describe('the registry', () => {
  test.each(exporters)(
    '$name.en: its own headers are recognised, and name columns of its role',
    (exporter) => {
      const header = exporter.signature.map((one) => (typeof one === 'string' ? one : one[0]!));
      const found = exporterOf(header);
      expect(found?.name).toEqual(exporter.name);
      expect(found?.role).toBe(exporter.role);
      if (exporter.role === undefined) return;
      const fields = vocabulary[exporter.role];
      expect(Object.keys(exporter.columns).filter((field) => !(field in fields))).toEqual([]);
      // Without any one of the headers it is not that export any more.
      for (const missing of header) {
        const rest = header.filter((one) => one !== missing);
        if (rest.length < header.length) expect(exporterOf(rest)).not.toBe(found);
      }
    },
  );

  test('every fixture is of a known exporter', () => {
    for (const [path, bytes] of Object.entries(exporterFiles())) {
      const encoding = /1c|insales/.test(path) ? 'windows-1251' : 'utf-8';
      const [first] = new TextDecoder(encoding).decode(bytes).split('\n');
      const header = first!.split(/[,;\t]/);
      expect([path, exporterOf(header)?.name.en]).toEqual([path, expect.any(String)]);
    }
  });

  test.each([
    'order_id,customer_id,order_date,product,category,quantity,unit_price,discount,status',
    'Номер заказа,Дата заказа,Код клиента,Товар,Количество,Цена,Скидка,Статус',
    'Name,Email,Phone,Created at',
    'Дата,Клиент,Сумма,Статус заказа,Статус оплаты',
    'ФИО,Телефон,Email,Дата регистрации',
  ])('hand-kept tables are not taken for an export: %s', (header) => {
    expect(exporterOf(header.split(','))).toBeUndefined();
  });
});

describe('columns of a known exporter', () => {
  const shopify = 'Name,Email,Financial Status,Total,Subtotal,Created at,Paid at,Lineitem name,Utm Source';

  test('its own names, then those of the vocabulary; what the user names goes before both', () => {
    const columns = recognise(sourceOf(shopify), undefined, [])?.columns;
    expect(columns).toMatchObject({ order_id: 0, email: 1, status: 2, amount: 3, date: 5, channel: 8 });
    const named = recognise(sourceOf(shopify), undefined, [
      { field: 'amount', header: 'Subtotal' },
      { field: 'date', header: 'Paid at' },
    ])?.columns;
    expect(named).toMatchObject({ order_id: 0, amount: 4, date: 6 });
  });

  test('an explanation says which are of the exporter', () => {
    const { columns } = explain(sourceOf(shopify), undefined, [{ field: 'amount', header: 'Subtotal' }]);
    expect(columns.map(({ field, by }) => [field, by])).toEqual([
      ['order_id', 'exporter'],
      ['email', 'exporter'],
      ['status', 'exporter'],
      [null, null],
      ['amount', 'option'],
      ['date', 'exporter'],
      [null, null],
      ['product', 'exporter'],
      ['channel', 'words'],
    ]);
  });

  test('of several names the one whose column is filled in', () => {
    const header = 'First Name,Last Name,Email,Total Spent,Total Orders,Phone,Default Address Phone';
    const source = { ...sourceOf(header), sample: [['a', 'b', 'c', '1', '1', '', '+1 503 555 0100']] };
    expect(recognise(source, undefined, [])?.columns.phone).toBe(6);
  });

  test('a forced role other than its own goes by the words', () => {
    expect(recognise(sourceOf(shopify), 'customers', [])?.exporter).toBeUndefined();
  });
});

describe('halves of orders', () => {
  const partOf = (header: string) => recognise(sourceOf(header), undefined, [])?.part;

  test.each([
    ['order_id,customer_id,order_date,status', 'heads'],
    ['order_id,sku,quantity,price', 'lines'],
    ['order_id,customer_id,date,amount', undefined],
    // Nothing that is an order's: a price list, a list of deliveries.
    ['number,name,price', undefined],
  ])('%s: %s', (header, part) => {
    expect(partOf(header)).toBe(part);
  });

  test('a column that the user names makes them whole', () => {
    const items = 'order_id,order_item_id,product_id,shipping_limit_date,price,freight_value';
    expect(partOf(items)).toBe('lines');
    const whole = recognise(sourceOf(items), undefined, [{ field: 'date', header: 'shipping_limit_date' }]);
    expect(whole?.part).toBeUndefined();
  });
});
