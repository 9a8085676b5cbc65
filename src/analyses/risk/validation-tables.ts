import type { Cell, Column, ResultTable } from '../../core/table.js';
import { sayPercent, type Text } from '../../core/text.js';
import { type CalibrationBin, calibrationTable } from '../../stats/calibration.js';
import { type CandidateCode, candidates } from './candidates.js';
import { type HoldOut, type Pooled, type PooledScore, pool } from './hold-out.js';
import { outcomesOf, type Score, scoreOf } from './score.js';

const chosenLabel: Text = { en: 'chosen', ru: 'выбранный' };
const candidateLabels = { ...candidates, chosen: { en: 'what was chosen', ru: 'выбранное' } };

const candidate: Column = {
  name: 'candidate',
  label: { en: 'Candidate', ru: 'Способ' },
  kind: 'text',
  values: candidateLabels,
};

/** Figures of a score as columns, the same wherever candidates are compared. */
export const scoreColumns: readonly Column[] = [
  {
    name: 'auc',
    label: { en: 'AUC', ru: 'AUC' },
    kind: 'ratio',
    digits: 3,
    description: {
      en: 'the probability that of two customers, one of whom bought, the other was given the higher risk',
      ru: 'вероятность, что из двух клиентов, из которых один купил, больший риск получил другой',
    },
  },
  {
    name: 'auc_error',
    label: { en: 'Error of AUC', ru: 'Ошибка AUC' },
    kind: 'ratio',
    digits: 3,
    machineOnly: true,
  },
  {
    name: 'brier',
    label: { en: 'Brier', ru: 'Брайер' },
    kind: 'ratio',
    digits: 4,
    description: {
      en: 'mean squared distance of risk and outcome: less is better',
      ru: 'средний квадрат отклонения риска от исхода: меньше лучше',
    },
  },
  {
    name: 'log_loss',
    label: { en: 'Log-loss', ru: 'Лог-потери' },
    kind: 'ratio',
    digits: 4,
    description: {
      en: 'mean of minus the logarithm of the probability of what came: less is better',
      ru: 'среднее минус логарифма вероятности того, что произошло: меньше лучше',
    },
  },
  {
    name: 'lift',
    label: { en: 'Lift, 10%', ru: 'Лифт, 10 %' },
    kind: 'ratio',
    digits: 2,
    description: {
      en: 'how many times more often the tenth with the highest risk did not buy than all did not',
      ru: 'во сколько раз чаще не покупали 10 % с наибольшим риском, чем все',
    },
  },
  {
    name: 'calibration_error',
    label: { en: 'Calibration error, pp', ru: 'Ошибка калибровки, п.п.' },
    kind: 'ratio',
    digits: 1,
    description: {
      en: 'mean distance, in percentage points, of the risk given and the share that did not buy, over tenths of customers',
      ru: 'среднее отклонение риска от доли не купивших по десятым долям клиентов, в процентных пунктах',
    },
  },
];

const purchaseColumns: readonly Column[] = [
  {
    name: 'predicted_none',
    label: { en: 'Mean risk', ru: 'Средний риск' },
    kind: 'percent',
    digits: 1,
    machineOnly: true,
  },
  {
    name: 'actual_none',
    label: { en: 'Did not buy', ru: 'Не купили' },
    kind: 'percent',
    digits: 1,
    machineOnly: true,
  },
  {
    name: 'predicted_purchases',
    label: { en: 'Purchases told', ru: 'Покупки, прогноз' },
    kind: 'integer',
    description: {
      en: 'days with a purchase, of all customers; AUC and calibration are of the risk, this is of numbers',
      ru: 'дни с покупкой, по всем клиентам',
    },
  },
  {
    name: 'purchases_error',
    label: { en: 'Off by', ru: 'Отклонение' },
    kind: 'percent',
    digits: 1,
  },
];

export function scoreCells(score: Omit<Score, 'code'>): Cell[] {
  const rounded = (value: number | null, digits: number) =>
    value === null ? null : Number(value.toFixed(digits));
  return [
    rounded(score.auc, 6),
    rounded(score.aucError, 6),
    rounded(score.brier, 6),
    rounded(score.logLoss, 6),
    rounded(score.lift, 4),
    score.calibrationError === null ? null : rounded(100 * score.calibrationError, 4),
  ];
}

