import { raw, type Sql, sql } from '../../sql/sql.js';
import type { StagedSource } from '../staging.js';
import { textOf, type Values } from './values.js';

/**
 * Scores with their scales: likelihood to recommend (Reichheld, 'The One Number You Need to Grow', 2003),
 * satisfaction, and ease (7 is the least effort, as in CES 2.0).
 */
export const scores = {
  nps: { least: 0, most: 10 },
  csat: { least: 1, most: 5 },
  ces: { least: 1, most: 7 },
} as const;
type Score = keyof typeof scores;

/** '9', '9.0', '9/10', '9 из 10', '9 - very likely', '5 stars'. */
const scoreForm =
  '^\\s*(\\d{1,2})(?:[.,]0+)?\\s*(?:(?:/|из|of|out of)\\s*(?:5|7|10)|[-–—:(]\\s*\\D.*|stars?|зв[её]зд[аы]?|балл(?:ов|а)?|★*)?\\s*$';
const noScore = '^\\s*(?:-+|–|—|n/?a|null|none|no answer|нет|нет ответа|н/д)?\\s*$';

/** Table stg_feedback: answered_on, nps 0-10, csat 1-5, ces 1-7 as small integers, reason, comment. */
export function feedbackValues(staged: StagedSource): Values {
  const present = (Object.keys(scores) as Score[]).filter((score) => staged.text(score) !== undefined);
  const said = ['nps', 'csat', 'ces', 'reason', 'comment'].map((name) => `${name} is null`).join(' and ');
  return {
    columns: [
      ...(Object.keys(scores) as Score[]).map((score) => ({ name: score, value: scoreOf(staged, score) })),
      { name: 'reason', value: textOf(staged, 'reason') },
      { name: 'comment', value: textOf(staged, 'comment') },
    ],
    faults: present.map((score) => ({
      fate: 'bad_score',
      field: score,
      text: staged.text(score)!,
      test: sql`(${raw(score)} is null and not regexp_matches(lower(coalesce(${staged.text(score)!}, '')), ${noScore}))`,
    })),
    saysNothing: raw(said),
  };
}

/** A score on its scale, null for what is none. */
function scoreOf(staged: StagedSource, score: Score): Sql {
  const text = staged.text(score);
  if (text === undefined) return raw('cast(null as smallint)');
  const { least, most } = scores[score];
  const number = sql`try_cast(regexp_extract(lower(${text}), ${scoreForm}, 1) as smallint)`;
  return sql`case when ${number} between ${raw(String(least))} and ${raw(String(most))} then ${number} end`;
}
