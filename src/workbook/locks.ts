import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The file by which Excel or LibreOffice says that a workbook is open, or undefined where none is there.
 * One may be left by a program that broke down; then it is to be removed by hand.
 */
export function lockFile(path: string): string | undefined {
  const [folder, name] = [dirname(path), basename(path)];
  // Excel puts its mark before the name; some versions put it in place of two letters, as Word does.
  const names = [`~$${name}`, `~$${name.slice(2)}`, `.~lock.${name}#`];
  return names.map((lock) => join(folder, lock)).find((lock) => existsSync(lock));
}
