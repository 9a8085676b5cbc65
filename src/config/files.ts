import { existsSync, realpathSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { exitCodes, UserError } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import { expandPaths, type FoundFile, standardInput } from '../input/paths.js';
import type { FileSettings, InputFile } from '../input/settings.js';
import type { Config, ConfigSource } from './types.js';

/** Files to read, each with its settings, and what a reader must know of how they were found. */
export interface ConfiguredFiles {
  readonly files: readonly InputFile[];
  readonly notices: readonly Notice[];
}

/** A source with the files that it means. */
interface ResolvedSource extends ConfigSource {
  /** As seen from the current folder, each once, by what tells it apart however it is named. */
  readonly files: ReadonlyMap<string, FoundFile>;
  readonly notices: readonly Notice[];
  /** The first of its paths that brings no file, and why. */
  readonly problem: { readonly path: string; readonly why: string } | undefined;
}

/**
 * The files that a configuration names, with their settings.
 * @throws UserError (usage) for a path without files, or a file that two sources mean
 */
export async function configFiles(config: Config): Promise<ConfiguredFiles> {
  const sources = await resolveSources(config);
  for (const { place, problem } of sources) {
    if (problem === undefined) continue;
    throw new UserError(`${place}: ${problem.why}: ${problem.path}`, {
      remedy: 'Paths start from the folder of the configuration. Mend the path, or take the source out.',
      exitCode: exitCodes.usage,
    });
  }
  return {
    files: sources.flatMap(({ files, settings }) =>
      [...files.values()].map((file) => ({ ...file, settings: withDefaults(settings, config) })),
    ),
    notices: sources.flatMap(({ notices }) => notices),
  };
}

/**
 * Files of the command line with the settings of the sources that mean them; settings of the command line go
 * before. A file whose sheets are settled apart comes once for each.
 * @throws UserError (usage) for a file that two sources mean
 */
export async function withSettings(config: Config, named: readonly InputFile[]): Promise<ConfiguredFiles> {
  const sources = await resolveSources(config);
  const { files, notices } = await expandPaths(named);
  const settled = files.flatMap((file) => {
    const key = keyOf(file.path);
    const meant = sources.filter((source) => source.files.has(key));
    const settings = meant.length === 0 ? [{}] : meant.map((source) => source.settings);
    return settings.map((own) => ({ ...file, settings: withDefaults({ ...own, ...file.settings }, config) }));
  });
  return { files: settled, notices };
}

/** The defaults of options that a file may settle for itself. */
function withDefaults(settings: FileSettings, { options }: Config): FileSettings {
  const dateOrder = options['date-order'] as FileSettings['dateOrder'];
  const decimal = options.decimal as FileSettings['decimal'];
  return {
    ...(dateOrder === undefined ? {} : { dateOrder }),
    ...(decimal === undefined ? {} : { decimal }),
    ...settings,
  };
}

async function resolveSources(config: Config): Promise<ResolvedSource[]> {
  const sources: ResolvedSource[] = [];
  for (const source of config.sources) sources.push(await resolveSource(source, config));
  for (const [index, source] of sources.entries()) {
    for (const other of sources.slice(0, index)) {
      const shared = [...source.files].find(([key]) => other.files.has(key))?.[1];
      if (shared === undefined || haveDifferentSheets(source.settings, other.settings)) continue;
      throw new UserError(
        `${source.place}: ${shared.path} is meant by an earlier source too (${other.place})`,
        {
          remedy: 'Let each file, or each sheet of it, belong to one source.',
          exitCode: exitCodes.usage,
        },
      );
    }
  }
  return sources;
}

/** Follows the paths of a source; one that brings nothing is no error here, for another file may be asked for. */
async function resolveSource(source: ConfigSource, { folder }: Config): Promise<ResolvedSource> {
  const files = new Map<string, FoundFile>();
  const notices: Notice[] = [];
  let problem: ResolvedSource['problem'];
  for (const path of source.paths) {
    const seen = path === standardInput ? path : relative(process.cwd(), resolve(folder, path)) || '.';
    try {
      const expanded = await expandPaths([{ path: seen, settings: source.settings }]);
      for (const file of expanded.files) {
        if (file.path !== standardInput && !existsSync(file.path)) {
          problem ??= { path, why: 'there is no such file' };
        } else if (!files.has(keyOf(file.path))) files.set(keyOf(file.path), file);
      }
      notices.push(...expanded.notices);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problem ??= { path, why: error.message };
    }
  }
  return { ...source, files, notices, problem };
}

function haveDifferentSheets(one: FileSettings, other: FileSettings): boolean {
  if (one.sheets === undefined || other.sheets === undefined) return false;
  const fold = (sheet: string) => sheet.trim().toLowerCase();
  const sheets = new Set(one.sheets.map(fold));
  return !other.sheets.some((sheet) => sheets.has(fold(sheet)));
}

function keyOf(path: string): string {
  if (path === standardInput) return path;
  return existsSync(path) ? realpathSync(path) : resolve(path);
}
