import { sayDay } from '../../core/dates.js';
import type { Cell } from '../../core/table.js';
import { sayCount, type Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import type { CustomerColumn } from '../customer-view/columns.js';
import { typeOf } from './asked.js';

const mostValues = 8;

/**
 * What some columns of the customer view hold, a sentence each: the commonest values of text, the least and greatest of
 * the rest, and for how many customers nothing is known.
 */
export async function columnFacts(
  engine: Engine,
  rows: Sql,
  columns: readonly CustomerColumn[],
  valuesOf: (column: CustomerColumn) => CustomerColumn['values'],
): Promise<Text[]> {
  const facts: Text[] = [];
  for (const column of columns) {
    const name = raw(column.name);
    const isCounted = ['text', 'boolean'].includes(typeOf(column.kind));
    const [row] = await engine.query(sql`
      select count(${name}) as known, count(*) - count(${name}) as unknown,
        ${isCounted ? raw('null as least, null as most') : sql`min(${name}) as least, max(${name}) as most`} from ${rows}`);
    const commonest = isCounted
      ? await engine.query(sql`
          select ${name} as value, count(*) as customers from ${rows} where ${name} is not null
          group by 1 order by customers desc, value limit ${raw(String(mostValues + 1))}`)
      : [];
    const [known, unknown] = [Number(row?.known), sayCount(Number(row?.unknown))];
    const say = (language: 'en' | 'ru'): string => {
      if (known === 0) return language === 'en' ? 'nothing' : 'ничего';
      if (!isCounted) {
        const [least, most] = [row?.least, row?.most].map((cell) => sayCell(cell ?? null, column, language));
        return language === 'en' ? `${least} to ${most}` : `от ${least} до ${most}`;
      }
      const values = commonest.slice(0, mostValues).map(({ value, customers }) => {
        const code = String(value);
        const label = valuesOf(column)?.[code]?.[language];
        return `'${label ?? code}' (${sayCount(Number(customers))[language]})`;
      });
      return values.join(', ') + (commonest.length > mostValues ? ', ...' : '');
    };
    facts.push({
      en: `${column.name}: ${say('en')}${row?.unknown === 0 ? '' : `; unknown for ${unknown.en}`}.`,
      ru: `${column.name}: ${say('ru')}${row?.unknown === 0 ? '' : `; неизвестно у ${unknown.ru}`}.`,
    });
  }
  return facts;
}

function sayCell(cell: Cell, { kind }: CustomerColumn, language: 'en' | 'ru'): string {
  if (kind === 'date') return sayDay(String(cell))[language];
  const text = String(Math.round(100 * Number(cell)) / 100);
  return language === 'ru' ? text.replace('.', ',') : text;
}
