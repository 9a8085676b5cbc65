import type { Notice, Report } from '../core/table.js';

/** What stands at the front of a report of chapters. */
export function warningsOf({ notices }: Pick<Report, 'notices'>): Notice[] {
  return notices.filter(({ level }) => level === 'warning');
}

/** What stands at its end: what would bring more, then what the figures rest on. */
export function notesOf({ notices }: Pick<Report, 'notices'>): Notice[] {
  return (['hint', 'info'] as const).flatMap((level) => notices.filter((notice) => notice.level === level));
}
