import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { differences, type Figures, retainFigures } from './agreement.js';
import { customerCsv, mergedShare, orderCsv, orderWorkbook, russianOrderCsv } from './data.js';
import { describeMachine, findPandas } from './machine.js';
import { type Contender, type Measurement, measure, runOnce } from './measure.js';

// Measures retain beside its peers, every one as a whole process, and prints a markdown block.
//   node dist/bench/run.js [--lines 1000000,10000000] [--runs 5]

const { values: options } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000,10000000' },
    runs: { type: 'string', default: '5' },
  },
});
const sizes = options.lines.split(',').map(Number);
const runs = Number(options.runs);
if (![...sizes, runs].every((number) => Number.isInteger(number) && number > 0)) {
  throw new Error('--lines and --runs take whole numbers above zero');
}

const period = '2024-06';
const workbookLines = 200_000;
const codePageLines = 1_000_000;
const customers = 1_000_000;
/** From here on, the memory limit is tried and pandas, which is slow, runs fewer times. */
const large = 10_000_000;
const slowRuns = Math.min(runs, 2);
/** Other analyses of the same file, and how many times as long as metrics each is to take at most. */
const analyses = [
  { command: ['rfm', '--json'], aim: 1.3 },
  { command: ['cohorts', '--json'], aim: 1.3 },
  { command: ['forecast', '--json'], aim: 2 },
  // The head of the list: fit and score are measured, and not a million rows of JSON.
  { command: ['churn', '--top', '20', '--json'], aim: 2 },
];
const root = fileURLToPath(new URL('../../', import.meta.url));
const pandas = findPandas();

const node = (script: string, ...rest: string[]): string[] => [process.execPath, `${root}${script}`, ...rest];
const retain = (...rest: string[]): string[] => node('bin/retain.js', ...rest);
const metrics = (file: string, ...rest: string[]): string[] =>
  retain('metrics', file, '--period', period, '--json', ...rest);

console.log('## Measured\n');
for (const line of await describeMachine(pandas)) console.log(line);
console.log(
  `- Each line is a whole process, the median of up to ${runs} runs taken in turns; ratio = wall time of`,
);
console.log('  retain / wall time of the peer, so below 1 retain is faster\n');

for (const lines of sizes) await compareCsv(lines);
for (const lines of sizes) await compareAnalyses(lines);
await compareEncodings();
await compareWorkbook();
await comparePersons();
await compareStart();

async function compareCsv(lines: number): Promise<void> {
  const file = await orderCsv(lines);
  const contenders: Contender[] = [
    { name: 'retain metrics', command: metrics(file) },
    { name: 'DuckDB, by hand', command: node('dist/bench/peers/duckdb.js', file, period) },
  ];
  if ('python' in pandas) {
    const command = [pandas.python, `${root}src/bench/peers/pandas.py`, file, period];
    contenders.push({ name: 'pandas', command, ...(lines >= large ? { runs: slowRuns } : {}) });
  }
  const failure = lines >= large ? await addLimited(contenders, file) : undefined;
  await checkAgreement(file, contenders);
  contenders.push({ name: 'DuckDB, count(*) only', command: node('dist/bench/peers/count.js', file) });
  printTable(`CSV, ${grouped(lines)} lines`, await measure(contenders, runs));
  if (failure !== undefined) console.log(`\`--memory 500MB\` FAILED:\n\n${failure}\n`);
}

/** Adds a run within little memory where it works; otherwise says why not, and the benchmark fails in the end. */
async function addLimited(contenders: Contender[], file: string): Promise<string | undefined> {
  const limited = { name: 'retain metrics --memory 500MB', command: metrics(file, '--memory', '500MB') };
  try {
    await runOnce(limited.command);
    contenders.push(limited);
    return undefined;
  } catch (error) {
    process.exitCode = 1;
    return String(error).replace(/^/gm, '    ');
  }
}

async function compareAnalyses(lines: number): Promise<void> {
  const file = await orderCsv(lines);
  const contenders: Contender[] = [
    { name: 'retain metrics', command: metrics(file) },
    ...analyses.map(({ command: [name, ...rest] }) => ({
      name: `retain ${name}`,
      command: retain(name!, file, ...rest),
    })),
  ];
  const [own, ...others] = await measure(contenders, runs);
  printTable(`Analyses, ${grouped(lines)} lines`, [own!, ...others]);
  others.forEach(({ name, wall }, index) => {
    const times = wall / own!.wall;
    const { aim } = analyses[index]!;
    if (times > aim && lines >= large) process.exitCode = 1;
    console.log(`${name} takes ${times.toFixed(2)} times as long as metrics; the aim is ${aim}.\n`);
  });
}

