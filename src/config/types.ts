import type { RfmSettings } from '../analyses/rfm/settings.js';
import type { InputFile } from '../input/settings.js';
import type { Rates } from '../model/rates.js';

/** Defaults for options of the command line, by their long name without dashes: 'active-days'. */
export type OptionDefaults = Readonly<Record<string, string | number | boolean>>;

/** What retain.yaml says of some files. */
export interface ConfigSource {
  /** Paths, folders and globs, from the folder of the configuration. */
  readonly paths: readonly string[];
  readonly settings: InputFile['settings'];
  /** Where it stands, for messages: 'retain.yaml, line 3, sources[0]'. */
  readonly place: string;
}

/** A configuration that was read and found in order. */
export interface Config {
  /** As a user would name it from the current folder. */
  readonly path: string;
  /** The folder that its paths start from. */
  readonly folder: string;
  readonly sources: readonly ConfigSource[];
  readonly options: OptionDefaults;
  readonly rates: Rates | undefined;
  readonly rfm: RfmSettings;
}
