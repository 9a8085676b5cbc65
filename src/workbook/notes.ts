import type { WorkbookPackage } from '../ooxml/package.js';
import { rewriteXml } from '../ooxml/xml.js';

/** Notes and links that people put on the cells of a sheet, by row: 'C17: call after six'. */
export async function notesByRow(
  workbook: WorkbookPackage,
  part: string,
  tail: string,
): Promise<Map<number, string[]>> {
  const notes = new Map<number, string[]>();
  const add = (cell: string, text: string) => {
    const row = Number(/\d+/.exec(cell)?.[0]);
    if (text.trim() === '') return;
    notes.set(row, [...(notes.get(row) ?? []), `${cell}: ${text.trim()}`]);
  };
  const relationships = await workbook.relationships(part);
  for (const { type, target, external } of relationships) {
    if (type !== 'comments' || external || !workbook.has(target)) continue;
    let cell = '';
    let text = '';
    const finish = () => add(cell, text);
    rewriteXml(await workbook.text(target), {
      open: (name, attribute) => {
        if (name !== 'comment') return undefined;
        finish();
        cell = attribute('ref') ?? '';
        text = '';
        return undefined;
      },
      text: (name, piece, path) => {
        if (name === 't' && !path.includes('rPh')) text += piece;
        return piece;
      },
    });
    finish();
  }
  rewriteXml(tail, {
    open: (name, attribute) => {
      if (name !== 'hyperlink') return undefined;
      const link = relationships.find(({ id }) => id === attribute('id'));
      const cell = attribute('ref') ?? '';
      if (!cell.includes(':')) add(cell, link?.target ?? attribute('location') ?? '');
      return undefined;
    },
  });
  return notes;
}
