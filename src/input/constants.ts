import type { Source } from './source.js';
import type { Field } from './vocabulary.js';

/**
 * The source with the constants of its settings as columns behind its own: in the header as "channel = 'Shop'",
 * in every row of the sample by value. They are not in the scan; whoever reads it takes their value.
 */
export function withConstants(source: Source): Source {
  const constants = Object.entries(source.settings.constants ?? {}) as [Field, string][];
  if (constants.length === 0) return source;
  const width = source.header.length;
  const values = constants.map(([, value]) => value);
  return {
    ...source,
    header: [...source.header, ...constants.map(([field, value]) => `${field} = '${value}'`)],
    sample: source.sample.map((row) => [
      ...Array.from({ length: width }, (_, index) => row[index] ?? null),
      ...values,
    ]),
    constants: Object.fromEntries(constants.map(([field], index) => [field, width + index])),
    prepare: async (columns, temporaryFolder) => {
      const own = columns.filter((column) => column < width);
      const prepared = await source.prepare(own, temporaryFolder);
      return {
        ...prepared,
        positions: columns.map((column) => prepared.positions[own.indexOf(column)] ?? -1),
      };
    },
  };
}

/** The value that a field has in every row, or undefined where it is read from a column. */
export function constantOf(source: Source, field: Field, column: number | undefined): string | undefined {
  return column !== undefined && source.constants?.[field] === column
    ? source.settings.constants?.[field]
    : undefined;
}
