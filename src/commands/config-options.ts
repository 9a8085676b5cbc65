import type { Command } from 'commander';
import { findConfig } from '../config/find.js';
import type { Config } from '../config/types.js';

/** Options that stand for one another: where the command line gives one, a configuration gives none of them. */
const groups = [
  ['period', 'from', 'to'],
  ['format', 'json', 'out'],
  ['cutoff', 'folds'],
];

/** What `applyConfig` leaves with the options of a command. */
export interface ConfigFlags {
  /** A path, false for --no-config, undefined to search. */
  readonly config?: string | false;
  readonly configuration?: AppliedConfig;
}

export interface AppliedConfig extends Config {
  /** Options that it gave, as people write them: 'currency RUB'. */
  readonly applied: readonly string[];
}

/** Adds the options about the configuration, the same for every command that reads exports. */
export function addConfigOptions(command: Command): Command {
  return command
    .option(
      '--config <file>',
      'settings to read (default: the nearest retain.yaml, here or in a folder above)',
    )
    .option('--no-config', 'leave any retain.yaml out');
}

/**
 * Before a command runs: finds and reads its configuration, and takes options that the command line does not give
 * from it. YAML and its schema are loaded only where there is one.
 * @throws UserError (usage) for a configuration that is not in order
 */
export async function applyConfig(command: Command): Promise<void> {
  if (!command.options.some(({ long }) => long === '--no-config')) return;
  const { config: asked } = command.opts<ConfigFlags>();
  const path = asked === false ? undefined : (asked ?? findConfig(process.cwd()));
  if (path === undefined) return;
  const { loadConfig } = await import('../config/load.js');
  const config = await loadConfig(path);
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli';
  const applied: string[] = [];
  for (const [name, value] of Object.entries(config.options)) {
    // A file may settle these for itself, so they are not for all of them: see files.ts.
    if (name === 'date-order' || name === 'decimal') {
      if (!isGiven(name === 'decimal' ? name : 'dateOrder')) applied.push(`${name} ${value}`);
      continue;
    }
    const option = command.options.find(({ long }) => long === `--${name}` || long === `--no-${name}`);
    if (option === undefined) continue;
    // Options of one name may have other choices elsewhere: --by day is for a trend, not for cohorts.
    if (option.argChoices !== undefined && !option.argChoices.includes(String(value))) continue;
    const rivals = groups.find((group) => group.includes(name)) ?? [];
    if ([option.attributeName(), ...rivals].some(isGiven)) continue;
    const parsed =
      typeof value === 'boolean' ? value : (option.parseArg?.(String(value), undefined as never) ?? value);
    command.setOptionValueWithSource(option.attributeName(), parsed, 'config');
    applied.push(`${name} ${value}`);
  }
  command.setOptionValueWithSource('configuration', { ...config, applied }, 'config');
}
