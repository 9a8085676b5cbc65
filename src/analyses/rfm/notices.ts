import { type Day, sayDay } from '../../core/dates.js';
import type { Notice } from '../../core/table.js';
import { countOf, sayCount, sayPercent, type Text } from '../../core/text.js';
import { type Measure, measures, type RfmOptions, type RfmScores } from './scores.js';
import { others } from './segments.js';
import { measureLabels, type ScoreRange } from './threshold-table.js';

/** What the scores were made by, and what spoils them. */
export interface RfmFacts {
  readonly options: RfmOptions;
  readonly scores: RfmScores;
  readonly ranges: readonly ScoreRange[];
  /** Customers that no range of the map fits. */
  readonly others: number;
  readonly compare: Day | undefined;
}

export function rfmNotices(facts: RfmFacts): Notice[] {
  return [scoringNotice(facts), ...mapNotices(facts), ...compareNotices(facts), ...degenerate(facts)];
}

const measureNames: Readonly<Record<Measure, Text>> = {
  recency: { en: 'recency', ru: 'давность' },
  frequency: { en: 'frequency', ru: 'частота' },
  monetary: { en: 'monetary', ru: 'сумма' },
};

function scoringNotice({ options: { scoring, bins, fixed, monetary } }: RfmFacts): Notice {
  const rules: Record<RfmOptions['scoring'], Text> = {
    quantile: {
      en: `a score holds the values up to and with its upper quantile (type 7, ${sayPercent(100 / bins).en} of customers each), so equal values have equal scores`,
      ru: `балл охватывает значения до верхнего квантиля включительно (тип 7, по ${sayPercent(100 / bins).ru} клиентов), поэтому равные значения получают равные баллы`,
    },
    ntile: {
      en: 'customers are ranked and cut into parts of equal size, so equal values may have different scores',
      ru: 'клиенты выстроены по порядку и поделены на равные части, поэтому у равных значений баллы могут отличаться',
    },
    'r-rfm': {
      en: 'as the R package rfm does: a score begins at a quantile (type 7) plus one',
      ru: 'как в пакете rfm для R: балл начинается с квантиля (тип 7) плюс один',
    },
  };
  const given = measures.filter((measure) => fixed[measure] !== undefined);
  const say = (language: 'en' | 'ru') => given.map((measure) => measureNames[measure][language]).join(', ');
  const own: Text =
    given.length === 0
      ? { en: '', ru: '' }
      : {
          en: ` Thresholds of ${say('en')} are those of the configuration.`,
          ru: ` Пороги из конфигурации: ${say('ru')}.`,
        };
  const money: Text =
    monetary === 'total'
      ? { en: 'revenue of the customer', ru: 'выручка с клиента' }
      : { en: "revenue per order of the customer's", ru: 'выручка на заказ клиента' };
  return {
    code: 'rfm_scoring',
    level: 'info',
    text: {
      en: `Recency: days since the last order; frequency: orders; monetary: ${money.en}. Scores go from 1, worst, to ${bins}, best: ${rules[scoring].en}.${own.en}`,
      ru: `Давность: дней после последнего заказа; частота: число заказов; сумма: ${money.ru}. Баллы от 1, худшего, до ${bins}, лучшего: ${rules[scoring].ru}.${own.ru}`,
    },
  };
}

function mapNotices({ options: { map, bins }, others: count, scores }: RfmFacts): Notice[] {
  const notices: Notice[] = [];
  if (bins !== map.bins) {
    notices.push({
      code: 'map_scaled',
      level: 'info',
      text: {
        en: `The segment map is made for ${map.bins} scores, so a score of ${bins} counts there as the one of ${map.bins} in which the middle of its share lies. A map of your own: rfm.segments in retain.yaml.`,
        ru: `Карта сегментов рассчитана на ${map.bins} баллов, поэтому балл из ${bins} считается тем из ${map.bins}, на который приходится середина его доли. Своя карта: rfm.segments в retain.yaml.`,
      },
    });
  }
  if (count > 0) {
    notices.push({
      code: 'others',
      level: 'warning',
      text: {
        en: `${countOf(count, 'customer')} of ${sayCount(scores.customers).en} fit no range of the map (${map.label.en}) and are ${others.label.en}.`,
        ru: `Клиентов, которым не подходит ни один диапазон карты (${map.label.ru}): ${sayCount(count).ru} из ${sayCount(scores.customers).ru}; их сегмент: ${others.label.ru}.`,
      },
    });
  }
  return notices;
}

function compareNotices({ compare }: RfmFacts): Notice[] {
  if (compare === undefined) return [];
  return [
    {
      code: 'compare',
      level: 'info',
      text: {
        en: `Segments then are of ${compare}, by the orders up to it and thresholds of that day's customers, as they are known today: what came back since of an order before is off already.`,
        ru: `Сегменты тогда: на ${sayDay(compare).ru}, по заказам до этого дня и порогам тогдашних клиентов, по нынешним данным: более поздние возвраты прежних заказов уже вычтены.`,
      },
    },
  ];
}

/** Bases in which scores say little. */
function degenerate({ options: { bins, scoring, fixed }, scores, ranges }: RfmFacts): Notice[] {
  const notices: Notice[] = [];
  const { customers } = scores;
  if (customers < bins) {
    notices.push({
      code: 'few_customers',
      level: 'warning',
      text: {
        en: `There are fewer customers (${customers}) than scores (${bins}): the scores only say who of them is ahead of whom.`,
        ru: `Клиентов (${customers}) меньше, чем баллов (${bins}): баллы лишь показывают, кто из них впереди кого.`,
      },
    });
  }
  if (customers < 2) return notices;
  for (const measure of measures) {
    const held = ranges.filter((range) => range.measure === measure && range.customers > 0);
    const least = held.map((range) => Number(range.least)).reduce((one, other) => Math.min(one, other));
    const greatest = held.map((range) => Number(range.greatest)).reduce((one, other) => Math.max(one, other));
    if (least !== greatest) continue;
    const isRanked = scoring === 'ntile' && fixed[measure] === undefined;
    const score = held[0]!.score;
    const [en, ru] = [String(least), String(least).replace('.', ',')];
    const result: Text = isRanked
      ? { en: 'their different scores mean nothing', ru: 'разные баллы здесь ничего не значат' }
      : { en: `all have score ${score}`, ru: `у всех балл ${score}` };
    notices.push({
      code: `${measure}_alike`,
      level: 'warning',
      text: {
        en: `${measureLabels[measure].en.split(',')[0]} is the same for every customer (${en}), so it tells nobody apart: ${result.en}.`,
        ru: `${measureLabels[measure].ru.split(',')[0]}: одно значение у всех клиентов (${ru}), поэтому показатель никого не различает: ${result.ru}.`,
      },
    });
  }
  return notices;
}
