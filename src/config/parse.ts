import { dirname } from 'node:path';
import {
  type Alias,
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { z } from 'zod';
import { exitCodes, shorten, UserError } from '../core/errors.js';
import type { ColumnOverride, FileSettings } from '../input/settings.js';
import { rfmSettings } from './rfm-schema.js';
import { type ConfigValue, configSchema, contradictions } from './schema.js';
import { closest } from './similar.js';
import type { Config, ConfigSource } from './types.js';

/** Far beyond any configuration; what is larger is not one. */
const mostCharacters = 256 * 1024;
/** Deeper brackets than any configuration has exhaust the parser. */
const deepestBrackets = 50;
const mostAliases = 100;
/** Mistakes told at once. */
const mostProblems = 20;

interface Problem {
  /** From 1. */
  readonly line: number;
  /** 'sources[1].columns.amount', or '' for the whole. */
  readonly path: string;
  readonly message: string;
}

/**
 * Reads a configuration.
 * @param path as the user would name it; its folder is where the paths within start
 * @throws UserError (usage) that tells every mistake with its line and its path
 */
export function parseConfig(text: string, path: string): Config {
  const fail = (problems: readonly Problem[]) => configError(path, problems);
  if (text.length > mostCharacters) {
    throw fail([{ line: 1, path: '', message: 'the file is too large to be a configuration' }]);
  }
  const deepLine = lineOfDeepBrackets(text);
  if (deepLine !== undefined) throw fail([tooDeep(deepLine)]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const lineAt = (offset: number) => Math.max(lines.linePos(offset).line, 1);
  const faults = [...document.errors, ...document.warnings].map((fault) => ({
    line: lineAt(fault.pos[0]),
    path: '',
    message: lowerFirst(fault.code === 'DUPLICATE_KEY' ? duplicateKey(text, fault.pos) : fault.message),
  }));
  const exhausted = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted !== undefined) throw fail([tooDeep(lineAt(exhausted.pos[0]))]);
  if (faults.length > 0) throw fail(faults);
  const aliases = unresolvedAliases(document, lineAt);
  if (aliases.length > 0) throw fail(aliases);
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    throw fail([{ line: 1, path: '', message: 'the file is empty; retain init FILE... writes one' }]);
  }
  const value = withoutEmpty(plainValue(document, fail));
  const result = configSchema.safeParse(value);
  const problems = [
    ...(result.error?.issues ?? []).flatMap((issue) => problemsOf(issue, document, lineAt)),
    ...contradictions(value).map(({ path: keys, message }) => ({
      line: lineOf(document, keys, lineAt),
      path: sayPath(keys),
      message,
    })),
  ];
  if (!result.success || problems.length > 0) throw fail(problems);
  return toConfig(result.data, path, (keys) => lineOf(document, keys, lineAt));
}

function tooDeep(line: number): Problem {
  return { line, path: '', message: 'nested too deeply' };
}

function plainValue(document: Document, fail: (problems: readonly Problem[]) => UserError): unknown {
  try {
    return document.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    // The parser's own guard against aliases that multiply.
    if (error instanceof ReferenceError) {
      throw fail([{ line: 1, path: '', message: 'too many aliases (*name)' }]);
    }
    throw error;
  }
}

/** Without keys that nothing follows, as where all that stood below is commented out. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutEmpty(entry)]));
}

function unresolvedAliases(document: Document, lineAt: (offset: number) => number): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias: (_key, alias: Alias) => {
      if (alias.resolve(document) !== undefined) return;
      const line = lineAt(alias.range?.[0] ?? 0);
      problems.push({ line, path: '', message: `no anchor &${alias.source} for *${alias.source}` });
    },
  });
  return problems;
}

/** The first line on which brackets are nested beyond measure. Brackets in quotes count, which harms nothing. */
function lineOfDeepBrackets(text: string): number | undefined {
  let depth = 0;
  let line = 1;
  for (const character of text) {
    if (character === '\n') line += 1;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    if (depth > deepestBrackets) return line;
  }
  return undefined;
}

function duplicateKey(text: string, [from]: readonly [number, number]): string {
  const key = /^[^:\n]*/.exec(text.slice(from))![0].trim();
  return `the key '${shorten(key)}' stands here a second time`;
}

function problemsOf(
  issue: z.core.$ZodIssue,
  document: Document,
  lineAt: (offset: number) => number,
): Problem[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) => {
      const meant = closest(key, known);
      return {
        line: lineOf(document, [...path, key], lineAt),
        path: sayPath([...path, key]),
        message: `unknown field '${shorten(key)}'${meant === undefined ? `; known: ${known.join(', ')}` : `; did you mean '${meant}'?`}`,
      };
    });
  }
  return [{ line: lineOf(document, path, lineAt), path: sayPath(path), message: sayIssue(issue, document) }];
}

