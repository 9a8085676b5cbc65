import type { DateOrder } from './dates.js';
import type { Encoding } from './encoding.js';
import type { Field, Role } from './vocabulary.js';

/** A column that the user named: --column amount="Total paid". */
export interface ColumnOverride {
  readonly field: Field;
  readonly header: string;
}

/** How one file is to be read, where the user says so; what is left out is told by the file itself. */
export interface FileSettings {
  readonly role?: Role;
  readonly columns?: readonly ColumnOverride[];
  /** Sheets to read, by name; all visible ones otherwise. */
  readonly sheets?: readonly string[];
  readonly encoding?: Encoding;
  readonly delimiter?: string;
  /** The row of the header as a spreadsheet numbers it, from 1. */
  readonly headerRow?: number;
  readonly dateOrder?: DateOrder;
  readonly decimal?: 'comma' | 'point';
  /** A value for every row, where the file has no such column: channel 'Shop on Main Street'. */
  readonly constants?: Readonly<Partial<Record<Field, string>>>;
  /** Words of the status column, compared whole and without case, before the built-in ones. */
  readonly statuses?: {
    readonly sale?: readonly string[];
    readonly cancelled?: readonly string[];
    readonly returned?: readonly string[];
  };
}

/** A file as the user gave it: a path, a folder, a glob, or '-' for standard input. */
export interface InputFile {
  readonly path: string;
  readonly settings: FileSettings;
  /** True where a folder or a pattern brought it, so that it may be passed over if it holds nothing known. */
  readonly isFound?: boolean;
}