/** The same rows, once as UTF-8, which the engine reads in place, and once in a code page. */
async function compareEncodings(): Promise<void> {
  const own = await russianOrderCsv(codePageLines, 'windows-1251');
  const peer = await russianOrderCsv(codePageLines, 'utf-8');
  const contenders: Contender[] = [
    { name: 'retain metrics, windows-1251', command: metrics(own) },
    { name: 'retain metrics, UTF-8', command: metrics(peer) },
  ];
  const reference = { name: 'DuckDB', command: node('dist/bench/peers/duckdb.js', peer, period) };
  await checkAgreement(own, [...contenders, reference]);
  printTable(`CSV, ${grouped(codePageLines)} lines, windows-1251`, await measure(contenders, runs));
}

async function compareWorkbook(): Promise<void> {
  const csv = await orderCsv(workbookLines);
  const workbook = await orderWorkbook(workbookLines);
  const contenders: Contender[] = [
    { name: 'retain metrics', command: metrics(workbook) },
    { name: 'exceljs, rows only', command: node('dist/bench/peers/exceljs-stream.js', workbook) },
  ];
  // No peer reads the workbook into KPIs, but its rows are those of the CSV file.
  const peer = { name: 'DuckDB', command: node('dist/bench/peers/duckdb.js', csv, period) };
  await checkAgreement(workbook, [contenders[0]!, peer]);
  printTable(`XLSX, ${grouped(workbookLines)} lines`, await measure(contenders, runs));
}

/** Telling persons among customers with e-mails and phones, a fifth of whom are there twice, against not telling. */
async function comparePersons(): Promise<void> {
  const files = [await orderCsv(1_000_000), await customerCsv(customers)];
  const command = [...metrics(files[0]!), files[1]!];
  const { output } = await runOnce(command);
  const { sources } = JSON.parse(output) as { sources: { role: string; rows_merged: number }[] };
  const merged = sources.find(({ role }) => role === 'customers')!.rows_merged;
  const expected = customers * mergedShare;
  if (Math.abs(merged - expected) > expected * 0.001) {
    throw new Error(`${merged} customers were merged where ${expected} are there twice`);
  }
  const contenders: Contender[] = [
    { name: 'retain metrics', command },
    { name: 'retain metrics --no-identity', command: [...command, '--no-identity'] },
  ];
  printTable(
    `Persons: ${grouped(customers)} customers, ${grouped(merged)} merged`,
    await measure(contenders, runs),
  );
}

async function compareStart(): Promise<void> {
  const contenders: Contender[] = [
    { name: 'retain --help', command: retain('--help') },
    { name: 'node -e 0', command: [process.execPath, '-e', '0'] },
  ];
  // These are short, so more of them cost little and steady the median.
  const [help, bare] = await measure(contenders, runs * 4);
  printTable('Start', [help!, bare!]);
  console.log(`Help costs ${((help!.wall - bare!.wall) * 1000).toFixed(0)} ms over an empty script.\n`);
}

/**
 * Every contender must print the same KPIs before any of them is timed. The peer written by hand in SQL is the
 * reference. It also brings the file into the system's cache.
 */
async function checkAgreement(file: string, contenders: readonly Contender[]): Promise<void> {
  const all: { name: string; figures: Figures }[] = [];
  for (const { name, command } of contenders) {
    const { output } = await runOnce(command);
    const figures = name.startsWith('retain') ? retainFigures(output) : (JSON.parse(output) as Figures);
    all.push({ name, figures });
  }
  const reference = all.find(({ name }) => name.startsWith('DuckDB'))!;
  const found = all.flatMap(({ name, figures }) =>
    differences(reference.figures, figures).map(
      (difference) => `${reference.name} and ${name}: ${difference}`,
    ),
  );
  if (found.length > 0) throw new Error(`the KPIs of ${file} do not agree\n${found.join('\n')}`);
}

function printTable(title: string, measurements: readonly Measurement[]): void {
  const own = measurements[0]!;
  console.log(`### ${title}\n`);
  console.log('| process | wall, s | processor, s | peak memory, MB | runs | ratio |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { name, wall, processor, peak, runs: times } of measurements) {
    const ratio = name === own.name ? '' : (own.wall / wall).toFixed(2);
    const cells = [
      name,
      wall.toFixed(2),
      processor?.toFixed(2) ?? '?',
      peak?.toFixed(0) ?? '?',
      times,
      ratio,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log('');
}

function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ' ');
}
