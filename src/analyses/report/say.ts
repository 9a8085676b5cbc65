import type { Cell, Unit } from '../../core/table.js';
import { type Text, verbatim } from '../../core/text.js';
import { formatCell } from '../../output/format.js';

/** Figures within sentences, as the tables beside them show them. */
export function sayFigure(
  value: Cell,
  unit: Unit,
  currency: string | null,
  /** Digits after the point, where the unit's own are too many. */
  digits?: number,
): Text {
  const column = {
    name: 'value',
    label: verbatim(''),
    kind: unit,
    ...(digits === undefined ? {} : { digits }),
  };
  const say = (language: 'en' | 'ru') => formatCell(column, [value], [column], { language, currency });
  return { en: say('en'), ru: say('ru') };
}

/** How much something changed, without its sign: '52.3%', '1.8 points'. */
export function sayChange(change: number, unit: Unit): Text {
  const size = sayFigure(Math.abs(change), 'percent', null);
  return unit === 'percent'
    ? {
        en: `${size.en.replace('%', '')} points`,
        ru: `${size.ru.replace('\u00a0%', '')}\u00a0п.п.`,
      }
    : size;
}

/** Whether a change is one at the precision that people see. */
export function isSteady(change: number): boolean {
  return Math.round(Math.abs(change) * 10) === 0;
}
