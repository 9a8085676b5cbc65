import { describe, expect, test } from 'vitest';
import { UserError } from '../core/errors.js';
import { sourceOf as source } from '../testing/source.js';
import { recognise } from './recognise.js';
import { headerForms, roles, vocabulary } from './vocabulary.js';

const roleOf = (header: string, file?: string) => recognise(source(header, file), undefined, [])?.role;

describe('roles', () => {
  test.each([
    ['customer_id,date,cds,amount', 'orders'],
    ['Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country', 'orders'],
    ['Номер заказа;Дата заказа;Код клиента;Товар;Количество;Цена;Скидка', 'orders'],
    ['Контрагент;Дата;Сумма', 'orders'],
    ['date,amount', 'orders'],
    ['date,product,quantity,price,cost', 'orders'],
    ['customer_id,name,email,phone,registered,channel', 'customers'],
    ['Код клиента;ФИО;Эл. почта;Телефон;Дата регистрации;Канал привлечения', 'customers'],
    ['customer_id,start date,price,cancelled at', 'customers'],
    ['month,channel,campaign,spend', 'spend'],
    ['Месяц;Канал;Расход', 'spend'],
    ['Date,Platform,Cost', 'spend'],
    ['Email,Sent at,Campaign,Delivered,Opened,Clicked', 'contacts'],
    ['customer_id,contact date,channel,status', 'contacts'],
    ['Код клиента;Дата рассылки;Канал;Рассылка;Открыто;Переходы;Промокод использован', 'contacts'],
    ['customer_id,date,nps,comment', 'feedback'],
    ['order number,submitted at,CSAT,CES', 'feedback'],
    ['Клиент;Дата опроса;Оценка NPS;Причина', 'feedback'],
    ['order id,customer id,opened at,resolved at,incident type', 'incidents'],
    ['Телефон;Дата обращения;Тип обращения;Дата решения', 'incidents'],
  ])('%s: %s', (header, role) => {
    expect(roleOf(header)).toBe(role);
  });

  test('an amount by month is spend where the file is named so', () => {
    expect(roleOf('month,channel,amount', 'marketing spend 2024.csv')).toBe('spend');
    expect(roleOf('date,channel,amount', 'sales.csv')).toBe('orders');
  });

  test('contacts, feedback and incidents are not taken for other tables, nor these for them', () => {
    // Lists of customers, and orders without amounts, keep their roles whatever they tell besides.
    expect(roleOf('customer_id,name,email,registered,nps')).toBe('customers');
    expect(roleOf('customer_id,name,email,birthday,date,csat')).toBe('customers');
    expect(roleOf('order_id,customer_id,date,amount,nps')).toBe('orders');
    expect(roleOf('order_id,customer_id,date,amount,delivered,opened at')).toBe('orders');
    expect(roleOf('order_id,customer_id,order date,status,delivered at')).toBe('orders');
    expect(roleOf('order_id,customer_id,date,status,closed at')).toBe('orders');
    expect(roleOf('customer_id,date,channel')).toBe('customers');
    expect(roleOf('date,open,high,low,close')).toBeUndefined();
  });

  test('a mere score or type tells where the file is named so', () => {
    expect(roleOf('customer_id,date,rating', 'survey 2024.csv')).toBe('feedback');
    expect(roleOf('customer_id,date,rating', 'export.csv')).not.toBe('feedback');
    expect(roleOf('Клиент;Дата;Тип', 'жалобы.csv')).toBe('incidents');
    expect(roleOf('Клиент;Дата;Тип', 'export.csv')).not.toBe('incidents');
    expect(roleOf('email,date,campaign,status', 'рассылка март.csv')).toBe('contacts');
  });

  test('nothing known is no role', () => {
    expect(roleOf('foo,bar,baz')).toBeUndefined();
  });
});

describe('columns', () => {
  test('units, case, spacing and marks in headers do not matter', () => {
    const columns = recognise(
      source('ORDER-ID,Customer  Id,order_date,Amount (USD)'),
      undefined,
      [],
    )?.columns;
    expect(columns).toMatchObject({ order_id: 0, customer_id: 1, date: 2, amount: 3 });
    expect(
      recognise(source('Код клиента|Дата|Сумма, руб.'.replaceAll('|', ';')), 'orders', []),
    ).toBeDefined();
  });

  test('a better word goes before a worse one', () => {
    expect(
      recognise(source('date,customer,customer id,total,subtotal'), undefined, [])?.columns,
    ).toMatchObject({
      customer_id: 2,
      amount: 3,
    });
  });

  test('a named column goes before all words', () => {
    const named = recognise(source('date,customer id,amount,revenue'), undefined, [
      { field: 'amount', header: 'Revenue' },
    ]);
    expect(named?.columns.amount).toBe(3);
  });

  test('two columns of one name are an error', () => {
    expect(() => recognise(source('date,customer id,amount,Amount'), undefined, [])).toThrow(UserError);
  });
});

test('no two fields of a role share a word of the same tier', () => {
  for (const role of roles) {
    const seen = new Map<string, string>();
    for (const [field, tiers] of Object.entries(vocabulary[role])) {
      for (const [tier, words] of tiers.entries()) {
        for (const word of words) {
          const key = `${headerForms(word)[0]}`;
          const owner = seen.get(key);
          // 'customer name' may tell a customer where no id does; everything else has one meaning.
          if (owner !== undefined && owner !== field)
            expect.soft(`${role}: '${word}' is ${owner} and ${field} (${tier})`).toBe('');
          seen.set(key, field);
        }
      }
    }
  }
});
