/** Exit codes, documented in docs/guide.md. */
export const exitCodes = { ok: 0, badInput: 1, usage: 2, undecided: 3, beside: 4, internal: 70 } as const;

/** Where in the input something is wrong. */
export interface Place {
  readonly file?: string;
  readonly sheet?: string | null;
  /** As a spreadsheet numbers it, from 1. */
  readonly row?: number;
  readonly column?: string;
  readonly value?: string;
}

/** A mistake in the input or in the request: told in one line with its place, and one line of remedy. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly place: Place;
  readonly remedy: string;
  readonly exitCode: number;

  constructor(what: string, options: { place?: Place; remedy: string; exitCode?: number; cause?: unknown }) {
    super(what, options.cause === undefined ? undefined : { cause: options.cause });
    this.place = options.place ?? {};
    this.remedy = options.remedy;
    this.exitCode = options.exitCode ?? exitCodes.badInput;
  }
}

/** 'orders.csv, sheet 'May', row 12, column 'Amount', value '12,x': ' or nothing. */
export function describePlace(place: Place): string {
  const parts: string[] = [];
  if (place.file !== undefined) parts.push(place.file === '-' ? 'standard input' : place.file);
  if (place.sheet) parts.push(`sheet '${place.sheet}'`);
  if (place.row !== undefined) parts.push(`row ${place.row}`);
  if (place.column !== undefined) parts.push(`column '${place.column}'`);
  if (place.value !== undefined) parts.push(`value '${shorten(place.value)}'`);
  return parts.join(', ');
}

/** The two lines a user reads. */
export function describeError(error: UserError): string {
  const place = describePlace(error.place);
  return `retain: ${place === '' ? '' : `${place}: `}${error.message}\n  ${error.remedy}`;
}

/** Cell text fit for a message: one line, no control characters, at most 60 characters. */
export function shorten(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  const plain = value.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain;
}
