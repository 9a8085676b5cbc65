import { addDays, type Day, dayNumber, partsOf } from '../../core/dates.js';
import { type Period, periodContaining, periodsCovering } from '../../core/period.js';
import type { Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import type { CohortStep } from './choices.js';

/** Any Monday before which there are no dates. */
const firstMonday = '1900-01-01';

/** The calendar periods from the first day of the data to the last that counts, numbered from 0. */
export interface Calendar {
  readonly step: CohortStep;
  readonly periods: readonly Period[];
  /** Whether the data cover all days of a period. */
  isWhole(index: number): boolean;
  /** The number of the period that a day falls in, of a SQL expression of type date. */
  indexOf(engine: Engine, day: Sql): Sql;
}

export function calendar(first: Day, asOf: Day, step: CohortStep): Calendar {
  const end = addDays(asOf, 1);
  const periods = periodsCovering(first, end, step);
  const origin = numberOf(periodContaining(first, step).from, step);
  return {
    step,
    periods,
    isWhole: (index) => {
      const period = periods[index];
      return period !== undefined && period.from >= first && period.to <= end;
    },
    indexOf: (engine, day) => sql`(${numberInSql(engine, day, step)} - ${raw(String(origin))})`,
  };
}

/** Consecutive numbers of the periods of a step, the same in SQL below. */
function numberOf(day: Day, step: CohortStep): number {
  const [year, month] = partsOf(day);
  switch (step) {
    case 'week':
      return Math.floor((dayNumber(day) - dayNumber(firstMonday)) / 7);
    case 'month':
      return year * 12 + month;
    case 'quarter':
      return year * 4 + Math.ceil(month / 3);
    case 'year':
      return year;
  }
}

function numberInSql(engine: Engine, day: Sql, step: CohortStep): Sql {
  const year = sql`extract(year from ${day})`;
  switch (step) {
    case 'week': {
      const days = engine.dialect.daysBetween(raw(`cast('${firstMonday}' as date)`), day);
      return sql`cast(floor(cast(${days} as double) / 7) as integer)`;
    }
    case 'month':
      return sql`(${year} * 12 + extract(month from ${day}))`;
    case 'quarter':
      return sql`(${year} * 4 + extract(quarter from ${day}))`;
    case 'year':
      return year;
  }
}

/** How a step is spoken of. */
interface StepWords {
  readonly one: Text;
  readonly after: Text;
  readonly many: string;
  readonly partial: Text;
  /** The Russian genitive. */
  readonly ofOne: string;
  readonly of: Text;
}

export const stepWords: Readonly<Record<CohortStep, StepWords>> = {
  week: {
    one: { en: 'week', ru: 'неделя' },
    after: { en: 'the week after', ru: 'следующая неделя' },
    many: 'weeks',
    partial: { en: 'a week that is not whole', ru: 'неполная неделя' },
    ofOne: 'недели',
    of: { en: 'by week', ru: 'по неделям' },
  },
  month: {
    one: { en: 'month', ru: 'месяц' },
    after: { en: 'the month after', ru: 'следующий месяц' },
    many: 'months',
    partial: { en: 'a month that is not whole', ru: 'неполный месяц' },
    ofOne: 'месяца',
    of: { en: 'by month', ru: 'по месяцам' },
  },
  quarter: {
    one: { en: 'quarter', ru: 'квартал' },
    after: { en: 'the quarter after', ru: 'следующий квартал' },
    many: 'quarters',
    partial: { en: 'a quarter that is not whole', ru: 'неполный квартал' },
    ofOne: 'квартала',
    of: { en: 'by quarter', ru: 'по кварталам' },
  },
  year: {
    one: { en: 'year', ru: 'год' },
    after: { en: 'the year after', ru: 'следующий год' },
    many: 'years',
    partial: { en: 'a year that is not whole', ru: 'неполный год' },
    ofOne: 'года',
    of: { en: 'by year', ru: 'по годам' },
  },
};
