import type { Notice } from '../../core/table.js';
import { countOf, sayCount, type Text } from '../../core/text.js';
import { fewestRepeatBuyers } from '../../stats/fit.js';
import { assumedForecast } from '../no-repeats.js';
import { modelLabels } from './model-table.js';
import { mostCorrelation } from './purchase-value.js';
import type { RepeatForecast } from './repeat-forecast.js';

/** How the models were fitted, and what a reader must not take them for. */
export function forecastNotices(
  { model, spend, valueBy }: RepeatForecast,
  span: { readonly days: number; readonly horizon: number },
): Notice[] {
  const { fit } = model;
  const name = modelLabels[model.name]!.en;
  const notices: Notice[] = [];
  const warn = (code: string, text: Text, inReport: Text) =>
    notices.push({ code, level: 'warning', text, inReport });
  const tell = (code: string, text: Text) => notices.push({ code, level: 'info', text });
  const came = sayCount(fit.repeatBuyers);
  if (fit.repeatBuyers === 0) {
    notices.push(assumedForecast);
  } else if (fit.reason === 'few_repeat_buyers') {
    const few = `Only ${countOf(fit.repeatBuyers, 'customer')} came back`;
    warn(
      'few_repeat_buyers',
      {
        en: `${few}, and ${fewestRepeatBuyers} are needed to fit ${name}: its parameters are drawn from usual ones at the rate of this base (empirical Bayes). Take the figures for a rough guess.`,
        ru: `Вернулось клиентов: ${came.ru}, а для модели ${name} нужно ${fewestRepeatBuyers}. Её параметры взяты около обычных при частоте покупок этой базы (эмпирический Байес). Это грубая оценка.`,
      },
      {
        en: `${few}: too few to tell how often customers of this base buy again. The forecast is a rough guess.`,
        ru: `Вернулось клиентов: ${came.ru}. Этого мало, чтобы судить, как часто здесь покупают снова. Прогноз – грубая оценка.`,
      },
    );
  } else if (fit.reason === 'not_converged') {
    warn(
      'not_converged',
      {
        en: `The likelihood of ${name} has no clear maximum on these data: its parameters are drawn from usual ones at the rate of this base (empirical Bayes).`,
        ru: `Правдоподобие модели ${name} на этих данных не имеет ясного максимума: её параметры взяты около обычных при частоте покупок этой базы (эмпирический Байес).`,
      },
      {
        en: 'What customers bought so far does not tell clearly how often they will buy: the forecast leans on what is usual elsewhere.',
        ru: 'По прошлым покупкам нельзя ясно сказать, как часто клиенты будут покупать: прогноз отчасти опирается на обычные значения.',
      },
    );
  } else {
    tell('fitted', {
      en: `${name}, fitted by maximum likelihood to ${sayCount(fit.customers).en} customers, of whom ${came.en} came back.`,
      ru: `${name}, метод максимального правдоподобия; клиентов: ${sayCount(fit.customers).ru}, вернулось: ${came.ru}.`,
    });
  }
  if (fit.histories.used < fit.histories.all) {
    tell('thinned', {
      en: `Fitted to ${sayCount(fit.histories.used).en} of ${sayCount(fit.histories.all).en} distinct histories, evenly chosen; everybody is scored.`,
      ru: `Для подбора взято историй: ${sayCount(fit.histories.used).ru} из ${sayCount(fit.histories.all).ru}, через равные промежутки; оценены все клиенты.`,
    });
  }
  const edges = fit.atEdge.join(', ');
  if (fit.withoutErrors === 'at_edge') {
    tell('no_errors', {
      en: `No standard errors: the data do not bound ${edges} (customers are too alike, or nobody leaves). What is expected, and its intervals, hardly depend on that.`,
      ru: `Нет ошибок параметров: данные не ограничивают ${edges} (клиенты слишком похожи или никто не уходит). Ожидаемые значения и интервалы от этого почти не зависят.`,
    });
  } else if (fit.withoutErrors === 'singular') {
    tell('no_errors', {
      en: 'No standard errors and intervals: several sets of parameters fit the data equally well. What is expected stands all the same.',
      ru: 'Нет ошибок и интервалов: данным одинаково подходят разные параметры. Ожидаемые значения от этого не меняются.',
    });
  }
  const correlation = spend.correlation === null ? null : spend.correlation.toFixed(2);
  const comma = correlation?.replace('.', ',').replace('-', '−');
  if (valueBy === 'own_mean') {
    warn(
      'value_correlates',
      {
        en: `The value of a purchase goes with their number (correlation ${correlation}, above ${mostCorrelation}), which Gamma-Gamma rules out: each customer's own mean counts instead.`,
        ru: `Сумма покупки связана с их числом (корреляция ${comma}, больше ${String(mostCorrelation).replace('.', ',')}), чего Gamma-Gamma не допускает: взята собственная средняя каждого клиента.`,
      },
      {
        en: "Customers who buy more often spend other sums on a purchase, so the forecast counts each customer's own mean.",
        ru: 'Кто покупает чаще, тот тратит на покупку другие суммы, поэтому в прогнозе взята собственная средняя каждого клиента.',
      },
    );
  } else if (valueBy === 'pooled_mean') {
    const why: Record<string, Text> = {
      few_customers: { en: 'too few customers', ru: 'слишком мало клиентов' },
      no_finite_mean: { en: 'values spread without bound', ru: 'суммы разбросаны без предела' },
      not_converged: {
        en: 'customers hardly differ in what they spend',
        ru: 'клиенты почти не отличаются суммами',
      },
    };
    const reason = why[spend.reason ?? 'not_converged']!;
    warn(
      'pooled_value',
      {
        en: `Gamma-Gamma does not fit (${reason.en}): every purchase counts with the mean of all.`,
        ru: `Gamma-Gamma не подходит (${reason.ru}): каждая покупка считается по общей средней.`,
      },
      {
        en: `Nothing tells apart what customers spend on a purchase (${reason.en}), so the forecast counts every purchase with the mean of all.`,
        ru: `Суммы покупок не позволяют различить клиентов (${reason.ru}), поэтому в прогнозе каждая покупка считается по общей средней.`,
      },
    );
  } else if (correlation !== null) {
    tell('value_model', {
      en: `Value of a purchase by Gamma-Gamma; its correlation with the number of purchases, which should be near 0, is ${correlation}.`,
      ru: `Сумма покупки по Gamma-Gamma; её корреляция с числом покупок, которая должна быть около 0: ${comma}.`,
    });
  }
  if (span.horizon > 2 * span.days) {
    const text = {
      en: `The horizon, ${span.horizon} days, is more than twice the ${span.days} days of the data: beyond what they can tell.`,
      ru: `Срок прогноза, ${span.horizon} дней, больше двух сроков данных (${span.days} дней): столько они сказать не могут.`,
    };
    warn('long_horizon', text, text);
  }
  return notices;
}
