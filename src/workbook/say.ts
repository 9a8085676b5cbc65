import { basename } from 'node:path';
import { sayFigure } from '../analyses/report/say.js';
import type { Notice } from '../core/table.js';
import { countOf, type Language, sayCount, type Text } from '../core/text.js';
import { type Departure, outcomes } from './managed-list.js';
import type { MergeResult } from './merge.js';
import type { Saved } from './save.js';
import type { ListChanges } from './update.js';

/** What is told besides of a run. */
interface WhatIsTold {
  /** Whether there was no list before. */
  readonly isFirst?: boolean;
  readonly currency?: string | null;
  readonly notices?: readonly Notice[];
}

/** What a run did to a list, line by line. */
export function sayChanges(
  changes: ListChanges & Saved,
  language: Language,
  told: WhatIsTold = {},
): string[] {
  const { kept, added, archived, dismissed } = changes;
  const [all, before, fresh, left] = [kept + added, kept, added, archived].map(sayCount) as [
    Text,
    Text,
    Text,
    Text,
  ];
  const lines: Text[] = [
    told.isFirst === true
      ? { en: `customers on the list: ${all.en}`, ru: `клиентов в списке: ${all.ru}` }
      : {
          en: `customers on the list: ${all.en} (${before.en} from before, ${fresh.en} new); to the archive: ${left.en}`,
          ru: `клиентов в списке: ${all.ru} (прежних: ${before.ru}, новых: ${fresh.ru}); в архив: ${left.ru}`,
        },
  ];
  if (archived > 0) lines.push(...sayDepartures(changes.departures, told.currency ?? null));
  if (dismissed > 0) {
    const some = sayCount(dismissed);
    lines.push({
      en: `dismissed, because their rows were deleted: ${some.en}`,
      ru: `сняты, потому что их строки удалены: ${some.ru}`,
    });
  }
  return [
    ...saySaved(changes, language),
    ...[
      ...lines,
      ...changes.notices.map(({ text }) => text),
      ...(told.notices ?? []).map(({ text }) => text),
    ].map((line) => line[language]),
  ];
}

/** How many left the list for what, and what those who returned have brought. */
function sayDepartures(all: readonly Departure[], currency: string | null): Text[] {
  const returned = all.filter(({ outcome }) => outcome === 'returned');
  const lines: Text[] = [];
  if (returned.length > 0) {
    const [some, sum] = [sayCount(returned.length), sayFigure(sumOf(returned), 'money', currency)];
    lines.push({
      en: `returned: ${some.en}, with ${sum.en}`,
      ru: `вернулись: ${some.ru}, на сумму ${sum.ru}`,
    });
  }
  for (const outcome of ['risk_fell', 'left', 'left_out'] as const) {
    const some = sayCount(all.filter((one) => one.outcome === outcome).length);
    if (some.en === '0') continue;
    lines.push({ en: `${outcomes[outcome].en}: ${some.en}`, ru: `${outcomes[outcome].ru}: ${some.ru}` });
  }
  return lines;
}

/** The sum of amounts with two digits, exact. */
function sumOf(departures: readonly Departure[]): string {
  const cents = departures.reduce((sum, { amount = '0.00' }) => sum + BigInt(amount.replace('.', '')), 0n);
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** What a merge did, line by line. */
export function sayMerge(result: MergeResult & Saved, language: Language): string[] {
  const { taken, added, conflicts } = result;
  const text: Text = {
    en: `${countOf(taken, 'cell')} taken over, ${countOf(added, 'row')} added, ${countOf(conflicts, 'conflict')}${conflicts > 0 ? " (sheet 'Conflicts')" : ''}`,
    ru: `перенесено ячеек: ${sayCount(taken).ru}, добавлено строк: ${sayCount(added).ru}, расхождений: ${sayCount(conflicts).ru}${conflicts > 0 ? ' (лист «Расхождения»)' : ''}`,
  };
  return [
    ...saySaved(result, language),
    text[language],
    ...result.notices.map((notice) => notice.text[language]),
  ];
}

function saySaved({ path, backup, beside }: Saved, language: Language): string[] {
  const lines: Text[] = [{ en: `written: ${path}`, ru: `записано: ${path}` }];
  if (backup !== undefined) {
    lines.push({ en: `the former file: ${backup}`, ru: `прежний файл: ${backup}` });
  }
  if (beside?.reason === 'open') {
    const lock = basename(beside.lock ?? '');
    lines.push({
      en: `the file itself is open in another program (${lock}), so it is as it was; close it and run again`,
      ru: `сам файл открыт в другой программе (${lock}) и остался как был; закройте его и запустите снова`,
    });
  } else if (beside !== undefined) {
    lines.push({
      en: 'the file itself was saved by somebody meanwhile, so it is as it was; run again to take in what was written',
      ru: 'сам файл тем временем кто-то сохранил, он остался как был; запустите снова, чтобы учесть записанное',
    });
  }
  return lines.map((line) => line[language]);
}
