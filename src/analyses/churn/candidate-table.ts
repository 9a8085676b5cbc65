import type { ResultTable } from '../../core/table.js';
import { candidates } from '../risk/candidates.js';
import type { RiskChoice } from '../risk/learn.js';
import { scoreCells, scoreColumns } from '../risk/validation-tables.js';

/** Table risk_candidates: how the ways to tell risk did in the window that one was chosen by. */
export function candidateTable(choice: RiskChoice): ResultTable {
  const { day, horizon } = choice.window!;
  return {
    name: 'risk_candidates',
    title: {
      en: `Ways to tell risk, over the ${horizon} days after ${day}`,
      ru: `Способы считать риск, за ${horizon} дн. после ${day}`,
    },
    grain: 'candidate',
    columns: [
      { name: 'candidate', label: { en: 'Candidate', ru: 'Способ' }, kind: 'text', values: candidates },
      { name: 'chosen', label: { en: 'chosen', ru: 'выбранный' }, kind: 'boolean' },
      ...scoreColumns,
    ],
    rows: choice.scores.map((score) => [score.code, score.code === choice.chosen, ...scoreCells(score)]),
    notes: [
      {
        en: 'The one with the least log-loss is chosen, so its figures here are a little too good: retain validate holds out more.',
        ru: 'Выбран способ с наименьшими лог-потерями, поэтому его показатели здесь слегка завышены: строже проверяет retain validate.',
      },
    ],
  };
}
