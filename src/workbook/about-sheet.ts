import type { Language } from '../core/text.js';
import type { WorkbookPackage } from '../ooxml/package.js';
import { cellXml, rowXml, valueXml } from '../ooxml/sheet.js';
import { StyleBook } from '../ooxml/styles.js';
import { spreadsheetText } from '../output/spreadsheet-text.js';
import { textWidth } from '../output/width.js';
import { type AboutLine, type ManagedList, sheetTitles } from './managed-list.js';
import { newSheet } from './new-workbook.js';
import { freeName } from './sheet-name.js';

/** The name by which the sheet is known, whatever people call it. */
const nameOfAbout = '_retain_about';
const widths = [28, 100] as const;
const lineHeight = 15;

/**
 * Writes what people should know of a list to a sheet of its own: a new one in a new workbook, else the one that is
 * there. Somebody who deleted it does not get it back.
 */
export async function writeAbout(
  workbook: WorkbookPackage,
  list: ManagedList,
  language: Language,
  isNew: boolean,
): Promise<void> {
  const { about = [] } = list;
  const existing = await workbook.sheetNamed(nameOfAbout);
  const stylesPart = await workbook.stylesPart();
  if (about.length === 0 || stylesPart === undefined || (existing === undefined && !isNew)) return;
  const styles = new StyleBook(await workbook.text(stylesPart));
  const content = aboutXml(about, list, language, styles);
  workbook.set(stylesPart, styles.xml);
  if (existing !== undefined) {
    workbook.set(existing.part, content);
    return;
  }
  const name = freeName(await workbook.sheets(), sheetTitles.about[language]);
  await workbook.addSheet(name, content);
  await workbook.nameCell(nameOfAbout, name, 1, 0);
}

function aboutXml(
  about: readonly AboutLine[],
  list: ManagedList,
  language: Language,
  styles: StyleBook,
): string {
  const term = styles.style({ align: 'left', bold: true, wrap: true, format: '@' });
  const text = styles.style({ align: 'left', wrap: true, format: '@' });
  const title = `${list.title[language]}. ${anew[language]}`;
  const rows = [[title, ''], ...about.map((line) => [line.term[language], line.text[language]])];
  const rowTexts = rows.map((cells, at) => {
    const lines = at === 0 ? 1 : Math.max(...cells.map((cell, column) => linesOf(cell, widths[column]!)));
    const inner = cells.map((cell, column) => {
      const value = valueXml(spreadsheetText(cell), '');
      // The title runs over both columns.
      const style = at === 0 ? styles.style({ bold: true }) : column === 0 ? term : text;
      return cell === '' ? '' : cellXml({ column, style, others: '', ...value }, at + 1, '');
    });
    return rowXml(at + 1, ` ht="${lineHeight * lines + 3}" customHeight="1"`, inner.join(''), '');
  });
  const columns = widths.map(
    (width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  );
  const after = '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>';
  return newSheet({ isFitted: true, after }).replace(
    '<sheetData></sheetData>',
    () => `<cols>${columns.join('')}</cols><sheetData>${rowTexts.join('')}</sheetData>`,
  );
}

const anew = {
  en: 'This sheet is written anew by each run.',
  ru: 'Этот лист каждый расчёт пишет заново.',
};

function linesOf(text: string, width: number): number {
  // Words do not fill their lines.
  return text
    .split('\n')
    .reduce((lines, line) => lines + Math.max(1, Math.ceil(textWidth(line) / (width * 0.9))), 0);
}
