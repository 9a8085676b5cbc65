import type { Text } from '../../core/text.js';

// What several tables, or a table and a line of another, hold.
const lowerEnd: Text = { en: 'lower end of the 95% interval', ru: 'нижняя граница интервала 95 %' };
const upperEnd: Text = { en: 'upper end of the 95% interval', ru: 'верхняя граница интервала 95 %' };
const expectedPurchases: Text = {
  en: 'expected days with an order, by the model of repeat buying',
  ru: 'ожидаемое число дней с заказом по модели повторных покупок',
};
const predictedLtv: Text = {
  en: 'discounted expected revenue × margin over the horizon',
  ru: 'дисконтированная ожидаемая выручка × маржа за срок прогноза',
};
const ltvPerCustomer: Text = { en: 'predicted LTV / customers', ru: 'прогноз LTV / клиенты' };

/** The same column of the forecasts by segment, channel and cohort. */
function ofGroups(column: string): string[] {
  return ['segment', 'channel', 'cohort'].map((group) => `forecast_by_${group}.${column}`);
}

const definitions: readonly (readonly [columns: readonly string[], definition: Text])[] = [
  [['kpis.previous'], { en: 'the same of the period before', ru: 'то же за предыдущий период' }],
  [
    ['kpis.change'],
    {
      en: 'from the previous period: in percent, of percentages in points',
      ru: 'к предыдущему периоду: в процентах, у процентов в пунктах',
    },
  ],
  [['kpis.year_ago'], { en: 'the same a year earlier', ru: 'то же год назад' }],
  [
    ['cac_by_channel.spend'],
    { en: 'marketing spend of the channel in the period', ru: 'расходы на маркетинг канала за период' },
  ],
  [
    ['cac_by_channel.customers'],
    {
      en: 'customers whose first purchase is in the period, by their acquisition channel',
      ru: 'клиенты, чья первая покупка пришлась на период, по каналу привлечения',
    },
  ],
  [['cac_by_channel.cac'], { en: 'spend / new customers', ru: 'расходы / новые клиенты' }],
  [
    ['segments.customers'],
    {
      en: 'customers with an order whose scores belong to the segment, on the as-of date',
      ru: 'клиенты с заказами, чьи баллы относятся к сегменту, на дату отчёта',
    },
  ],
  [
    ['segments.revenue'],
    {
      en: 'revenue of these customers to date, after returns',
      ru: 'выручка этих клиентов на дату отчёта за вычетом возвратов',
    },
  ],
  [['total.customers'], { en: 'customers with an order', ru: 'клиенты с заказами' }],
  [['total.orders'], { en: 'their orders', ru: 'их заказы' }],
  [['total.revenue'], { en: 'their revenue, after returns', ru: 'их выручка за вычетом возвратов' }],
  [
    ['movement.*'],
    {
      en: 'customers who were in the segment of the row then and are in that of the column now',
      ru: 'клиенты, которые были в сегменте строки и стали в сегменте столбца',
    },
  ],
  [
    ['movement_revenue.*'],
    { en: 'revenue to date of these customers', ru: 'выручка этих клиентов на дату отчёта' },
  ],
  [
    ['moves.customers'],
    {
      en: 'customers who went from the one segment to the other',
      ru: 'клиенты, перешедшие из одного сегмента в другой',
    },
  ],
  [
    ['moves.revenue_then'],
    { en: 'their revenue up to the day compared with', ru: 'их выручка до дня, с которым сравнивают' },
  ],
  [['moves.revenue_now'], { en: 'their revenue to date', ru: 'их выручка на дату отчёта' }],
  [['moved.orders'], { en: 'orders of the customer to date', ru: 'заказы клиента на дату отчёта' }],
  [
    ['moved.revenue'],
    {
      en: 'revenue of the customer to date, after returns',
      ru: 'выручка клиента на дату отчёта за вычетом возвратов',
    },
  ],
  [
    ['forecast_total.value'],
    {
      en: "expected value: an estimate of the model, of today's customers alone",
      ru: 'ожидаемое значение: оценка модели, только по сегодняшним клиентам',
    },
  ],
  [
    [
      'forecast_total.low',
      'forecast_months.expected_purchases_low',
      'forecast_months.expected_revenue_low',
      'cohorts_survival.median_low',
      'cohorts_came_back_within.share_low',
    ],
    lowerEnd,
  ],
  [
    [
      'forecast_total.high',
      'forecast_months.expected_purchases_high',
      'forecast_months.expected_revenue_high',
      'cohorts_survival.median_high',
      'cohorts_came_back_within.share_high',
    ],
    upperEnd,
  ],
  [
    ['forecast_months.days'],
    { en: 'days of the month that the forecast covers', ru: 'дни месяца, на которые приходится прогноз' },
  ],
  [['forecast_months.expected_purchases', ...ofGroups('expected_purchases')], expectedPurchases],
  [
    ['forecast_months.expected_revenue', ...ofGroups('expected_revenue')],
    {
      en: 'expected purchases × expected value of a purchase (Gamma-Gamma)',
      ru: 'ожидаемые покупки × ожидаемая сумма покупки (Gamma-Gamma)',
    },
  ],
  [ofGroups('customers'), { en: 'customers with an order to date', ru: 'клиенты с заказами на дату отчёта' }],
  [
    ofGroups('expected_alive'),
    {
      en: 'sum of the probabilities that these customers still buy',
      ru: 'сумма вероятностей того, что эти клиенты ещё покупают',
    },
  ],
  [ofGroups('ltv_predicted'), predictedLtv],
  [ofGroups('ltv_per_customer'), ltvPerCustomer],
  [
    ['cohorts.*'],
    {
      en: 'customers: whose first order is in the month of the row; then the share of them who ordered in the 1st, 2nd, ... month after it',
      ru: 'клиенты: те, чей первый заказ пришёлся на месяц строки; далее доля из них, заказавших в 1-м, 2-м, ... месяце после него',
    },
  ],
  [
    ['cohorts_survival.to_order'],
    {
      en: 'the order that is waited for: the second, the third, ...',
      ru: 'заказ, которого ждут: второй, третий, ...',
    },
  ],
  [
    ['cohorts_survival.customers'],
    { en: 'customers with the order before it', ru: 'клиенты с предыдущим заказом' },
  ],
  [['cohorts_survival.came_back'], { en: 'those of them who made it', ru: 'те из них, кто его сделал' }],
  [
    ['cohorts_survival.median_days'],
    {
      en: 'days after which half of them have made it, by Kaplan-Meier',
      ru: 'дней, за которые его сделала половина, по Каплану-Мейеру',
    },
  ],
  [
    ['cohorts_survival.followed_days'],
    { en: 'the longest time that one of them is followed', ru: 'самое долгое наблюдение за одним из них' },
  ],
  [['cohorts_came_back_within.to_order'], { en: 'the order that is waited for', ru: 'заказ, которого ждут' }],
  [
    ['cohorts_came_back_within.days'],
    { en: 'days after the order before', ru: 'дней после предыдущего заказа' },
  ],
  [
    ['cohorts_came_back_within.share'],
    {
      en: 'share of customers who have made it by then, by Kaplan-Meier',
      ru: 'доля сделавших его к этому времени, по Каплану-Мейеру',
    },
  ],
  [
    ['risk_bands.customers'],
    { en: 'customers whose risk lies in the band', ru: 'клиенты с риском в этих пределах' },
  ],
  [
    ['risk_bands.share'],
    { en: 'of all customers listed by risk', ru: 'от всех клиентов, для которых посчитан риск' },
  ],
  [['risk_bands.mean_risk'], { en: 'mean of their risks', ru: 'среднее их рисков' }],
  [
    ['risk_bands.value_at_stake'],
    { en: 'sum of what is at stake with them', ru: 'сумма того, что под угрозой' },
  ],
  [['checks.count'], { en: 'what the check found', ru: 'сколько нашла проверка' }],
  [['checks.share'], { en: 'count / of × 100', ru: 'сколько / из × 100' }],
  [['checks.of'], { en: 'what was looked at', ru: 'сколько просмотрено' }],
  [
    ['examples.row'],
    {
      en: 'the row of the file as a spreadsheet numbers it',
      ru: 'строка файла, как её нумерует табличный редактор',
    },
  ],
  [
    ['segments.mean_monetary', 'total.mean_monetary'],
    {
      en: 'revenue per customer, or the mean of revenue per order where Monetary says so',
      ru: 'выручка на клиента или средняя выручка на заказ, если так указано в настройке «Сумма»',
    },
  ],
  [
    ['revenue.revenue'],
    {
      en: 'revenue to date, of customers in segments and of all others, down to the total',
      ru: 'выручка на дату отчёта: клиентов в сегментах, остальных и всего',
    },
  ],
  [
    ['thresholds.score'],
    { en: 'from 1, worst, to the number of scores, best', ru: 'от 1, худшего, до числа баллов, лучшего' },
  ],
  [
    ['thresholds.threshold'],
    {
      en: 'the value at which the score begins or ends, as the rule says',
      ru: 'значение, с которого начинается или которым кончается балл, как сказано в правиле',
    },
  ],
  [['thresholds.customers'], { en: 'customers who have the score', ru: 'клиенты с этим баллом' }],
  [['thresholds.least'], { en: 'least value among them', ru: 'наименьшее значение среди них' }],
  [['thresholds.greatest'], { en: 'greatest value among them', ru: 'наибольшее значение среди них' }],
  [
    ['forecast_model.value'],
    { en: 'the parameter as it was fitted to the data', ru: 'параметр, подобранный по данным' },
  ],
  [
    ['forecast_model.standard_error'],
    {
      en: 'how far the parameter may be off, by the curvature of the likelihood',
      ru: 'насколько параметр может быть неточен, по кривизне правдоподобия',
    },
  ],
];

