import { addDays } from '../core/dates.js';
import type { Period } from '../core/period.js';
import type { Parameter } from '../core/table.js';
import { verbatim } from '../core/text.js';
import type { ActivityWindow } from '../model/activity.js';
import type { Base } from '../model/base.js';
import type { MetricsRequest, ReportPeriods } from './metrics.js';

/** The settings that the figures depend on, as they were after defaults. */
export function metricsParameters(
  base: Base,
  periods: ReportPeriods,
  window: ActivityWindow | null,
  request: MetricsRequest,
): Parameter[] {
  const span = (period: Period) => verbatim(`${period.name} (${period.from} – ${addDays(period.to, -1)})`);
  const bare = (period: Period) => (period.step === 'custom' ? verbatim(period.name) : span(period));
  return [
    {
      name: 'period',
      label: { en: 'Period', ru: 'Период' },
      value: periods.value.name,
      explanation: bare(periods.value),
    },
    { name: 'period_from', label: { en: 'From', ru: 'С' }, value: periods.value.from },
    { name: 'period_to', label: { en: 'To', ru: 'По' }, value: addDays(periods.value.to, -1) },
    {
      name: 'previous_period',
      label: { en: 'Previous', ru: 'До этого' },
      value: periods.previous.name,
      explanation: bare(periods.previous),
    },
    {
      name: 'year_ago_period',
      label: { en: 'Year ago', ru: 'Год назад' },
      value: periods.yearAgo.name,
      explanation: bare(periods.yearAgo),
    },
    {
      name: 'activity_window_days',
      label: { en: 'Activity window, days', ru: 'Окно активности, дней' },
      value: window?.days ?? null,
      ...(window === null
        ? {
            explanation: {
              en: 'not used: subscriptions tell who is active',
              ru: 'не нужно: активность видна по подпискам',
            },
          }
        : {}),
    },
    {
      name: 'activity_window_origin',
      label: { en: 'Activity window from', ru: 'Откуда окно активности' },
      value: window?.origin ?? 'subscriptions',
    },
    { name: 'margin', label: { en: 'Margin', ru: 'Маржа' }, value: request.margin ?? null },
    { name: 'data_from', label: { en: 'Data from', ru: 'Данные с' }, value: base.first },
    { name: 'data_to', label: { en: 'Data to', ru: 'Данные по' }, value: base.last },
  ];
}
