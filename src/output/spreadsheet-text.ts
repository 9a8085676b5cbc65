/** The longest text that a spreadsheet cell holds. */
const longest = 32_767;

/** Text that a workbook can hold and gives back unchanged, less the characters that XML cannot carry. */
export function spreadsheetText(text: string): string {
  const held = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: not allowed in XML
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    // In workbooks '_x0041_' is an escape for 'A'. Escaping its underscore makes it plain text again.
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  return held.length <= longest ? held : `${held.slice(0, longest - 1)}…`;
}
