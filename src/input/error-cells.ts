/**
 * What spreadsheets show where a formula failed or a column is too narrow, as a regular expression over upper
 * case: '#N/A', '#ССЫЛКА!', '########', 'Err:502'.
 */
export const errorCellPattern =
  '^(?:#(?:N/A|N/D|N/V|NV|REF!|DIV/0!|VALUE!|NAME[?]|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA|WERT!|BEZUG!|ZAHL!|Н/Д|ССЫЛКА!|ДЕЛ/0!|ЗНАЧ!|ИМЯ[?]|ЧИСЛО!|ПУСТО!|ПЕРЕНОС!)|#{3,}|(?:ERR|ERROR|ОШИБКА|FEHLER):[0-9]{3})$';

const errorCell = new RegExp(errorCellPattern, 'u');

/** Whether a cell holds an error of a spreadsheet in place of its value. */
export function isErrorCell(text: string): boolean {
  return errorCell.test(text.trim().toUpperCase());
}
