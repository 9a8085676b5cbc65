import { sayDay } from '../../core/dates.js';
import type { ResultTable } from '../../core/table.js';
import { candidates } from '../risk/candidates.js';
import type { RiskChoice } from '../risk/learn.js';
import { scoreCells, scoreColumns } from '../risk/validation-tables.js';

/** Table risk_candidates: how the ways to tell risk did in the window that one was chosen by. */
export function candidateTable(choice: RiskChoice): ResultTable {
  const { day, horizon } = choice.window!;
  const name = candidates[choice.chosen];
  return {
    name: 'risk_candidates',
    title: {
      en: `Ways to tell risk, over the ${horizon} days after ${day}`,
      ru: `Способы считать риск, за ${horizon} дн. после ${sayDay(day).ru}`,
    },
    grain: 'candidate',
    columns: [
      { name: 'candidate', label: { en: 'Candidate', ru: 'Способ' }, kind: 'text', values: candidates },
      { name: 'chosen', label: { en: 'Chosen', ru: 'Выбран' }, kind: 'boolean' },
      ...scoreColumns,
    ],
    rows: choice.scores.map((score) => [score.code, score.code === choice.chosen, ...scoreCells(score)]),
    notes: [
      choice.reason === 'best'
        ? {
            en: 'The one with the least log-loss is chosen, so its figures here are a little too good: retain validate holds out more.',
            ru: 'Выбран способ с наименьшими лог-потерями, поэтому его показатели здесь слегка завышены: строже проверяет retain validate.',
            inReport: {
              en: 'The one with the least log-loss is chosen, so its figures here are a little too good.',
              ru: 'Выбран способ с наименьшими лог-потерями, поэтому его показатели здесь слегка завышены.',
            },
          }
        : {
            en: `Too few customers bought, or too few did not, to choose by these figures: ${name.en} stands whatever they are.`,
            ru: `Купивших или не купивших слишком мало, чтобы выбирать по этим показателям: при любых взят ${name.ru}.`,
          },
    ],
  };
}
