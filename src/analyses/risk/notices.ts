import { sayDay } from '../../core/dates.js';
import type { Notice } from '../../core/table.js';
import { countOf } from '../../core/text.js';
import { candidates } from './candidates.js';
import type { RiskChoice } from './learn.js';

/** How the candidate was chosen, and what that rests on. */
export function choiceNotices(choice: RiskChoice, horizon: number): Notice[] {
  const { window, windows } = choice;
  const name = candidates[choice.chosen];
  if (choice.reason === 'no_past' || window === null) {
    return [
      {
        code: 'risk_model',
        level: 'warning',
        text: {
          en: `Risk is told by ${name.en}, without having been tried: no day of the past has any days after it.`,
          ru: `Риск считается по ${name.ru} без проверки: в прошлом нет дня, после которого известно продолжение.`,
        },
      },
    ];
  }
  if (choice.reason === 'few_outcomes') {
    return [
      {
        code: 'risk_model',
        level: 'warning',
        text: {
          en: `Risk is told by ${name.en}: too few customers bought, or too few did not, within ${countOf(window.horizon, 'day')} after ${window.day} to choose by.`,
          ru: `Риск считается по ${name.ru}: за ${window.horizon} дн. после ${sayDay(window.day).ru} слишком мало купивших или не купивших, чтобы выбирать.`,
        },
      },
    ];
  }
  const losses = choice.scores
    .toSorted((one, other) => one.logLoss! - other.logLoss!)
    .map(({ code, logLoss }) => ({
      en: `${candidates[code].en} ${logLoss!.toFixed(3)}`,
      ru: `${candidates[code].ru} ${logLoss!.toFixed(3).replace('.', ',')}`,
    }));
  const held =
    choice.heldOut === 'older_windows'
      ? {
          en: 'what learns had seen older windows only',
          ru: 'обучаемые способы видели только более ранние отрезки',
        }
      : {
          en: 'what learns told a fifth of the customers at a time from the others, as there is no older window',
          ru: 'обучаемые способы предсказывали каждую пятую часть клиентов, обучившись на остальных: более ранних отрезков нет',
        };
  return [
    {
      code: 'risk_model',
      level: 'info',
      text: {
        en: `Risk is told by ${name.en}, which had the least log-loss in the ${countOf(window.horizon, 'day')} after ${window.day} (${losses.map(({ en }) => en).join(', ')}); ${held.en}. It was then made anew from ${countOf(windows.length, 'window')} of the past.`,
        ru: `Риск считается так: ${name.ru}; лог-потери за ${window.horizon} дн. после ${sayDay(window.day).ru} наименьшие (${losses.map(({ ru }) => ru).join('; ')}); ${held.ru}. Затем обучение повторено на всех отрезках прошлого (${windows.length}).`,
      },
    },
    ...(window.horizon < horizon
      ? [
          {
            code: 'short_past',
            level: 'warning' as const,
            text: {
              en: `The past is too short for windows of ${countOf(horizon, 'day')}: what was learnt of ${window.horizon} is carried over to ${horizon} by each customer's cadence.`,
              ru: `Прошлое слишком коротко для отрезков в ${horizon} дн.: выученное на ${window.horizon} дн. перенесено на ${horizon} по ритму каждого клиента.`,
            },
          },
        ]
      : []),
  ];
}
