import type { Notice } from '../core/table.js';
import type { StagedSource } from './staging.js';

const isUniversal = (zone: string) => /^(?:Z|UTC|GMT|[+-]00(?::?00)?)$/i.test(zone);

/**
 * A warning where the order times of a source are partly in universal time and partly in other zones: each keeps
 * its clock, so that some may count on the neighbouring day. Two offsets alone are summer and winter of one shop.
 */
export function zoneNotice(staged: StagedSource): Notice[] {
  if (staged.text('date') === undefined) return [];
  const { zones } = staged.dateForm('date');
  if (!zones.some(isUniversal) || zones.every(isUniversal)) return [];
  const { source, columns } = staged.recognised;
  const place = source.sheet === null ? source.file : `${source.file}, ${source.sheet}`;
  const header = source.header[columns.date!];
  const shown = zones.slice(0, 5).join(', ');
  return [
    {
      code: 'mixed_zones',
      level: 'warning',
      text: {
        en: `${place}, column '${header}': times are in several zones (${shown}). Each counts on the day of its own clock, so a purchase near midnight may stand on the neighbouring day.`,
        ru: `${place}, столбец '${header}': время указано в разных часовых поясах (${shown}). Каждая покупка отнесена к дню по своим часам, поэтому около полуночи день может быть соседним.`,
      },
    },
  ];
}
