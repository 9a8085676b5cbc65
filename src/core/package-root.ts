import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of this package, ending in a separator, wherever within it the running code lies: source or built. */
export const packageRoot: string = findRoot(new URL('.', import.meta.url));

function findRoot(folder: URL): string {
  if (existsSync(new URL('package.json', folder))) return fileURLToPath(folder);
  const parent = new URL('..', folder);
  if (parent.href === folder.href) throw new Error('the package.json of retain is missing');
  return findRoot(parent);
}
