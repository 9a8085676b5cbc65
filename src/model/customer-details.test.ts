import { expect, test } from 'vitest';
import type { Row } from '../engines/engine.js';
import { raw } from '../sql/sql.js';
import { temporaryFiles } from '../testing/cli.js';
import { metricsRequest, silent } from '../testing/report.js';
import { withBase } from './session.js';

const files = temporaryFiles();
let made = 0;

const orders = `order_id,customer_id,date,amount
1,a,2024-01-05,10
2,b,2024-01-31,5`;

/** Table stg_customers of small customer files, by customer id, without what is null. */
async function details(...tables: readonly string[]): Promise<Record<string, Row>> {
  const paths = [orders, ...tables].map((text) => {
    made += 1;
    return files.write(`table-${made}.csv`, `${text.trim().replace(/^ +/gm, '')}\n`);
  });
  return withBase(
    metricsRequest(paths, {}),
    silent,
    async ({ engine }) => {
      const rows = await engine.query(raw('select * from stg_customers order by customer_id'));
      return Object.fromEntries(
        rows.map(({ customer_id, ...rest }) => [
          customer_id,
          Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)),
        ]),
      );
    },
    { keepDetails: true },
  );
}

test('headers in English', async () => {
  const { a } = await details(
    `customer_id,first name,last name,email,phone,gender,date of birth,registration date,account manager,preferred contact method,accepts email marketing,bonus balance,bonus expires,last contact,source,subscription status,subscription start,cancellation date,cancellation reason
    a,Ann,Lee,ann@example.com,+7 900 000-00-01,F,1990-02-28,2023-05-01,Olga,SMS,yes,1234.5,2024-02-10,2024-01-02,Ads,cancelled,2023-05-01,2023-12-31,too dear`,
  );
  expect(a).toEqual({
    name: 'Ann Lee',
    email: 'ann@example.com',
    phone: '+7 900 000-00-01',
    sex: 'female',
    birthday: '1990-02-28',
    registered_on: '2023-05-01',
    manager: 'Olga',
    preferred_channel: 'SMS',
    consent: true,
    bonus: '1234.5000',
    bonus_expires_on: '2024-02-10',
    last_contact_on: '2024-01-02',
    channel: 'Ads',
    subscription_status: 'cancelled',
    is_ended: true,
    subscription_start: '2023-05-01',
    cancelled_on: '2023-12-31',
    cancellation_reason: 'too dear',
  });
});

test('headers in Russian', async () => {
  const { a, b } = await details(
    `Код клиента;ФИО;Фамилия;Пол;Дата рождения;Ответственный;Канал связи;Согласие на рассылку;Бонусы;Дата сгорания бонусов;Последний контакт
    a;Иванова Анна;Иванова;жен.;28.02.1990;Ольга;Telegram;Да;1 234,50;10.02.2024;02.01.2024
    b;Пётр;Лебедев;М;01.03.1985;;;не согласен;;;`,
  );
  expect(a).toEqual({
    name: 'Иванова Анна',
    sex: 'female',
    birthday: '1990-02-28',
    manager: 'Ольга',
    preferred_channel: 'Telegram',
    consent: true,
    bonus: '1234.5000',
    bonus_expires_on: '2024-02-10',
    last_contact_on: '2024-01-02',
  });
  expect(b).toEqual({ name: 'Пётр Лебедев', sex: 'male', birthday: '1985-03-01', consent: false });
});

test('what says neither is unknown, and a second column that fits is no reason to stop', async () => {
  const { a } = await details(
    'customer_id,email,sex,consent,manager,owner,bonus\na,ann@example.com,?,maybe,Olga,Petr,n/a',
  );
  expect(a).toEqual({ email: 'ann@example.com', manager: 'Olga' });
});

test('what an earlier row leaves empty a later one fills; the last contact is the latest', async () => {
  const { a } = await details(
    'customer_id,name,manager,last contact\na,,Olga,2024-01-20\na,Ann,Petr,2024-01-10',
    'customer_id,name,bonus,last contact\na,Anna,5,2024-01-25\na,,7,',
  );
  expect(a).toEqual({ name: 'Ann', manager: 'Olga', bonus: '5.0000', last_contact_on: '2024-01-25' });
});

test('of several subscriptions the current one, else the one that began last', async () => {
  const { a, b } = await details(
    `customer_id,name,subscription status,subscription start,cancellation date
    a,Ann,active,2022-01-01,
    a,Ann,cancelled,2023-01-01,2023-06-30
    b,Ben,cancelled,2023-01-01,2023-03-01
    b,Ben,cancelled,2023-06-01,2023-09-01`,
  );
  expect(a).toEqual({
    name: 'Ann',
    subscription_status: 'active',
    is_ended: false,
    subscription_start: '2022-01-01',
  });
  expect(b).toMatchObject({ subscription_start: '2023-06-01', cancelled_on: '2023-09-01', is_ended: true });
});

test('a table of nothing but ids and bonuses is one of customers', async () => {
  const { a } = await details('Код клиента;Баллы\na;17');
  expect(a).toEqual({ bonus: '17.0000' });
});
