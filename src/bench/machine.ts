import { spawnSync } from 'node:child_process';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';

/** The Python that pandas can be imported in, or why there is none. */
export type Pandas = { python: string; version: string } | { reason: string };

/** Looks for pandas in the first Python of the path, then in the system's own. */
export function findPandas(): Pandas {
  for (const python of ['python3', '/usr/bin/python3']) {
    const result = spawnSync(python, ['-c', 'import pandas; print(pandas.__version__)'], {
      encoding: 'utf8',
    });
    if (result.status === 0) return { python, version: result.stdout.trim() };
  }
  return { reason: "python3 -c 'import pandas' fails" };
}

/** The machine and the versions the figures belong to, as lines of a markdown list. */
export async function describeMachine(pandas: Pandas): Promise<string[]> {
  const processors = cpus();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const duckdb = (await connection.runAndReadAll('select version()')).getRowsJS()[0]?.[0];
  return [
    `- Machine: ${processors.length} x ${processors[0]?.model ?? arch()}, ` +
      `${(totalmem() / 2 ** 30).toFixed(0)} GB of memory, ${platform()} ${release()}`,
    `- Node ${process.versions.node}, DuckDB ${duckdb}, ` +
      ('version' in pandas ? `pandas ${pandas.version}` : `pandas skipped: ${pandas.reason}`),
    `- Date: ${new Date().toISOString().slice(0, 10)}`,
  ];
}