/** What columns of figures are, by table and column: where they have no description, or one that speaks of options. */
export const known: Readonly<Record<string, Text>> = Object.fromEntries(
  definitions.flatMap(([columns, definition]) => columns.map((column) => [column, definition])),
);

/** What each line of table forecast_total is: estimates of today's customers, over the horizon. */
export const forecastMeasures: Readonly<Record<string, Text>> = {
  customers: {
    en: 'customers with an order to date; with subscriptions: subscribed on the as-of date',
    ru: 'клиенты с заказами на дату отчёта; для подписок: подписанные на эту дату',
  },
  expected_alive: {
    en: 'sum of the probabilities that they still buy, by the model of repeat buying',
    ru: 'сумма вероятностей того, что они ещё покупают, по модели повторных покупок',
  },
  subscribers_at_end: {
    en: 'those of them whom the model of tenures expects to be there at the end of the horizon',
    ru: 'те из них, кто, по модели длительности подписок, останется к концу срока прогноза',
  },
  expected_purchases: expectedPurchases,
  expected_revenue: {
    en: 'expected purchases × expected value of a purchase (Gamma-Gamma); of subscribers: expected months × price of a month',
    ru: 'ожидаемые покупки × ожидаемая сумма покупки (Gamma-Gamma); для подписок: ожидаемые месяцы × цена месяца',
  },
  ltv_predicted: predictedLtv,
  ltv_per_customer: ltvPerCustomer,
  new_customer_purchases: {
    en: 'expected days with an order of a new customer within the horizon after the first',
    ru: 'ожидаемое число дней с заказом нового клиента за срок прогноза после первого',
  },
  new_customer_ltv: {
    en: 'discounted expected revenue × margin of a new customer within the horizon, the first purchase included',
    ru: 'дисконтированная ожидаемая выручка × маржа нового клиента за срок прогноза, с первой покупкой',
  },
};
