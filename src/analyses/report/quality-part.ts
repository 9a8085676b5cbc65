import type { Content, ResultTable } from '../../core/table.js';
import { sayCount, type Text } from '../../core/text.js';
import { checkOf } from '../check.js';
import { withoutOptions } from './for-managers.js';
import type { ReportAction, ReportChapter, ReportPart } from './part.js';

const quality = {
  name: 'quality',
  title: { en: 'Data quality', ru: 'Качество данных' },
  about: {
    en: 'What is missing, doubled or impossible in the base',
    ru: 'Чего в базе не хватает, что повторяется и чего не может быть',
  },
};
const rows = {
  name: 'quality_rows',
  title: { en: 'Rows to look at', ru: 'Строки для проверки' },
  about: {
    en: 'Examples of what was found, by file and row',
    ru: 'Примеры того, что найдено: файл и строка',
  },
};

/** Days without contact after which a contact is stale, as `retain check` has it. */
const staleDays = 180;

/** The checks of `retain check`. */
export const qualityPart: ReportPart = {
  name: 'quality',
  chapters: [quality],
  missing: () => undefined,
  async make({ engine, staged, inputs, request }) {
    const { report } = await checkOf(engine, staged, inputs, { ...request, staleDays });
    // What has its sections on a terminal stands in one piece here.
    const tables = report.tables
      .filter(({ onlyOn }) => onlyOn !== 'terminal')
      .map(({ sections, ...table }) => withoutOptions(table));
    const of = (name: string) => tables.filter((table) => table.name === name);
    const examples = of('examples').filter((table) => table.rows.length > 0);
    const chapters: ReportChapter[] = [
      { ...quality, tables: of('checks') },
      // Beside findings their columns would be as wide as these.
      ...(examples.length === 0 ? [] : [{ ...rows, tables: examples }]),
    ];
    return { chapters, actions: whatToMend(of('checks')[0]!) };
  },
};

/** The worst that was found, where figures suffer from it. */
function whatToMend({ columns, rows }: ResultTable<Content>): ReportAction[] {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  // The rows begin with the worst.
  const [worst] = rows;
  if (worst === undefined || !['error', 'warning'].includes(String(worst[at('severity')]))) return [];
  const text = (name: string) => worst[at(name)] as Text;
  const number = (name: string) => sayCount(Number(worst[at(name)]));
  const among = worst[at('of')] !== null;
  const [finding, unit, advice, count, of] = [
    text('finding'),
    text('unit'),
    text('advice'),
    number('count'),
    number('of'),
  ];
  return [
    {
      chapter: quality.name,
      text: {
        en: `${finding.en}: ${count.en}${among ? ` of ${of.en} ${unit.en}` : ''}. ${advice.en}`,
        ru: `${finding.ru}: ${count.ru}${among ? ` из ${of.ru} ${unit.ru}` : ''}. ${advice.ru}`,
      },
    },
  ];
}
