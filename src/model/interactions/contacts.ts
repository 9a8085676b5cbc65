import type { Stems } from '../../input/vocabulary.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import type { StagedSource } from '../staging.js';
import { sampledTexts, wordList } from '../words.js';
import { flagOf, textOf, type Values } from './values.js';

/** States of a message, each of which means those before it but the first. */
const states: readonly Stems[] = [
  {
    has: ['bounce', 'fail', 'undeliver', 'notdeliver', 'reject', 'ошибк', 'недостав', 'отклон', 'невалид'],
    hasNot: ['notfail'],
  },
  { has: ['deliver', 'достав'], hasNot: ['undeliver', 'недостав'] },
  {
    has: ['open', 'read', 'seen', 'view', 'откры', 'прочит', 'просмотр'],
    hasNot: ['unopen', 'unread', 'notopen', 'notread', 'неоткры', 'непрочит'],
  },
  { has: ['click', 'клик', 'перешел', 'переход'], hasNot: ['notclick', 'noclick', 'неклик'] },
  {
    has: ['answer', 'repl', 'respond', 'ответ', 'дозвонил'],
    hasNot: ['noanswer', 'notanswer', 'unanswer', 'noreply', 'неответ', 'безответ', 'недозвон'],
  },
];
const [failed, delivered, opened, clicked, answered] = [1, 2, 3, 4, 5] as const;

/**
 * Table stg_contacts: contacted_on, channel, campaign, and each true, false or unknown: delivered, opened, clicked,
 * answered, offer_used. What has a column of its own goes before what a state tells ('Delivered', 'Opened'), which
 * tells of an opening only in files where some state does. Who clicks has opened.
 */
export function contactValues(staged: StagedSource): Values {
  const list = wordList(staged, 'status', states);
  const byState = (least: number, most: number): Sql => {
    if (staged.text('status') === undefined) return raw('cast(null as boolean)');
    const isTold = sampledTexts(staged, 'status').some((text) => stateOf(text, least, most));
    if (!isTold) return raw('cast(null as boolean)');
    return sql`case when ${list} between ${raw(String(least))} and ${raw(String(most))} then true
      when ${list} > 0 then false end`;
  };
  const flag = (field: 'delivered' | 'opened' | 'clicked' | 'answered', least: number, most: number) =>
    sql`coalesce(${flagOf(staged, field)}, ${byState(least, most)})`;
  const isClicked = flag('clicked', clicked, clicked);
  const isOpened = sql`(${flag('opened', opened, answered)} or coalesce(${isClicked}, false))`;
  return {
    columns: [
      { name: 'channel', value: textOf(staged, 'channel') },
      { name: 'campaign', value: textOf(staged, 'campaign') },
      { name: 'delivered', value: flag('delivered', delivered, answered) },
      { name: 'opened', value: isOpened },
      { name: 'clicked', value: isClicked },
      { name: 'answered', value: flag('answered', answered, answered) },
      { name: 'offer_used', value: flagOf(staged, 'offer_used') },
    ],
    faults: [],
  };
}

function stateOf(text: string, least: number, most: number): boolean {
  const folded = text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}]/gu, '');
  const state =
    states.findIndex(
      ({ has, hasNot }) =>
        has.some((stem) => folded.includes(stem)) && !hasNot.some((stem) => folded.includes(stem)),
    ) + 1;
  return state >= least && state <= most && state !== failed;
}