/** Table scores: every candidate, over all hold-outs and, where there are several, in each. */
export function scoreTable(holdOuts: readonly HoldOut[], scores: readonly PooledScore[]): ResultTable {
  const isOne = holdOuts.length === 1;
  const { chosen } = holdOuts[0]!.choice;
  const rowOf = (
    cutoff: string,
    code: CandidateCode | 'chosen',
    isChosen: boolean,
    score: Omit<Score, 'code'>,
  ): Cell[] => {
    const { predictedPurchases: told, actualPurchases: actual } = score;
    return [
      cutoff,
      code,
      isChosen,
      ...scoreCells(score),
      percent(score.predictedNone),
      percent(score.actualNone),
      told === null ? null : Math.round(told),
      told === null || actual === 0 ? null : Number(((100 * (told - actual)) / actual).toFixed(4)),
      Math.round(actual),
      score.customers,
    ];
  };
  const pooled = scores.filter(({ code }) => !isOne || code !== 'chosen');
  const rows = [
    ...pooled.map((score) =>
      rowOf('all', score.code, isOne ? score.code === chosen : score.code === 'chosen', score),
    ),
    ...(isOne
      ? []
      : holdOuts.flatMap(({ cutoff, choice, customers, predictions }) =>
          predictions.map(({ code, ...prediction }) =>
            rowOf(cutoff, code, code === choice.chosen, scoreOf(prediction, customers.bought)),
          ),
        )),
  ];
  const customers = pooled[0]!;
  return {
    name: 'scores',
    title: { en: 'Ways to tell who will not buy', ru: 'Способы предсказать, кто не купит' },
    grain: 'candidate and cut-off',
    columns: [
      {
        name: 'cutoff',
        label: { en: 'Known up to', ru: 'Известно по' },
        kind: 'text',
        values: { all: { en: 'all', ru: 'всё' } },
        machineOnly: isOne,
      },
      candidate,
      { name: 'chosen', label: chosenLabel, kind: 'boolean' },
      ...scoreColumns,
      ...purchaseColumns,
      {
        name: 'actual_purchases',
        label: { en: 'Purchases', ru: 'Покупки' },
        kind: 'integer',
        machineOnly: isOne,
      },
      {
        name: 'customers',
        label: { en: 'Customers', ru: 'Клиенты' },
        kind: 'integer',
        machineOnly: isOne,
      },
    ],
    rows,
    notes: [
      {
        en: `Of ${customers.customers} customers ${sayPercent(100 * (customers.actualNone ?? 0)).en} did not buy; there were ${customers.actualPurchases} purchases (days with one). Less is better in Brier, log-loss and calibration error, more in AUC and lift.`,
        ru: `Из клиентов (${customers.customers}) не купили ${sayPercent(100 * (customers.actualNone ?? 0)).ru}; покупок (дней с ними) было ${customers.actualPurchases}. Брайер, лог-потери и ошибка калибровки тем лучше, чем меньше, AUC и лифт тем лучше, чем больше.`,
      },
      ...(pooled.some(({ predictedPurchases }) => predictedPurchases === null)
        ? [
            {
              en: 'No purchases are told by rules that only say who buys and who does not.',
              ru: 'Число покупок не предсказывают правила, которые лишь говорят, купит ли клиент.',
            },
          ]
        : []),
    ],
  };
}

