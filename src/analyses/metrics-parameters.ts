import { addDays, sayDay } from '../core/dates.js';
import type { Period } from '../core/period.js';
import type { Parameter } from '../core/table.js';
import { type Language, sayPercent, type Text } from '../core/text.js';
import type { ActivityWindow } from '../model/activity.js';
import type { Base } from '../model/base.js';
import type { PeriodRequest, ReportPeriods } from './metrics.js';

/** The settings that the figures depend on, as they were after defaults. */
export function metricsParameters(
  base: Base,
  periods: ReportPeriods,
  window: ActivityWindow | null,
  request: PeriodRequest,
): Parameter[] {
  const span = ({ name, step, from, to }: Period): Text => {
    const last = addDays(to, -1);
    const days = (language: Language) =>
      from === last ? sayDay(from)[language] : `${sayDay(from)[language]} – ${sayDay(last)[language]}`;
    return step === 'custom' || step === 'day'
      ? { en: days('en'), ru: days('ru') }
      : { en: `${name} (${days('en')})`, ru: `${name} (${days('ru')})` };
  };
  return [
    {
      name: 'period',
      label: { en: 'Period', ru: 'Период' },
      value: periods.value.name,
      explanation: span(periods.value),
    },
    { name: 'period_from', label: { en: 'From', ru: 'С' }, value: periods.value.from, machineOnly: true },
    {
      name: 'period_to',
      label: { en: 'To', ru: 'По' },
      value: addDays(periods.value.to, -1),
      machineOnly: true,
    },
    {
      name: 'previous_period',
      label: { en: 'Previous', ru: 'До этого' },
      value: periods.previous.name,
      explanation: span(periods.previous),
    },
    {
      name: 'year_ago_period',
      label: { en: 'Year ago', ru: 'Год назад' },
      value: periods.yearAgo.name,
      explanation: span(periods.yearAgo),
    },
    {
      name: 'activity_window_days',
      label: { en: 'Activity window, days', ru: 'Окно активности, дней' },
      value: window?.days ?? null,
      machineOnly: window === null,
    },
    {
      name: 'activity_window_origin',
      label: { en: 'Activity window from', ru: 'Откуда окно активности' },
      value: window?.origin ?? 'subscriptions',
      machineOnly: true,
    },
    {
      name: 'margin',
      label: { en: 'Margin', ru: 'Маржа' },
      value: request.margin ?? null,
      machineOnly: request.margin === undefined,
      explanation: sayPercent((request.margin ?? 1) * 100),
    },
    { name: 'data_from', label: { en: 'Data from', ru: 'Данные с' }, value: base.first, machineOnly: true },
    { name: 'data_to', label: { en: 'Data to', ru: 'Данные по' }, value: base.last, machineOnly: true },
  ];
}
