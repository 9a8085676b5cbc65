import { checkOf } from '../check.js';
import { withoutOptions } from './for-managers.js';
import type { ReportPart } from './part.js';

const quality = {
  name: 'quality',
  title: { en: 'Data quality', ru: 'Качество данных' },
  about: {
    en: 'What is missing, doubled or impossible in the base',
    ru: 'Чего в базе не хватает, что повторяется и чего не может быть',
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
    const tables = report.tables.filter(({ onlyOn }) => onlyOn !== 'terminal');
    return {
      chapters: [
        {
          ...quality,
          // What has its sections on a terminal stands in one piece here.
          tables: tables.map(({ sections, ...table }) => withoutOptions(table)),
        },
      ],
    };
  },
};
