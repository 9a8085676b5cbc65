import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { metricsReport } from '../analyses/metrics.js';
import { temporaryFiles } from '../testing/cli.js';
import { csvText } from '../testing/fixtures/csv-text.js';
import { makeShop } from '../testing/fixtures/shop.js';
import { englishFiles } from '../testing/fixtures/shop-english.js';
import { amountOf } from '../testing/fuzz/amount.js';
import { type DateForm, dateForms, momentOf } from '../testing/fuzz/dates.js';
import {
  currencies,
  describeNumbers,
  type NumberForm,
  numberText,
  plainNumbers,
  thousandsMarks,
} from '../testing/fuzz/numbers.js';
import { metricsRequest, silent } from '../testing/report.js';

// The shop in every form of amounts and of dates gives the tables of the plain one. Encodings, delimiters and line
// ends are in src/model/text-forms.test.ts, file formats in src/input/formats.test.ts.

const files = temporaryFiles();
let made = 0;
const tables = Object.entries(englishFiles(makeShop())).map(
  ([name, text]) => [name, parse(text) as string[][]] as const,
);
const moneyColumns = new Set(['unit_price', 'discount', 'spend']);

/** The form of the day alone: 'dd.mm.yyyy' of 'dd.mm.yyyy hh:mm'. */
function dayOf({ name }: DateForm): string {
  return name.replace(/[T ]h.*$/, '');
}

/** The tables of the report over the shop, with its amounts and dates written in other forms. */
async function reportTables(numbers: NumberForm | undefined, dates: DateForm | undefined) {
  made += 1;
  const days = dates && dateForms.find(({ name }) => name === dayOf(dates));
  const paths = tables.map(([name, [header, ...rows]]) => {
    const written = rows.map((row) =>
      row.map((cell, index) => {
        const column = header![index]!;
        if (numbers !== undefined && moneyColumns.has(column)) return numberText(amountOf(cell), numbers);
        if (column === 'order_date' && dates !== undefined) return dates.write(momentOf(cell));
        if (column === 'registered' && days !== undefined) return days.write(momentOf(`${cell} 00:00:00`));
        return cell;
      }),
    );
    return files.write(`${made}-${name}`, csvText([header!, ...written]));
  });
  const report = await metricsReport(
    metricsRequest(paths, { by: 'month', margin: 0.4, maxRejectedShare: 0 }),
    silent,
  );
  return report.tables;
}

const plain = reportTables(undefined, undefined);

describe('the shop in every form of amounts', () => {
  const marks = (['.', ','] as const).flatMap((decimal) =>
    [...new Set(thousandsMarks)]
      .filter((thousands) => thousands !== decimal)
      .map((thousands) => ({ ...plainNumbers, decimal, thousands, decimals: 2 })),
  );
  const signs = [...new Map(currencies.map((pair) => [pair.join('#'), pair])).values()].map(
    ([before, after], index) => ({
      ...plainNumbers,
      before,
      after,
      decimals: 2,
      ...(index % 2 === 0 ? { decimal: ',' as const, thousands: '\u00a0' } : {}),
    }),
  );
  test.each([...marks, ...signs].map((form) => [describeNumbers(form), form] as const))(
    '%s',
    async (_, form) => {
      expect(await reportTables(form, undefined)).toEqual(await plain);
    },
  );
});

describe('the shop in every form of dates', () => {
  // Each form of a day with one time of day, another in turn, and ISO with every time and zone.
  const chosen = [...new Set(dateForms.map(dayOf))].flatMap((day, index) => {
    const forms = dateForms.filter((form) => dayOf(form) === day);
    return day === 'yyyy-mm-dd' ? forms : [forms[index % forms.length]!];
  });
  test.each(
    [...new Map(chosen.map((form) => [form.name, form])).values()].map((form) => [form.name, form] as const),
  )('%s', async (_, form) => {
    expect(await reportTables(undefined, form)).toEqual(await plain);
  });
});
