import type { Exporter } from '../exporter.js';

const register = ['Регистратор', 'Документ продажи', 'Документ движения (Регистратор)', 'Документ'];
const lineSums = [
  'Сумма',
  'Сумма выручки',
  'Выручка',
  'Сумма продажи',
  'Сумма с НДС',
  'Стоимость',
  'Сумма, руб.',
];
const buyers = ['Контрагент', 'Покупатель', 'Клиент', 'Партнер', 'Заказчик'];
const dates = ['Период', 'Дата', 'Дата документа', 'Период, день'];

const line: Exporter['columns'] = {
  order_id: register,
  document_type: register,
  customer_id: ['Код контрагента', ...buyers],
  amount: lineSums,
  quantity: ['Количество', 'Кол-во'],
  unit_price: [],
  discount: [],
  product: ['Артикул', 'Номенклатура', 'Товар'],
};

/** Lists and reports of configurations of 1C:Enterprise, saved as a table. */
export const oneC: readonly Exporter[] = [
  {
    name: { en: '1C sales register', ru: 'регистр продаж 1С' },
    role: 'orders',
    signature: [register, 'Номенклатура', ['Количество', 'Кол-во'], lineSums, dates],
    columns: { ...line, date: dates },
    traits: { dateOrder: 'dmy' },
    how: {
      en: 'a document is an order; documents of return are negative',
      ru: 'документ считается заказом; документы возврата отрицательны',
    },
  },
  {
    name: { en: '1C sales report', ru: 'отчёт о продажах 1С' },
    role: 'orders',
    signature: [register, buyers, lineSums, ['Количество', 'Кол-во', 'Номенклатура']],
    columns: { ...line, date: register },
    traits: { dateOrder: 'dmy', dateInDocument: true },
    how: {
      en: 'a document is an order and tells its date; documents of return are negative',
      ru: 'документ считается заказом, дата взята из его названия; документы возврата отрицательны',
    },
  },
  {
    name: { en: '1C sales documents', ru: 'журнал документов продажи 1С' },
    role: 'orders',
    signature: [
      'Дата',
      'Номер',
      buyers,
      ['Сумма', 'Сумма документа'],
      ['Организация', 'Вид операции', 'Вид документа', 'Ответственный'],
    ],
    columns: {
      order_id: ['Номер'],
      customer_id: ['Код контрагента', ...buyers],
      date: ['Дата'],
      amount: ['Сумма', 'Сумма документа'],
      document_type: ['Вид документа', 'Тип документа', 'Вид операции'],
    },
    traits: { dateOrder: 'dmy' },
  },
  {
    name: { en: '1C counterparties', ru: 'контрагенты 1С' },
    role: 'customers',
    signature: [
      ['Наименование', 'Наименование в программе', 'Рабочее наименование'],
      'ИНН',
      ['Код', 'КПП', 'Вид контрагента', 'Юр. / физ. лицо', 'Полное наименование', 'Основной менеджер'],
    ],
    columns: {
      // Registers name a counterparty by its name, not by its code.
      customer_id: ['Наименование', 'Наименование в программе', 'Рабочее наименование'],
      name: ['Полное наименование', 'Наименование', 'Наименование в программе', 'Рабочее наименование'],
      email: ['E-mail', 'Email', 'Электронная почта', 'Адрес электронной почты', 'Эл. почта'],
      phone: ['Телефон', 'Телефон контрагента', 'Мобильный телефон', 'Основной телефон'],
      registered: ['Дата регистрации', 'Дата создания'],
    },
    how: {
      en: 'orders are matched by the name of the counterparty',
      ru: 'заказы сопоставляются по наименованию контрагента',
    },
  },
];
