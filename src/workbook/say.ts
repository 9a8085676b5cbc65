import { basename } from 'node:path';
import { countOf, type Language, sayCount, type Text } from '../core/text.js';
import type { MergeResult } from './merge.js';
import type { Saved } from './save.js';
import type { ListChanges } from './update.js';

/** What a run did to a list, line by line. */
export function sayChanges(changes: ListChanges & Saved, language: Language): string[] {
  const { kept, added, archived, dismissed } = changes;
  const text: Text = {
    en: `${countOf(kept, 'customer')} kept, ${sayCount(added).en} added, ${sayCount(archived).en} to the archive, ${sayCount(dismissed).en} dismissed by deleted rows`,
    ru: `клиентов осталось: ${sayCount(kept).ru}, добавлено: ${sayCount(added).ru}, в архив: ${sayCount(archived).ru}, снято удалением строки: ${sayCount(dismissed).ru}`,
  };
  return [
    ...saySaved(changes, language),
    text[language],
    ...changes.notices.map((notice) => notice.text[language]),
  ];
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
