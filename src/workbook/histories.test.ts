import { expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { History } from '../testing/histories.js';
import { hasOffice, resaveInOffice } from '../testing/office.js';

const pinnedSeed = 20240630;
const { RETAIN_SEED: seed, RETAIN_HISTORIES: size, CI: ci } = process.env;
const first = seed === undefined ? pinnedSeed : Number(seed);
const count = size === undefined ? (seed === undefined ? (ci ? 500 : 40) : 1) : Number(size);
/** Runs after the first. */
const runs = 3;
const files = temporaryFiles();

test(`histories from seed ${first}: in ${count} random ones no edit is lost or moved to another customer`, async () => {
  console.log(`histories from seed ${first}: ${count} (500 in CI; RETAIN_SEED=N runs history N alone)`);
  const failures: string[] = [];
  let next = first;
  const work = async () => {
    while (next < first + count && failures.length < 5) {
      const number = next++;
      const history = new History(number, files.path(`churn-${number}.xlsx`));
      const fault = await happen(history);
      if (fault !== undefined) failures.push(`seed ${number}: ${history.done.join('; ')}\n${fault}`);
    }
  };
  // Files are written to the disk for good, which takes most of the time: others go on meanwhile.
  await Promise.all([work(), work(), work(), work()]);
  expect(failures.join('\n\n')).toBe('');
}, 600_000);

async function happen(history: History): Promise<string | undefined> {
  let fault = await history.run();
  for (let turn = 0; turn < runs && fault === undefined; turn += 1) {
    history.edit();
    fault = await history.run();
  }
  return fault;
}

const inOffice = 6;

test.skipIf(!hasOffice())(
  `histories in which LibreOffice saves the workbook between runs${hasOffice() ? '' : ' (skipped: soffice is not installed)'}`,
  async () => {
    const numbers = Array.from({ length: inOffice }, (_, index) => first + 10_000 + index);
    const histories = numbers.map((number) => new History(number, files.path(`office-${number}.xlsx`)));
    const failures: string[] = [];
    const runAll = async () => {
      for (const [index, history] of histories.entries()) {
        const fault = await history.run();
        if (fault !== undefined)
          failures.push(`seed ${numbers[index]}: ${history.done.join('; ')}\n${fault}`);
      }
    };
    await runAll();
    for (let turn = 0; turn < 2 && failures.length === 0; turn += 1) {
      for (const history of histories) history.edit();
      resaveInOffice(histories.map(({ path }) => path));
      await runAll();
    }
    expect(failures.join('\n\n')).toBe('');
  },
  600_000,
);