/** What the schema allows at a path. */
function knownKeys(path: readonly (string | number)[]): string[] {
  let schema: unknown = configSchema;
  for (const key of path) {
    const inner = unwrap(schema);
    schema = typeof key === 'number' ? inner.element : inner.shape?.[key];
  }
  return Object.keys(unwrap(schema).shape ?? {});
}

interface SchemaParts {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
}

function unwrap(schema: unknown): SchemaParts {
  let inner = schema as SchemaParts & { unwrap?: () => unknown };
  while (inner.element === undefined && typeof inner.unwrap === 'function') {
    inner = inner.unwrap() as SchemaParts & { unwrap?: () => unknown };
  }
  return inner;
}

function sayIssue(issue: z.core.$ZodIssue, document: Document): string {
  const node = document.getIn(issue.path as (string | number)[], true);
  const isMissing = node === undefined || (isScalar(node) && node.value === null);
  switch (issue.code) {
    case 'invalid_value': {
      const value = isScalar(node) ? String(node.value) : undefined;
      const values = issue.values.map((allowed) =>
        /^\w[\w-]*$/.test(String(allowed)) ? String(allowed) : JSON.stringify(allowed),
      );
      const meant = value === undefined ? undefined : closest(value, values);
      return `must be one of ${values.join(', ')}${value === undefined ? '' : `, not '${shorten(value)}'`}${meant === undefined ? '' : `; did you mean '${meant}'?`}`;
    }
    case 'invalid_type':
    case 'invalid_union':
      if (isMissing && issue.path.length > 0) return 'is missing';
      return issue.message.startsWith('Invalid input')
        ? `must be ${issue.code === 'invalid_type' && issue.expected === 'object' ? 'a map of names to values' : 'of another kind'}`
        : issue.message;
    case 'too_small':
    case 'too_big':
      if (issue.origin === 'string') return 'must not be empty';
      if (issue.origin === 'array') return 'must not be an empty list';
      return issue.code === 'too_small'
        ? `must be at least ${issue.minimum}`
        : `must be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** The line of the key or the list item at a path, or of the nearest that stands in the file. */
function lineOf(
  document: Document,
  path: readonly (string | number)[],
  lineAt: (offset: number) => number,
): number {
  for (let length = path.length; length > 0; length -= 1) {
    const last = path[length - 1]!;
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === String(last));
      const range = (pair?.key as Node | undefined)?.range;
      if (range) return lineAt(range[0]);
    } else {
      const range = (document.getIn(path.slice(0, length), true) as Node | undefined)?.range;
      if (range) return lineAt(range[0]);
    }
  }
  return lineAt((document.contents as Node | null)?.range?.[0] ?? 0);
}

/** 'sources[1].columns.amount' */
function sayPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${shorten(key)}`,
    '',
  );
}

function configError(file: string, problems: readonly Problem[]): UserError {
  const sorted = [...problems].sort((one, other) => one.line - other.line);
  const say = ({ line, path, message }: Problem) =>
    `${file}, line ${line}${path === '' ? '' : `, ${path}`}: ${message}`;
  const shown = sorted.slice(0, mostProblems).map(say);
  const left = sorted.length - shown.length;
  return new UserError(
    shown.length === 1
      ? shown[0]!
      : `${sorted.length} mistakes\n${shown.map((line) => `  ${line}`).join('\n')}${left > 0 ? `\n  ... and ${left} more` : ''}`,
    { remedy: 'Mend the file, or run without it: --no-config.', exitCode: exitCodes.usage },
  );
}

function lowerFirst(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

function toConfig(value: ConfigValue, path: string, line: (keys: (string | number)[]) => number): Config {
  const { base, ...byCurrency } = value.rates ?? {};
  return {
    path,
    folder: dirname(path),
    sources: (value.sources ?? []).map(
      (source, index): ConfigSource => ({
        paths: [source.path].flat(),
        settings: settingsOf(source),
        place: `${path}, line ${line(['sources', index])}, sources[${index}]`,
      }),
    ),
    options: given(value.options ?? {}),
    rates: base === undefined ? undefined : { base, byCurrency },
    rfm: rfmSettings(value.rfm, value.options?.bins === undefined ? undefined : Number(value.options.bins)),
  };
}

function settingsOf(source: NonNullable<ConfigValue['sources']>[number]): FileSettings {
  const { columns, sheets, constants, statuses, role, encoding, delimiter, decimal } = source;
  return given({
    role,
    columns:
      columns &&
      (Object.entries(columns) as [ColumnOverride['field'], string][]).map(([field, header]) => ({
        field,
        header,
      })),
    sheets,
    encoding,
    delimiter,
    headerRow: source['header-row'],
    dateOrder: source['date-order'],
    decimal,
    constants: constants && given(constants),
    statuses: statuses && given(statuses),
  });
}

/** The entries that are there. */
function given<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as never;
}
