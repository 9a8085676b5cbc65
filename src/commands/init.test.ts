import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../config/parse.js';
import { checkAccounts, type Json, projectRoot, retain, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
let folders = 0;

/** A folder of its own with these files. */
function project(contents: Readonly<Record<string, string | Uint8Array>>): string {
  folders += 1;
  const folder = files.path(`project-${folders}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content);
  return folder;
}

/** What stands in the file written, without comments and the line that depends on where retain is. */
function settingsIn(folder: string): string {
  return readFileSync(join(folder, 'retain.yaml'), 'utf8')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#') && line !== '')
    .map((line) => line.replace(/ # .*/, ''))
    .join('\n');
}

async function metricsIn(cwd: string, ...args: string[]): Promise<Json> {
  const outcome = await retain(['metrics', ...args, '--json'], { cwd });
  if (outcome.code !== 0) throw new Error(`exit code ${outcome.code}: ${outcome.stderr}`);
  const report = JSON.parse(outcome.stdout);
  checkAccounts(report);
  return report;
}

describe('round trip', () => {
  test.each([
    ['shop', ['orders.csv', 'customers.csv', 'spend.csv']],
    ['shop-ru', ['orders.csv', 'customers.csv', 'spend.csv']],
    ['shop-xlsx', ['shop.xlsx']],
    ['worked-examples', ['cac-orders.csv', 'cac-spend.csv']],
    ['worked-examples', ['ltv-subscriptions.csv']],
    ['exporters/shopify', ['orders_export.csv', 'customers_export.csv']],
    ['exporters/1c', ['sales-report.xlsx', 'counterparties.csv']],
    ['exporters/olist', ['order_items', 'orders', 'products'].map((name) => `olist_${name}_dataset.csv`)],
  ])('%s %j: the same figures with the file written as without', async (fixture, names) => {
    const folder = project({});
    for (const name of names) copyFileSync(join(projectRoot, 'fixtures', fixture, name), join(folder, name));
    const plain = await metricsIn(folder, ...names);
    expect(await retain(['init', ...names], { cwd: folder })).toMatchObject({ code: 0, stdout: '' });
    const configured = await metricsIn(folder);
    expect(configured.tables).toEqual(plain.tables);
    expect(configured.sources).toEqual(plain.sources);
  });

  test('headers and names that YAML would take for something else', async () => {
    const headers = [
      'Дата: "день"',
      '- x',
      '#',
      'a, b',
      '[c]',
      '*y',
      "it's",
      'true',
      '12',
      'two\nlines',
      '{z}',
    ];
    const csv = (cells: string[]) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
    const name = 'orders [1], #2 {x}.csv';
    const folder = project({
      [name]: `${csv(['date', 'amount', ...headers])}${csv(['2024-03-01', '5', ...headers.map(() => '# - :\n"x')])}`,
    });
    expect((await retain(['init', name], { cwd: folder })).code).toBe(0);
    const text = readFileSync(join(folder, 'retain.yaml'), 'utf8');
    expect(parseConfig(text, 'retain.yaml').sources).toMatchObject([{ paths: [name] }]);
    expect((await metricsIn(folder, '--period', '2024-03')).sources[0].rows_used).toBe(1);
  });
});

describe('what is written', () => {
  test('role and columns as settings, what was found and what is not used as comments, persons left out', async () => {
    const folder = project({
      'orders.csv':
        'Отчёт;;;;\nДата;Сумма, руб.;Код клиента;Заметка;E-mail\n05.01.2024;"1 234,50";7;срочно;a@b.ru\n31.01.2024;2,00;8;;\n',
    });
    const outcome = await retain(['init', 'orders.csv'], { cwd: folder });
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: 'written: retain.yaml\n' });
    const text = readFileSync(join(folder, 'retain.yaml'), 'utf8');
    expect(text.split('\n')[0]).toMatch(
      /^# yaml-language-server: \$schema=file:.*docs\/retain\.schema\.json$/,
    );
    expect(text.slice(text.indexOf('sources:'), text.indexOf('# Defaults'))).toBe(`sources:
  - path: orders.csv
    role: orders # has date 'Дата', amount 'Сумма, руб.', customer id 'Код клиента'
    # found in the csv file:
    # encoding: utf-8
    # delimiter: ";"
    # header-row: 2
    columns:
      date: Дата # 05.01.2024 | 31.01.2024
      amount: Сумма, руб. # 1 234,50 | 2,00
      customer_id: Код клиента
      email: E-mail
      # not used: Заметка # срочно

`);
    expect(text).not.toContain('a@b.ru');
  });

  test('files of the same columns are one source', async () => {
    const orders = 'order id,date,customer id,amount\n1,2024-03-01,a,5\n';
    const folder = project({ 'jan.csv': orders, 'feb.csv': orders.replace('1,', '2,') });
    await retain(['init', 'jan.csv', 'feb.csv'], { cwd: folder });
    expect(settingsIn(folder)).toBe(`sources:
  - path:
      - jan.csv
      - feb.csv
    role: orders
    columns:
      order_id: order id
      date: date
      customer_id: customer id
      amount: amount`);
  });

  test('what is open is told, stands as comments, and ends with 3', async () => {
    const folder = project({
      'orders.csv': 'customer id,date,total,revenue\na,03/04/2024,1,2\n',
      'notes.csv': 'first,second\nx,y\n',
    });
    const outcome = await retain(['init', 'orders.csv', 'notes.csv'], { cwd: folder });
    expect(outcome).toEqual({
      code: 3,
      stdout: '',
      stderr: `written: retain.yaml
to decide in it, where '# decide:' stands:
  orders.csv: which column is the amount: 'total', 'revenue'?
  orders.csv: which comes first in its dates, day or month (dmy or mdy)?
  what does notes.csv hold: orders, customers, spend, contacts, feedback, incidents?
`,
    });
    expect(settingsIn(folder)).toContain('amount: total');
    expect(settingsIn(folder)).not.toContain('notes.csv');
    expect(readFileSync(join(folder, 'retain.yaml'), 'utf8').match(/# decide: .*/g)).toHaveLength(3);
  });

  test('a file that is there is replaced only by --force', async () => {
    const folder = project({ 'retain.yaml': 'mine', 'o.csv': 'date,amount\n2024-03-01,5\n' });
    const refused = await retain(['init', 'o.csv'], { cwd: folder });
    expect(refused).toMatchObject({
      code: 2,
      stderr:
        'retain: retain.yaml: the file is there already\n  --force replaces it, --out FILE writes another.\n',
    });
    expect(readFileSync(join(folder, 'retain.yaml'), 'utf8')).toBe('mine');
    expect((await retain(['init', 'o.csv', '--force'], { cwd: folder })).code).toBe(0);
    expect(settingsIn(folder)).toContain('path: o.csv');
  });

  test('a file that is not there is an error, and nothing is written', async () => {
    const folder = project({});
    const { code, stderr } = await retain(['init', 'nowhere.csv'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('nowhere.csv: there is no such file');
    expect(existsSync(join(folder, 'retain.yaml'))).toBe(false);
  });
});

/** Answers prompts through a pseudo-terminal: each waits for a text on the terminal and then types a line. */
const driver = `
import os, pty, select, sys, time
answers = [line.split('=>') for line in sys.argv[1].split('|') if line]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
seen, limit = '', time.time() + 50
while time.time() < limit:
    try:
        if not select.select([terminal], [], [], 1)[0]: continue
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part: break
    sys.stdout.buffer.write(part)
    seen += part.decode('utf8', 'replace')
    if answers and answers[0][0] in seen:
        seen = ''
        os.write(terminal, answers.pop(0)[1].encode().decode('unicode_escape').encode())
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
`;
const hasPseudoTerminal =
  process.platform !== 'win32' && spawnSync('python3', ['-c', 'import pty']).status === 0;

describe.skipIf(!hasPseudoTerminal)('on a terminal (skipped where python3 with pty is absent)', () => {
  const answer = (folder: string, answers: string, ...args: string[]) =>
    spawnSync(
      'python3',
      ['-c', driver, answers, process.execPath, join(projectRoot, 'bin/retain.js'), 'init', ...args],
      { cwd: folder, encoding: 'utf8', timeout: 55_000 },
    );
  const orders = 'customer id,date,total,revenue\na,03/04/2024,1,2\n';

  test('asks for the role, the column, the order of dates and the currency, and only for them', () => {
    const folder = project({ 'orders.csv': orders, 'notes.csv': 'when,worth\n2024-04-01,10\n' });
    const { status, stdout } = answer(
      folder,
      'which column is the amount=>9\\n|Number or name=>2\\n|day (dmy) or month=>dmy\\n|What does it hold=>sp\\n' +
        '|which column is the date=>when\\n|which column is the spend=>1\\n|Currency=>rub\\n',
      'orders.csv',
      'notes.csv',
    );
    expect({ status, stdout: status === 0 ? '' : stdout }).toEqual({ status: 0, stdout: '' });
    expect(settingsIn(folder)).toBe(`sources:
  - path: orders.csv
    role: orders
    date-order: dmy
    columns:
      customer_id: customer id
      date: date
      amount: revenue
  - path: notes.csv
    role: spend
    columns:
      date: when
      spend: worth
options:
  currency: RUB`);
  });

  test('an empty answer, and the end of input, leave questions open', () => {
    const folder = project({ 'orders.csv': orders });
    const { status, stdout } = answer(
      folder,
      'which column is the amount=>\\n|day (dmy)=>\\x04',
      'orders.csv',
    );
    expect({ status, stdout: status === 3 ? '' : stdout }).toEqual({ status: 3, stdout: '' });
    expect(settingsIn(folder)).toContain('amount: total');
  });

  test('Ctrl-C ends it with 130, and nothing is written', () => {
    const folder = project({ 'orders.csv': orders });
    expect(answer(folder, 'which column is the amount=>\\x03', 'orders.csv').status).toBe(130);
    expect(existsSync(join(folder, 'retain.yaml'))).toBe(false);
  });

  test('asks nothing where all is clear', () => {
    const folder = project({ 'o.csv': 'order id,date,amount,currency\n1,2024-04-01,10,EUR\n' });
    const { status, stdout } = answer(folder, '', 'o.csv');
    expect(status).toBe(0);
    expect(stdout).toContain('written: retain.yaml');
    // Progress may show on a slow machine; a question would not.
    expect(stdout).not.toContain('?');
  });
});
