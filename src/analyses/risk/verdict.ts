import type { Notice } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import { candidates } from './candidates.js';
import type { HoldOut, PooledScore } from './hold-out.js';
import type { Score } from './score.js';

/** What the figures over all hold-outs say, in plain words. */
export function verdict(holdOuts: readonly HoldOut[], scores: readonly PooledScore[]): Notice {
  const chosen = scores.find(({ code }) => code === 'chosen')!;
  const rule = scores.find(({ code }) => code === 'window_rule');
  const best = scores
    .filter(({ code, logLoss }) => code !== 'chosen' && logLoss !== null)
    .sort((one, other) => one.logLoss! - other.logLoss!)[0];
  const names = [...new Set(holdOuts.map(({ choice }) => candidates[choice.chosen]))];
  const name = (language: 'en' | 'ru') => names.map((label) => label[language]).join(', ');
  const parts = [
    ordering(chosen),
    honesty(chosen),
    against(chosen, rule),
    numbers(chosen),
    best !== undefined && best.logLoss! < chosen.logLoss! - 1e-9
      ? {
          en: `Best afterwards would have been ${candidates[best.code as keyof typeof candidates].en}, log-loss ${best.logLoss!.toFixed(4)} against ${chosen.logLoss!.toFixed(4)}`,
          ru: `Задним числом лучше всех был способ «${candidates[best.code as keyof typeof candidates].ru}»: лог-потери ${decimal(best.logLoss!, 4).ru} против ${decimal(chosen.logLoss!, 4).ru}`,
        }
      : undefined,
  ].filter((part): part is Text => part !== undefined);
  return {
    code: 'verdict',
    level: 'info',
    text: {
      en: `Verdict on what was chosen (${name('en')}): ${parts.map(({ en }) => en).join('. ')}.`,
      ru: `Вывод о выбранном (${name('ru')}): ${parts.map(({ ru }) => ru).join('. ')}.`,
    },
  };
}

type Figures = Omit<Score, 'code'>;

/** How well customers are put in order. */
function ordering(figures: Figures): Text {
  const { auc, customers } = figures;
  if (auc === null) {
    return {
      en: `all customers (${customers}) did the same, so nothing tells how well they are put in order`,
      ru: `все клиенты (${customers}) поступили одинаково, поэтому судить о порядке нельзя`,
    };
  }
  const word: Text = !isOrdered(figures)
    ? {
        en: 'no better than chance, as far as these customers tell',
        ru: 'не лучше случайного, насколько можно судить',
      }
    : auc < 0.7
      ? { en: 'weakly', ru: 'слабо' }
      : auc < 0.8
        ? { en: 'fairly', ru: 'удовлетворительно' }
        : auc < 0.9
          ? { en: 'well', ru: 'хорошо' }
          : { en: 'very well', ru: 'очень хорошо' };
  const value = decimal(auc, 3);
  return {
    en: `it puts customers in order ${word.en} (AUC ${value.en})`,
    ru: `порядок клиентов по риску: ${word.ru} (AUC ${value.ru})`,
  };
}

/** Whether customers are put in order better than by chance, as far as they tell. */
function isOrdered({ auc, aucError }: Figures): boolean {
  return auc !== null && auc - 2 * (aucError ?? 0) > 0.5;
}

/** Fewer customers do not tell an honest risk from another: chance alone brings about ten points. */
const fewestCalibrated = 100;

/** Whether a risk means what it says, by how much further it is off than chance alone would bring. */
function honesty(figures: Figures): Text | undefined {
  const { calibrationError, calibrationErrorByChance: byChance, predictedNone, actualNone } = figures;
  if (calibrationError === null || byChance === null || predictedNone === null || actualNone === null)
    return undefined;
  const [told, came] = [decimal(100 * predictedNone, 1), decimal(100 * actualNone, 1)];
  const shares = {
    en: `${told.en}% were to stay away and ${came.en}% did`,
    ru: `не купить должны были ${told.ru}\u00a0%, не купили ${came.ru}\u00a0%`,
  };
  if (figures.customers < fewestCalibrated) {
    return {
      en: `So few customers (${figures.customers}) do not tell whether a risk means what it says; ${shares.en}`,
      ru: `Клиентов (${figures.customers}) слишком мало, чтобы судить, можно ли понимать риск буквально; ${shares.ru}`,
    };
  }
  const excess = calibrationError - byChance;
  const word: Text =
    excess <= 0.03
      ? {
          en: 'means what it says, as far as these customers tell',
          ru: 'можно понимать буквально, насколько можно судить',
        }
      : excess <= 0.08
        ? { en: 'is roughly what it says', ru: 'верен приблизительно' }
        : isOrdered(figures)
          ? {
              en: 'is to be taken as an order only, not as a probability',
              ru: 'годится для порядка, но не как вероятность',
            }
          : { en: 'is not to be taken as a probability', ru: 'нельзя понимать как вероятность' };
  const [points, chance] = [decimal(100 * calibrationError, 1), decimal(100 * byChance, 1)];
  return {
    en: `A risk ${word.en}: in tenths of customers it is ${points.en} points off on average, where chance alone would bring ${chance.en}; ${shares.en}`,
    ru: `Риск ${word.ru}: в десятых долях клиентов отклонение в среднем ${points.ru} п.п., случайность сама по себе дала бы ${chance.ru}; ${shares.ru}`,
  };
}

function against({ brier, auc }: Figures, rule: Figures | undefined): Text | undefined {
  if (brier === null || rule?.brier == null) return undefined;
  const isBetter = brier < rule.brier;
  const areas =
    auc === null || rule.auc === null
      ? { en: '', ru: '' }
      : {
          en: `, AUC ${decimal(auc, 3).en} against ${decimal(rule.auc, 3).en}`,
          ru: `, AUC ${decimal(auc, 3).ru} против ${decimal(rule.auc, 3).ru}`,
        };
  const [own, its] = [decimal(brier, 4), decimal(rule.brier, 4)];
  return {
    en: `It is ${isBetter ? 'better' : 'no better'} than the plain rule 'silent for longer than the window': Brier ${own.en} against ${its.en}${areas.en}`,
    ru: `Это ${isBetter ? 'лучше' : 'не лучше'} простого правила «молчит дольше окна»: Брайер ${own.ru} против ${its.ru}${areas.ru}`,
  };
}

function numbers({ predictedPurchases: told, actualPurchases: actual }: Figures): Text | undefined {
  if (told === null) return undefined;
  if (actual === 0) {
    return {
      en: `${decimal(told, 1).en} purchases were predicted and none made`,
      ru: `Предсказано покупок: ${decimal(told, 1).ru}, не было ни одной`,
    };
  }
  const off = decimal(Math.abs((100 * (told - actual)) / actual), 1);
  return {
    en: `${Math.round(told)} purchases were predicted and ${actual} made: ${off.en}% too ${told < actual ? 'few' : 'many'}`,
    ru: `Предсказано покупок: ${Math.round(told)}, было ${actual}: на ${off.ru}\u00a0% ${told < actual ? 'меньше' : 'больше'}`,
  };
}

function decimal(value: number, digits: number): Text {
  const text = value.toFixed(digits);
  return { en: text, ru: text.replace('.', ',') };
}
