import { withTemporaryFolder } from '../core/temporary.js';
import { openDuckDB } from '../engines/duckdb/engine.js';
import type { LoadingEngine } from '../engines/loader.js';

/** An empty engine for a test, closed at its end. */
export function withEngine<T>(work: (engine: LoadingEngine) => Promise<T>): Promise<T> {
  return withTemporaryFolder(undefined, async (temporaryFolder) => {
    const engine = await openDuckDB({ temporaryFolder, threads: 1 });
    try {
      return await work(engine);
    } finally {
      await engine.close();
    }
  });
}
