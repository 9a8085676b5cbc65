import type { Day } from '../core/dates.js';
import type { Progress } from '../core/progress.js';
import type { Notice } from '../core/table.js';
import { withTemporaryFolder } from '../core/temporary.js';
import { openDuckDB } from '../engines/duckdb/engine.js';
import type { LoadingEngine } from '../engines/loader.js';
import type { DateOrder } from '../input/dates.js';
import { type Inputs, type ReadContext, readInputs } from '../input/read.js';
import type { ColumnOverride, InputFile } from '../input/settings.js';
import { type Base, type BaseOptions, loadBase } from './base.js';
import type { IdentityOptions } from './identity/holders.js';
import type { Rates } from './rates.js';
import type { RejectsSink } from './rejects.js';

/** Which files are read and how: what every command over exports is asked. */
export interface InputRequest {
  readonly files: readonly InputFile[];
  readonly columns: readonly ColumnOverride[];
  readonly dateOrder: DateOrder | undefined;
  readonly decimal: 'comma' | 'point' | undefined;
  /** Share of faulty rows, 0-1, above which a file is not trusted. */
  readonly maxRejectedShare: number;
  /** Rows after this day are left out; undefined for the last day of the data. */
  readonly asOf: Day | undefined;
  /** Whether customers that share an e-mail or a phone are one person. */
  readonly joinPersons: boolean;
  /** The country of phone numbers without a +, two letters; undefined to find it in the data. */
  readonly country: string | undefined;
  /** The most customers that one e-mail or phone may belong to. */
  readonly sharedLimit: number;
  readonly memory: string | undefined;
  readonly threads: number | undefined;
  readonly temporaryFolder: string | undefined;
  /** Rates to one base currency; amounts of several currencies stop the run without them. */
  readonly rates?: Rates | undefined;
  /** Takes every rejected row. */
  readonly rejects?: RejectsSink | undefined;
  /** What a reader must know of how the request came about. */
  readonly notices?: readonly Notice[];
}

export interface InputSession {
  readonly engine: LoadingEngine;
  readonly inputs: Inputs;
  readonly temporaryFolder: string;
}

/** Opens an engine, works with it, and leaves nothing behind. */
export async function withEngine<T>(
  request: Pick<InputRequest, 'memory' | 'threads' | 'temporaryFolder'>,
  progress: Progress,
  work: (context: ReadContext) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(request.temporaryFolder, async (temporaryFolder) => {
    progress.step('looking at the files');
    const engine = await openDuckDB({
      temporaryFolder,
      ...(request.memory === undefined ? {} : { memory: request.memory }),
      ...(request.threads === undefined ? {} : { threads: request.threads }),
    });
    try {
      return await work({ engine, temporaryFolder });
    } finally {
      await engine.close();
    }
  });
}

/** The same with the files opened and recognised. */
export async function withInputs<T>(
  request: InputRequest,
  progress: Progress,
  work: (session: InputSession) => Promise<T>,
): Promise<T> {
  return withEngine(request, progress, async (context) => {
    const read = await readInputs(request.files, request.columns, context);
    const inputs = { ...read, notices: [...(request.notices ?? []), ...read.notices] };
    try {
      return await work({ ...context, inputs });
    } finally {
      await inputs.close();
    }
  });
}

/** The same with the customer base loaded. */
export async function withBase<T>(
  request: InputRequest,
  progress: Progress,
  work: (session: InputSession & { readonly base: Base }) => Promise<T>,
  options: Pick<BaseOptions, 'keepDetails' | 'keepChannels' | 'keepReturns' | 'numberPurchaseDays'> = {},
): Promise<T> {
  return withInputs(request, progress, async (session) => {
    progress.step(`reading ${request.files.map((file) => file.path).join(', ')}`);
    const base = await baseOf(session, request, options);
    progress.step('computing');
    return work({ ...session, base });
  });
}

/** Loads the customer base of files that are open into the engine of a session. */
export function baseOf(
  session: InputSession,
  request: InputRequest,
  options: Pick<
    BaseOptions,
    'keepNames' | 'keepDetails' | 'keepChannels' | 'keepReturns' | 'numberPurchaseDays'
  > = {},
): Promise<Base> {
  return loadBase(session.engine, session.inputs.sources, {
    temporaryFolder: session.temporaryFolder,
    dateOrder: request.dateOrder,
    decimal: request.decimal,
    asOf: request.asOf,
    rates: request.rates,
    maxRejectedShare: request.maxRejectedShare,
    rejects: request.rejects,
    identity: identityOptions(request),
    ...options,
  });
}

/** How persons are told, or undefined where every id is taken for one. */
export function identityOptions(request: InputRequest): IdentityOptions | undefined {
  return request.joinPersons ? { country: request.country, sharedLimit: request.sharedLimit } : undefined;
}