const calibrationColumns: readonly Column[] = [
  { name: 'decile', label: { en: 'Tenth', ru: 'Десятая доля' }, kind: 'integer' },
  { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer' },
  { name: 'risk_from', label: { en: 'Risk from', ru: 'Риск от' }, kind: 'percent', digits: 1 },
  { name: 'risk_to', label: { en: 'to', ru: 'до' }, kind: 'percent', digits: 1 },
  {
    name: 'predicted',
    label: { en: 'Mean risk', ru: 'Средний риск' },
    kind: 'percent',
    digits: 1,
    chart: 'bar',
  },
  {
    name: 'actual',
    label: { en: 'Did not buy', ru: 'Не купили' },
    kind: 'percent',
    digits: 1,
    chart: 'bar',
  },
  { name: 'actual_low', label: { en: '95% from', ru: '95 % от' }, kind: 'percent', digits: 1 },
  { name: 'actual_high', label: { en: 'to', ru: 'до' }, kind: 'percent', digits: 1 },
];

/** Tables calibration: of what was chosen for a terminal, of every candidate for files. */
export function calibrationTables(holdOuts: readonly HoldOut[]): ResultTable[] {
  const pooled = pool(holdOuts);
  const cells = (bins: readonly CalibrationBin[]): Cell[][] =>
    bins.map(({ customers, lowest, highest, predicted, actual, interval }, index) => [
      index + 1,
      customers,
      ...[lowest, highest, predicted, actual, ...interval].map(percent),
    ]);
  const of = ({ predictions, bought }: Pooled, code: string) =>
    cells(calibrationTable(outcomesOf(predictions.find((one) => one.code === code)!, bought)));
  const title: Text = {
    en: 'Calibration: of those given a risk, how many did not buy',
    ru: 'Калибровка: сколько не купило из тех, кому дан риск',
  };
  return [
    {
      name: 'calibration_of_chosen',
      title,
      grain: 'tenth of customers by risk',
      columns: calibrationColumns,
      rows: of(pooled, 'chosen'),
      onlyOn: 'terminal',
      notes: [
        {
          en: 'Customers of equal risk stay together, so that there may be fewer than ten rows.',
          ru: 'Клиенты с равным риском не делятся, поэтому строк может быть меньше десяти.',
        },
      ],
    },
    {
      name: 'calibration',
      title,
      grain: 'candidate and tenth of customers by risk',
      columns: [candidate, ...calibrationColumns],
      rows: pooled.predictions.flatMap(({ code }) => of(pooled, code).map((row): Cell[] => [code, ...row])),
      onlyOn: 'file',
      notes: [],
    },
  ];
}

/** Past purchase days, by which numbers of purchases are compared. */
const frequencyBounds = [1, 2, 3, 4, 5, 7, 11, 21];

/** Table purchases_by_frequency: purchases that came, and those each candidate told, by purchases before. */
export function frequencyTable(holdOuts: readonly HoldOut[]): ResultTable {
  const { bought, frequency, predictions } = pool(holdOuts);
  const told = predictions.filter(
    ({ code, purchases }) => purchases !== null && (holdOuts.length > 1 || code !== 'chosen'),
  );
  const bucketOf = (purchases: number) => frequencyBounds.findLastIndex((bound) => purchases >= bound);
  const buckets = frequencyBounds.map(() => ({ customers: 0, actual: 0, told: told.map(() => 0) }));
  for (let i = 0; i < bought.length; i++) {
    const bucket = buckets[bucketOf(frequency[i]! + 1)]!;
    bucket.customers++;
    bucket.actual += bought[i]!;
    told.forEach(({ purchases }, index) => {
      bucket.told[index]! += purchases![i]!;
    });
  }
  const named = frequencyBounds.map((bound, index) => {
    const next = frequencyBounds[index + 1];
    if (next === undefined) return `${bound}+`;
    return next === bound + 1 ? String(bound) : `${bound}-${next - 1}`;
  });
  const rows = buckets.flatMap(({ customers, actual, told: sums }, index) =>
    customers === 0
      ? []
      : [[named[index]!, customers, actual, ...sums.map((sum) => Number(sum.toFixed(2)))] as Cell[]],
  );
  const total = (column: number) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
  return {
    name: 'purchases_by_frequency',
    title: {
      en: 'Purchases held out, by purchases before',
      ru: 'Отложенные покупки по числу прежних',
    },
    grain: 'number of purchase days before',
    columns: [
      {
        name: 'purchases_before',
        label: { en: 'Purchases before', ru: 'Покупок раньше' },
        kind: 'text',
        values: { all: { en: 'all', ru: 'все' } },
      },
      { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer' },
      { name: 'actual', label: { en: 'Came', ru: 'Было' }, kind: 'integer' },
      ...told.map(
        ({ code }): Column => ({ name: code, label: candidateLabels[code], kind: 'ratio', digits: 0 }),
      ),
    ],
    rows: [
      ...rows,
      ['all', ...Array.from({ length: 2 + told.length }, (_, i) => Number(total(i + 1).toFixed(2)))],
    ],
    totalRows: 1,
    notes: [],
  };
}

function percent(share: number | null): number | null {
  return share === null ? null : Number((100 * share).toFixed(4));
}
