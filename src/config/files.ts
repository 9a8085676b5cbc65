import { existsSync, realpathSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { exitCodes, UserError } from '../core/errors.js';
import type { FileSettings, InputFile } from '../input/settings.js';
import type { Config, ConfigSource } from './types.js';

/** A source with the files that it means. */
interface ResolvedSource extends ConfigSource {
  /** As seen from the current folder, in order of their names. */
  readonly files: readonly string[];
}

/**
 * The files that a configuration names, with their settings.
 * @throws UserError (usage) for a source without files, or a file that two sources mean
 */
export async function configFiles(config: Config): Promise<InputFile[]> {
  const sources = await resolveSources(config);
  for (const { files, paths, place } of sources) {
    if (files.length > 0) continue;
    throw new UserError(`${place}: no file is at ${paths.join(', ')}`, {
      remedy: 'Paths start from the folder of the configuration. Mend the path, or take the source out.',
      exitCode: exitCodes.usage,
    });
  }
  return sources.flatMap(({ files, settings }) =>
    files.map((path) => ({ path, settings: withDefaults(settings, config) })),
  );
}

/**
 * Files of the command line with the settings of the sources that mean them; settings of the command line go
 * before. A file whose sheets are settled apart comes once for each.
 * @throws UserError (usage) for a file that two sources mean
 */
export async function withSettings(config: Config, files: readonly InputFile[]): Promise<InputFile[]> {
  const sources = await resolveSources(config);
  return files.flatMap((file) => {
    const meant = sources.filter(
      ({ files: own, paths }) =>
        own.some((path) => isSameFile(path, file.path)) || (file.path === '-' && paths.includes('-')),
    );
    const settings = meant.length === 0 ? [{}] : meant.map((source) => source.settings);
    return settings.map((own) => ({
      path: file.path,
      settings: withDefaults({ ...own, ...file.settings }, config),
    }));
  });
}

/** The default of an option that a file may settle for itself. */
function withDefaults(settings: FileSettings, { options }: Config): FileSettings {
  const dateOrder = options['date-order'] as FileSettings['dateOrder'];
  return dateOrder === undefined ? settings : { dateOrder, ...settings };
}

async function resolveSources(config: Config): Promise<ResolvedSource[]> {
  const sources: ResolvedSource[] = [];
  for (const source of config.sources) sources.push({ ...source, files: await filesOf(source, config) });
  for (const [index, source] of sources.entries()) {
    for (const other of sources.slice(0, index)) {
      const shared = source.files.find((path) => other.files.includes(path));
      if (shared === undefined || haveDifferentSheets(source.settings, other.settings)) continue;
      throw new UserError(`${source.place}: ${shared} is meant by an earlier source too (${other.place})`, {
        remedy: 'Let each file, or each sheet of it, belong to one source.',
        exitCode: exitCodes.usage,
      });
    }
  }
  return sources;
}

function haveDifferentSheets(one: FileSettings, other: FileSettings): boolean {
  if (one.sheets === undefined || other.sheets === undefined) return false;
  const fold = (sheet: string) => sheet.trim().toLowerCase();
  const sheets = new Set(one.sheets.map(fold));
  return !other.sheets.some((sheet) => sheets.has(fold(sheet)));
}

/** Names with brackets and stars are names where such a file is there. */
async function filesOf({ paths }: ConfigSource, { folder }: Config): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    if (path === '-') found.add(path);
    else if (existsSync(resolve(folder, path)) && statSync(resolve(folder, path)).isFile()) {
      found.add(shown(resolve(folder, path)));
    } else {
      const { glob } = await import('tinyglobby');
      const files = await glob(path, { cwd: resolve(folder), absolute: true, onlyFiles: true });
      for (const file of files.sort()) found.add(shown(resolve(file)));
    }
  }
  return [...found];
}

/** As a user in the current folder names it. */
function shown(path: string): string {
  return relative(process.cwd(), path);
}

function isSameFile(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  return existsSync(one) && existsSync(other) && realpathSync(one) === realpathSync(other);
}
