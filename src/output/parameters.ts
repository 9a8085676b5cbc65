import type { Parameter, Report } from '../core/table.js';
import type { Language } from '../core/text.js';
import { formatDate } from './format.js';
import { decimalText } from './number.js';
import { words } from './words.js';

/** A setting as people read it. */
export interface ShownParameter {
  readonly name: string;
  readonly label: string;
  readonly value: string;
}

/** What the figures depend on: the date, the currency and the settings, each once. */
export function shownParameters(report: Report, language: Language): ShownParameter[] {
  const told = new Set(report.parameters.map(({ name }) => name));
  const shown = report.parameters
    .filter(({ machineOnly }) => machineOnly !== true)
    .map((parameter) => ({
      name: parameter.name,
      label: parameter.label[language],
      value: showValue(parameter, language),
    }));
  if (!told.has('as_of') && report.asOf !== null) {
    shown.unshift({ name: 'as_of', label: words.asOf[language], value: formatDate(report.asOf, language) });
  }
  if (!told.has('currency') && report.currency !== null) {
    shown.push({ name: 'currency', label: words.currency[language], value: report.currency });
  }
  return shown;
}

/** The settings at the front of a report of chapters: what it is of. The others, which few read, stand at its end. */
const frontNames: readonly string[] = ['as_of', 'period', 'previous_period', 'currency'];

/** Those of `shownParameters` at the front of a report of chapters. */
export function frontParameters(report: Report, language: Language): ShownParameter[] {
  return shownParameters(report, language).filter(({ name }) => frontNames.includes(name));
}

function showValue({ value, explanation }: Parameter, language: Language): string {
  if (explanation !== undefined) return explanation[language];
  if (value === null) return '—';
  if (typeof value === 'string') return formatDate(value, language);
  // Not grouped: it may be a year.
  return language === 'ru' ? decimalText(value).replace('.', ',') : decimalText(value);
}
