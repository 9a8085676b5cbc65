import type { Cell, Column, ResultTable } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import type { FittedParameter } from '../../stats/fit.js';

/** Models by name, as people call them. */
export const modelLabels: Readonly<Record<string, Text>> = {
  mbg_nbd: { en: 'MBG/NBD', ru: 'MBG/NBD' },
  bg_nbd: { en: 'BG/NBD', ru: 'BG/NBD' },
  pareto_nbd: { en: 'Pareto/NBD', ru: 'Pareto/NBD' },
  gamma_gamma: { en: 'Gamma-Gamma', ru: 'Gamma-Gamma' },
  shifted_beta_geometric: { en: 'shifted beta-geometric', ru: 'сдвинутая бета-геометрическая' },
};

const rateShape: Text = {
  en: 'shape of purchase rates over customers: the larger, the more alike',
  ru: 'форма частоты покупок по клиентам: чем больше, тем они ближе друг к другу',
};
const rateScale: Text = {
  en: 'scale of purchase rates, days: r / alpha purchases a day on average',
  ru: 'масштаб частоты покупок, дней: в среднем r / alpha покупок в день',
};
const leavesShape: Text = {
  en: 'chance to leave after a purchase, beta(a, b): a / (a + b) on average',
  ru: 'вероятность уйти после покупки, бета(a, b): в среднем a / (a + b)',
};
const more = (letter: string): Text => ({ en: `see ${letter}`, ru: `см. ${letter}` });

const meanings: Readonly<Record<string, Readonly<Record<string, Text>>>> = {
  mbg_nbd: { r: rateShape, alpha: rateScale, a: leavesShape, b: more('a') },
  bg_nbd: { r: rateShape, alpha: rateScale, a: leavesShape, b: more('a') },
  pareto_nbd: {
    r: rateShape,
    alpha: rateScale,
    s: { en: 'shape of leaving rates over customers', ru: 'форма частоты ухода по клиентам' },
    beta: {
      en: 'scale of leaving rates, days: s / beta leave a day on average',
      ru: 'масштаб частоты ухода, дней: в среднем в день уходит s / beta',
    },
  },
  gamma_gamma: {
    p: { en: 'shape of the values of one customer', ru: 'форма стоимости покупок одного клиента' },
    q: { en: 'shape of mean values over customers', ru: 'форма средней стоимости по клиентам' },
    v: {
      en: 'scale, money: p v / (q - 1) a purchase on average',
      ru: 'масштаб, деньги: в среднем p v / (q - 1) за покупку',
    },
  },
  shifted_beta_geometric: {
    alpha: {
      en: 'chance to leave in a month, beta(alpha, beta): alpha / (alpha + beta) at first',
      ru: 'вероятность уйти за месяц, бета(alpha, beta): вначале alpha / (alpha + beta)',
    },
    beta: more('alpha'),
  },
};

/** Fitted models with the parameters that each has. */
export function modelTable(
  models: readonly { readonly name: string; readonly parameters: readonly FittedParameter[] }[],
  notes: readonly Text[],
): ResultTable {
  const named = models.flatMap(({ name, parameters }) =>
    parameters.map((parameter) => ({ name, parameter, meaning: meanings[name]?.[parameter.name] })),
  );
  const columns: Column[] = [
    { name: 'model', label: { en: 'Model', ru: 'Модель' }, kind: 'text', values: modelLabels },
    { name: 'parameter', label: { en: 'Parameter', ru: 'Параметр' }, kind: 'text' },
    { name: 'value', label: { en: 'Value', ru: 'Значение' }, kind: 'ratio', digits: 4 },
    {
      name: 'standard_error',
      label: { en: 'Standard error', ru: 'Станд. ошибка' },
      kind: 'ratio',
      digits: 4,
    },
    {
      name: 'meaning',
      label: { en: 'Meaning', ru: 'Смысл' },
      kind: 'text',
      values: Object.fromEntries(
        named.flatMap(({ name, parameter, meaning }) =>
          meaning === undefined ? [] : [[`${name}.${parameter.name}`, meaning]],
        ),
      ),
    },
  ];
  return {
    name: 'model',
    title: { en: 'Fitted models', ru: 'Параметры моделей' },
    grain: 'parameter of a model',
    columns,
    rows: named.map(({ name, parameter }): Cell[] => [
      name,
      parameter.name,
      parameter.value,
      parameter.standardError,
      `${name}.${parameter.name}`,
    ]),
    notes,
  };
}
