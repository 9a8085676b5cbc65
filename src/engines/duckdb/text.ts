/** A path that the engine takes for one of this computer: '~' is no home folder, 'http:' no network. */
export function localPath(path: string): string {
  return /^(~|[a-z][a-z0-9]+:)/i.test(path) ? `./${path}` : path;
}

/** The same where it takes patterns: names such as 'orders [1].csv' are names, not patterns. */
export function escapeGlob(path: string): string {
  return localPath(path).replace(/[*?[]/g, '[$&]');
}

/** Text as SQL holds it, for the places that take no bound values. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name of a column, whatever characters it has. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Files as a table function takes them, as names and not as patterns. */
export function pathList(paths: readonly string[]): string {
  return `[${paths.map((path) => literal(escapeGlob(path))).join(', ')}]`;
}
