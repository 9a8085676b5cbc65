import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes, UserError } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import { sayCount } from '../core/text.js';
import type { InputFile } from './settings.js';

/** The path by which a user names standard input. */
export const standardInput = '-';

/** A single file to read. */
export interface FoundFile extends InputFile {
  /** True where a folder or a pattern brought it, false where the user named it. */
  readonly isFound: boolean;
}

export interface ExpandedPaths {
  readonly files: readonly FoundFile[];
  readonly notices: readonly Notice[];
}

/** Names of tables that are looked for in folders, gzip'd or not. */
const tableNames = /\.(csv|tsv|tab|txt|xlsx|xlsm|xlsb|xls|ods|parquet|jsonl|ndjson|json|zip)(\.gz)?$/i;
const lockFile = /^~\$/;
const shownNames = 10;

/**
 * Turns what the user gave (files, folders, patterns, '-') into single files: those of a folder or a pattern in
 * the order of their names, each file once.
 * @throws UserError for a pattern or a folder that brings no file, and for standard input given twice
 */
export async function expandPaths(inputs: readonly InputFile[]): Promise<ExpandedPaths> {
  const notices: Notice[] = [];
  const files: FoundFile[] = [];
  for (const { path, settings, isFound = false } of inputs) {
    const found = await filesAt(path, notices);
    if (found === undefined) files.push({ path, settings, isFound });
    else files.push(...found.map((file) => ({ path: file, settings, isFound: true })));
  }
  if (files.filter(({ path }) => path === standardInput).length > 1) {
    throw new UserError('standard input can be read once only', {
      remedy: "Give '-' once, and the other tables as files.",
      exitCode: exitCodes.usage,
    });
  }
  const { once, repeated } = await eachOnce(files);
  if (repeated.length > 0) {
    notices.push({
      code: 'files_repeated',
      level: 'info',
      text: {
        en: `Given more than once and read once: ${listNames(repeated, 'en')}.`,
        ru: `Указаны несколько раз, прочитаны один раз: ${listNames(repeated, 'ru')}.`,
      },
    });
  }
  return { files: once, notices };
}

