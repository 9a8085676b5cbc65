import { sheetNamer } from '../output/sheet-names.js';

/** The title, or one with a number where a sheet has that name already. */
export function freeName(sheets: readonly { readonly name: string }[], title: string): string {
  const name = sheetNamer();
  for (const sheet of sheets) name(sheet.name);
  return name(title);
}
