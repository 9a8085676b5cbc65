/** Pinned, so that a failure is a change. */
const pinnedSeed = 20240630;
const locally = 200;

/**
 * The seeds of a run: as many as asked in CI, some locally, and one alone where RETAIN_SEED names it;
 * RETAIN_FUZZ=N makes N of them.
 */
export function runSize(inCI: number): { first: number; count: number } {
  const { RETAIN_SEED: seed, RETAIN_FUZZ: size, CI: ci } = process.env;
  const asked = size === undefined ? undefined : Number(size);
  if (seed !== undefined) return { first: Number(seed), count: asked ?? 1 };
  return { first: pinnedSeed, count: asked ?? (ci ? inCI : locally) };
}