/** The files of a folder or a pattern, sorted; undefined where the path names a single file, even a missing one. */
async function filesAt(path: string, notices: Notice[]): Promise<string[] | undefined> {
  if (path === standardInput) return undefined;
  const existing = await statOf(path);
  if (existing?.isDirectory()) return filesInFolder(path, notices);
  if (existing !== undefined || !/[*?[{]|[!+@]\(/.test(path)) return undefined;
  return filesOfPattern(path, notices);
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    // Why it cannot be read is told when it is opened.
    return undefined;
  }
}

async function filesInFolder(folder: string, notices: Notice[]): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw new UserError(`the folder cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      place: { file: folder },
      remedy: 'Check its permissions, or name the files in it.',
      cause: error,
    });
  }
  const { tables, others } = await pickTables(names.map((name) => ({ name, path: join(folder, name) })));
  if (tables.length === 0) {
    throw new UserError('there is no table in this folder', {
      place: { file: folder },
      remedy:
        others.length === 0
          ? 'Give the folder that holds the exports.'
          : `In it: ${listNames(others, 'en')}. Give a folder with CSV, Excel, ODS, Parquet or JSON lines files.`,
    });
  }
  noteOthers(folder, others, notices);
  return tables;
}

async function filesOfPattern(pattern: string, notices: Notice[]): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const { folder, rest } = await splitPattern(pattern);
  const options = { cwd: folder === '' ? '.' : folder, expandDirectories: false, onlyFiles: true };
  let matches: string[];
  try {
    matches = await glob(rest, options);
  } catch (error) {
    throw new UserError(`the pattern cannot be followed (${(error as Error).message})`, {
      place: { file: pattern },
      remedy: 'Check the permissions of the folder, or name the files.',
      cause: error,
    });
  }
  const paths = matches.map((match) => ({ name: match.replace(/^.*\//, ''), path: join(folder, match) }));
  // A pattern that names an extension means it, '*.dat' too; 'exports/*' means the tables.
  const namesExtension = rest.replace(/^.*\//, '').includes('.');
  const { tables, others } = namesExtension
    ? {
        tables: paths.filter(({ name }) => !lockFile.test(name)).map(({ path }) => path),
        others: paths.filter(({ name }) => lockFile.test(name)).map(({ name }) => name),
      }
    : await pickTables(paths);
  if (tables.length === 0) {
    throw new UserError('no file matches this pattern', {
      place: { file: pattern },
      remedy:
        others.length === 0
          ? 'Check the folder and the pattern: * stands for any part of a name, ** for any folders.'
          : `It matches ${listNames(others, 'en')}, which is no table.`,
    });
  }
  noteOthers(pattern, others, notices);
  return sortNames(tables);
}

/** Cuts the folders that exist by that very name off a pattern: 'exports [2024]/*.csv' is about one folder. */
async function splitPattern(pattern: string): Promise<{ folder: string; rest: string }> {
  const separator = process.platform === 'win32' ? /[\\/]/ : /\//;
  const segments = pattern.split(separator);
  let folder = pattern.startsWith('/') ? '/' : '';
  let used = folder === '' ? 0 : 1;
  while (used < segments.length - 1) {
    const next = folder === '' ? segments[used]! : join(folder, segments[used]!);
    if (!(await statOf(next === '' ? '.' : next))?.isDirectory()) break;
    folder = next;
    used += 1;
  }
  return { folder, rest: segments.slice(used).join('/') };
}

interface Candidate {
  readonly name: string;
  readonly path: string;
}

/** Parts tables from what else lies around: hidden files, lock files of open workbooks, folders, other kinds. */
async function pickTables(candidates: readonly Candidate[]): Promise<{ tables: string[]; others: string[] }> {
  const tables: string[] = [];
  const others: string[] = [];
  for (const { name, path } of candidates) {
    const isTable = tableNames.test(name) && !name.startsWith('.') && !lockFile.test(name);
    if (isTable && (await statOf(path))?.isDirectory() === false) tables.push(path);
    else others.push(name);
  }
  return { tables: sortNames(tables), others: sortNames(others) };
}

/** By characters and not by a language, so that the order is the same everywhere. */
function sortNames(names: readonly string[]): string[] {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function noteOthers(path: string, others: readonly string[], notices: Notice[]): void {
  if (others.length === 0) return;
  const isHarmless = others.every((name) => name.startsWith('.') || lockFile.test(name));
  notices.push({
    code: 'files_skipped',
    level: isHarmless ? 'info' : 'warning',
    text: {
      en: `${path}: left out, as they are no tables: ${listNames(others, 'en')}.`,
      ru: `${path}: пропущены, так как это не таблицы: ${listNames(others, 'ru')}.`,
    },
  });
}

/** The first names, and how many more there are. */
export function listNames(names: readonly string[], language: 'en' | 'ru'): string {
  const rest = names.length - shownNames;
  const shown = names.slice(0, shownNames).join(', ');
  if (rest <= 0) return shown;
  const count = sayCount(rest)[language];
  return language === 'en' ? `${shown} and ${count} more` : `${shown} и ещё ${count}`;
}

/**
 * Drops files that were given before, by whatever name. A file that is named goes before the same file found by
 * a pattern, whose settings say less; named twice with different settings it is two tables (two sheets, say).
 */
async function eachOnce(files: readonly FoundFile[]): Promise<{ once: FoundFile[]; repeated: string[] }> {
  const named = new Map<string, FoundFile[]>();
  const entries: { file: FoundFile; key: string }[] = [];
  for (const file of files) {
    const key = await keyOf(file.path);
    entries.push({ file, key });
    if (!file.isFound) named.set(key, [...(named.get(key) ?? []), file]);
  }
  const seen = new Set<string>();
  const once: FoundFile[] = [];
  const repeated = new Set<string>();
  for (const { file, key } of entries) {
    const identity = file.isFound ? key : `${key}\0${JSON.stringify(file.settings)}`;
    if (seen.has(identity) || (file.isFound && named.has(key))) {
      repeated.add(file.path);
      continue;
    }
    seen.add(identity);
    once.push(file);
  }
  return { once, repeated: [...repeated] };
}

async function keyOf(path: string): Promise<string> {
  if (path === standardInput) return path;
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}
