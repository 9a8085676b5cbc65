import { addDays, sayDay } from '../core/dates.js';
import type { Notice } from '../core/table.js';
import { countOf, sayCount, type Text } from '../core/text.js';
import { type ActivityWindow, windowBounds } from '../model/activity.js';
import type { Base } from '../model/base.js';
import { coverageNotice, customersKnown } from './base-notices.js';
import { reasons } from './kpi.js';
import type { PeriodRequest, ReportPeriods } from './metrics.js';
import { assumedWindow } from './no-repeats.js';

export interface MetricsFacts {
  readonly base: Base;
  readonly periods: ReportPeriods;
  readonly window: ActivityWindow | null;
  readonly request: PeriodRequest;
  /** Nobody was lost, so the lifetime is the span of the data. */
  readonly lifetimeIsBounded: boolean;
}

/** What a reader must know to judge the KPIs, most important first within each level. */
export function metricsNotices(facts: MetricsFacts): Notice[] {
  const { base } = facts;
  return [
    ...coverage(facts),
    ...activity(facts),
    ...customersKnown(base),
    ...base.notices,
    ...cautions(facts),
    ...hints(base),
  ];
}

function coverage({ base, periods }: MetricsFacts): Notice[] {
  const notices: Notice[] = [coverageNotice(base)];
  if (periods.isWholeSpan) {
    notices.push({
      code: 'no_full_month',
      level: 'info',
      text: {
        en: 'The data cover no whole calendar month, so the period is all of them.',
        ru: 'В данных нет полного календарного месяца, поэтому период: все данные.',
      },
    });
  }
  return notices;
}

function activity({ base, window }: MetricsFacts): Notice[] {
  if (window === null) {
    return [
      {
        code: 'activity_subscriptions',
        level: 'info',
        text: {
          en: 'Active means subscribed: started before the day and not cancelled before it.',
          ru: 'Активный клиент: подписка начата до этого дня и не отменена раньше него.',
        },
      },
    ];
  }
  // Nobody is active of whom nobody knows who they are.
  if (!base.customers) return [];
  if (window.origin === 'no_gaps') return [windowIsAssumed(window.days)];
  const { days, percentile, gaps } = window;
  const bounded =
    percentile !== null && percentile !== days
      ? {
          en: `, ${percentile}, held within ${windowBounds.least} to ${windowBounds.most}`,
          ru: `, ${percentile}, в пределах от ${windowBounds.least} до ${windowBounds.most}`,
        }
      : { en: '', ru: '' };
  const how: Record<'given' | 'auto', Text> = {
    given: { en: 'as it was asked for', ru: 'как было задано' },
    auto: {
      en: `found from the data: 9 of 10 repeat purchases come within it (90th percentile of ${countOf(gaps, 'gap')} between the purchase days of a customer${bounded.en})`,
      ru: `найдено по данным: 9 из 10 повторных покупок укладываются в него (90-й перцентиль промежутков между днями покупок клиента, всего ${sayCount(gaps).ru}${bounded.ru})`,
    },
  };
  const say = (origin: Text, option: Text): Text => ({
    en: `Activity window: ${days} days, ${origin.en}${option.en}. A customer is active for ${days} days after a purchase.`,
    ru: `Окно активности: ${days} дн., ${origin.ru}${option.ru}. Клиент активен ${days} дн. после покупки.`,
  });
  const { origin } = window;
  const notice: Notice = {
    code: 'activity_window',
    level: 'info',
    text:
      origin === 'given'
        ? say({ en: 'given by --active-days', ru: 'задано опцией --active-days' }, { en: '', ru: '' })
        : say(how[origin], {
            en: '; --active-days N overrides',
            ru: '; --active-days N задаёт другое',
          }),
    inReport: say(how[origin], { en: '', ru: '' }),
  };
  return [notice];
}

function windowIsAssumed(days: number): Notice {
  const { en, ru } = assumedWindow(days);
  return {
    code: 'activity_window',
    level: 'warning',
    text: { en: `${en} --active-days N sets another.`, ru: `${ru} --active-days N задаёт другое.` },
    inReport: { en, ru },
  };
}

function cautions({ base, periods, window, request, lifetimeIsBounded }: MetricsFacts): Notice[] {
  const notices: Notice[] = [];
  const { asked, value } = periods;
  if (value.to < asked.to) {
    notices.push({
      code: 'period_incomplete',
      level: 'warning',
      text: {
        en: `${asked.name} is not over: the figures go to ${base.asOf}, those it is compared with are of whole periods.`,
        ru: `${asked.name} ещё не закончился: данные по ${sayDay(base.asOf).ru}, а сравнение с полными периодами.`,
      },
    });
  }
  if (window !== null && base.customers && addDays(value.from, -window.days) < base.first) {
    notices.push({
      code: 'window_before_data',
      level: 'warning',
      text: {
        en: `The data begin on ${base.first}, less than ${window.days} days before the period: customers who bought earlier are not known, so those active at its start are too few and some new ones may be old.`,
        ru: `Данные начинаются ${sayDay(base.first).ru}, меньше чем за ${window.days} дн. до периода: кто покупал раньше, неизвестно, поэтому активных на начало меньше, чем на деле, а часть новых клиентов может быть старыми.`,
      },
    });
  }
  if (lifetimeIsBounded) {
    notices.push({
      code: 'lifetime_bounded',
      level: 'warning',
      text: {
        en: `No customer was lost in the period, so the lifetime in LTV is the span of the data, ${base.first} to ${base.asOf}: an estimate from below.`,
        ru: `В периоде никто не ушёл, поэтому срок жизни в LTV равен длине данных, ${sayDay(base.first).ru} – ${sayDay(base.asOf).ru}: это оценка снизу.`,
      },
    });
  }
  if (base.spend && request.margin === undefined) {
    notices.push({
      code: 'margin_assumed',
      level: 'warning',
      text: {
        en: 'No margin is given, so LTV:CAC and payback count revenue, not profit: --margin 0.4 sets it.',
        ru: 'Маржа не задана, поэтому LTV:CAC и окупаемость считаются по выручке, а не по прибыли: --margin 0.4 задаёт её.',
      },
    });
  }
  return notices;
}

function hints(base: Base): Notice[] {
  const notices: Notice[] = [];
  const hint = (code: string, text: Text & { readonly inReport?: Text }) =>
    notices.push({ code, level: 'hint', text: sentence(text), inReport: sentence(text.inReport ?? text) });
  if (!base.orders) hint('no_orders_file', reasons.no_orders_file!);
  if (!base.spend) hint('no_spend_file', reasons.no_spend_file!);
  else if (base.channels.spend && !base.channels.customers && !base.channels.orders) {
    hint('no_channel', {
      en: 'no acquisition channel: add --customers FILE with one for CAC by channel',
      ru: 'нет канала привлечения: добавьте --customers FILE с ним, чтобы получить CAC по каналам',
      inReport: {
        en: 'no acquisition channel: a file of customers with one brings CAC by channel',
        ru: 'нет канала привлечения: файл клиентов с ним даст CAC по каналам',
      },
    });
  }
  return notices;
}

function sentence(text: Text): Text {
  const begin = (words: string) => `${words[0]!.toUpperCase()}${words.slice(1)}.`;
  return { en: begin(text.en), ru: begin(text.ru) };
}
