import type { Stems } from '../../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import type { StagedSource } from '../staging.js';
import { wordList } from '../words.js';
import { dayOf, textOf, type Values } from './values.js';

/** Kinds of incidents by the words that tell them; the first that fits. What fits none is 'other'. */
export const incidentKinds: readonly { readonly kind: string; readonly stems: Stems }[] = [
  {
    kind: 'late_delivery',
    stems: {
      has: [
        'late',
        'delay',
        'overdue',
        'notdelivered',
        'опозд',
        'задерж',
        'просроч',
        'поздн',
        'срокдостав',
        'недостав',
      ],
      hasNot: ['related', 'template', 'translate'],
    },
  },
  {
    kind: 'defect',
    stems: {
      has: [
        'defect',
        'damag',
        'broken',
        'faulty',
        'quality',
        'wrongitem',
        'malfunction',
        'брак',
        'дефект',
        'поврежд',
        'сломан',
        'поломк',
        'качеств',
        'нетоттовар',
      ],
      hasNot: ['servicequality', 'качествообслуж', 'качествосервис'],
    },
  },
  { kind: 'refund', stems: { has: ['refund', 'return', 'chargeback', 'возвр'], hasNot: ['безвозвра'] } },
  {
    kind: 'complaint',
    stems: {
      has: [
        'complain',
        'claim',
        'dissatisf',
        'rude',
        'service',
        'жалоб',
        'претенз',
        'рекламац',
        'недовол',
        'груб',
        'обслуж',
        'сервис',
      ],
      hasNot: ['нежалоб'],
    },
  },
];
export const kindLists: readonly Stems[] = incidentKinds.map(({ stems }) => stems);

/** A state, or a mark in the column of the date, that says that an incident is settled. */
const resolvedStems: Stems = {
  has: [
    'resolved',
    'closed',
    'solved',
    'done',
    'complete',
    'fixed',
    'settled',
    'refunded',
    'решен',
    'закрыт',
    'выполнен',
    'заверш',
    'устранен',
    'урегулир',
  ],
  hasNot: [
    'unresolved',
    'notresolved',
    'notclosed',
    'unsolved',
    'notsolved',
    'incomplete',
    'нерешен',
    'незакрыт',
    'невыполнен',
    'незаверш',
    'неустранен',
  ],
};
const yes = '^\\s*(?:yes|y|true|1|\\+|да|истина|✓)\\s*$';
const no = '^\\s*(?:no|n|false|0|-+|–|—|n/a|null|нет|ложь|0000-00-00.*|open|opened|открыт[ао]?)?\\s*$';

/**
 * Table stg_incidents: opened_on, kind ('late_delivery', 'defect', 'refund', 'complaint', 'other'), written_kind,
 * resolved_on, is_resolved (null where nothing tells), reason, comment.
 */
export function incidentValues(staged: StagedSource): Values {
  const resolved = staged.text('resolved_on');
  const isWritten =
    resolved === undefined ? raw('false') : sql`not regexp_matches(lower(coalesce(${resolved}, '')), ${no})`;
  return {
    columns: [
      { name: 'kind', value: kindOf(staged) },
      { name: 'written_kind', value: textOf(staged, 'kind') },
      { name: 'resolved_on', value: dayOf(staged, 'resolved_on') },
      { name: 'is_resolved', value: isResolved(staged) },
      { name: 'reason', value: textOf(staged, 'reason') },
      { name: 'comment', value: textOf(staged, 'comment') },
    ],
    faults:
      resolved === undefined
        ? []
        : [
            {
              fate: 'bad_date',
              field: 'resolved_on',
              text: resolved,
              test: sql`(resolved_on < opened_on
                or resolved_on is null and ${isWritten} and not regexp_matches(lower(${resolved}), ${yes}))`,
            },
          ],
  };
}

function kindOf(staged: StagedSource): Sql {
  const list = wordList(staged, 'kind', kindLists);
  const cases = incidentKinds.map(({ kind }, index) => sql`when ${raw(String(index + 1))} then ${kind}`);
  return sql`case ${list} ${join(cases, ' ')} else 'other' end`;
}

function isResolved(staged: StagedSource): Sql {
  const resolved = staged.text('resolved_on');
  const state = staged.text('resolution');
  const ways = [
    ...(resolved === undefined
      ? []
      : [
          sql`case when ${dayOf(staged, 'resolved_on')} is not null or regexp_matches(lower(${resolved}), ${yes}) then true
          ${state === undefined ? raw('else false') : raw('')} end`,
        ]),
    ...(state === undefined
      ? []
      : [
          sql`case when coalesce(trim(${state}), '') = '' then null else ${wordList(staged, 'resolution', [resolvedStems])} = 1 end`,
        ]),
  ];
  return ways.length === 0 ? raw('cast(null as boolean)') : sql`coalesce(${join(ways, ', ')})`;
}
