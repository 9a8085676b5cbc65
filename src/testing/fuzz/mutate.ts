import type { Random } from '../fixtures/random.js';

type Mutation = (bytes: Buffer, random: Random) => Buffer;

/** A stretch of bytes: mostly short, sometimes any length. */
function stretch(bytes: Buffer, random: Random): [start: number, end: number] {
  const start = random.integer(0, bytes.length - 1);
  const longest = random.chance(0.7) ? 8 : bytes.length;
  return [start, Math.min(bytes.length, start + random.integer(1, longest))];
}

function noise(random: Random): Buffer {
  // What files are made of does more harm than just any bytes.
  if (random.chance(0.5))
    return Buffer.from(random.pick(['"', '\n', '\r', ';', ',', '\t', '\0', '""', '\uFEFF', '<', 'PK']));
  return Buffer.from(Array.from({ length: random.integer(1, 12) }, () => random.integer(0, 255)));
}

export const mutations: Readonly<Record<string, Mutation>> = {
  'a bit flipped': (bytes, random) => {
    const copy = Buffer.from(bytes);
    const at = random.integer(0, copy.length - 1);
    copy[at] = copy[at]! ^ (1 << random.integer(0, 7));
    return copy;
  },
  'bytes overwritten': (bytes, random) => {
    const copy = Buffer.from(bytes);
    noise(random).copy(copy, random.integer(0, copy.length - 1));
    return copy;
  },
  'bytes cut out': (bytes, random) => {
    const [start, end] = stretch(bytes, random);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  'bytes inserted': (bytes, random) => {
    const at = random.integer(0, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), noise(random), bytes.subarray(at)]);
  },
  'bytes doubled': (bytes, random) => {
    const [start, end] = stretch(bytes, random);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  },
  'the end cut off': (bytes, random) => bytes.subarray(0, random.integer(0, bytes.length - 1)),
  'two stretches swapped': (bytes, random) => {
    const cuts = [0, 0, 0].map(() => random.integer(0, bytes.length)).sort((one, other) => one - other);
    const [first, second, third] = cuts as [number, number, number];
    return Buffer.concat([
      bytes.subarray(0, first),
      bytes.subarray(second, third),
      bytes.subarray(first, second),
      bytes.subarray(third),
    ]);
  },
};

/** Harms a file in one to three ways, and says how. */
export function mutate(bytes: Buffer, random: Random): { bytes: Buffer; how: string } {
  const names = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () =>
    random.pick(Object.keys(mutations)),
  );
  let harmed = bytes;
  for (const name of names) if (harmed.length > 0) harmed = mutations[name]!(harmed, random);
  return { bytes: harmed, how: names.join(', ') };
}
