import { existsSync, readFileSync } from 'node:fs';
import type { Departure } from '../workbook/managed-list.js';
import { writeListWorkbook } from '../workbook/workbook-file.js';
import { checkPackage } from './check-package.js';
import { createRandom, type Random } from './fixtures/random.js';
import {
  addGridSheet,
  type GridCell,
  type GridSheet,
  type GridWorkbook,
  letters,
  readGrid,
  writeGrid,
} from './grid-workbook.js';
import { type SampleCustomer, sampleCustomer, sampleList } from './sample-list.js';

type Value = string | number | null;

const labels: Readonly<Record<string, readonly [string, string]>> = {
  customer_id: ['Customer', 'Клиент'],
  name: ['Name', 'Имя'],
  phone: ['Phone', 'Телефон'],
  last_order: ['Last order', 'Последний заказ'],
  revenue: ['Revenue', 'Выручка'],
  risk: ['Risk', 'Риск'],
  news: ['News', 'Новости'],
  listed_since: ['On the list since', 'В списке с'],
  owner: ['Owner', 'Ответственный'],
  status: ['Status', 'Статус'],
  reason: ['Reason', 'Причина'],
  comment: ['Comment', 'Комментарий'],
  next_contact: ['Next contact', 'Следующий контакт'],
  result_amount: ['Result amount', 'Сумма результата'],
};
const inputs = ['owner', 'status', 'reason', 'comment', 'next_contact', 'result_amount'];
const archived = ['left_on', 'outcome', 'left_because'];
const archiveLabels = [
  ['Left the list on', 'Ушёл из списка'],
  ['Outcome', 'Исход'],
  ['Why it left', 'Почему ушёл'],
];

/** Something that a person wrote into a sheet of their own: a reference to a cell of the list. */
interface OwnReference {
  readonly sheet: string;
  readonly row: number;
  readonly column: string;
  /** The row of the list's sheet, from 1; undefined once it is gone. */
  target: number | undefined;
}

/**
 * A random history of a list: runs with other customers each time, and between them what people do in a
 * spreadsheet. It keeps apart from the program what everyone wrote, and compares after every run.
 */
export class History {
  readonly #random: Random;
  #book!: GridWorkbook;
  #turn = 0;
  #current: SampleCustomer[] = [];
  readonly #written = new Map<string, Map<string, Value>>();
  readonly #dismissed = new Set<string>();
  readonly #archive: { id: string; values: Map<string, Value> }[] = [];
  /** Columns that people added, by header; those with a formula have its factor. */
  readonly #added = new Map<string, number | undefined>();
  readonly #hand = new Map<string, string>();
  readonly #sheets = new Map<string, GridCell[][]>();
  /** Copies that people made of the list's sheet, as they were then. */
  readonly #copies = new Map<string, string>();
  /** Formulas that people wrote into the manager's columns, by customer and column: by what the revenue is multiplied. */
  readonly #inputFormulas = new Map<string, Map<string, number>>();
  #listName: string | undefined;
  readonly #references: OwnReference[] = [];
  readonly #deleted = new Set<string>();
  /** Rows whose id somebody typed over since the last run, from 0, with the id that they had. */
  readonly #typos = new Map<number, string>();
  #order: string[] = [];
  #hasTotal = false;
  #counter = 0;
  readonly done: string[] = [];

  constructor(
    seed: number,
    readonly path: string,
  ) {
    this.#random = createRandom(seed);
  }

  /** A run of the program with the customers of the time. Says what is wrong after it. */
  async run(): Promise<string | undefined> {
    const random = this.#random;
    const turn = this.#turn++;
    const before = new Set(this.#current.map(({ id }) => id));
    this.#current = [];
    for (let number = 1; number <= 14; number += 1) {
      const customer = sampleCustomer(number, turn);
      const stays = before.has(customer.id) ? 0.8 : turn === 0 ? 0.5 : 0.25;
      if (random.chance(stays)) this.#current.push(customer);
    }
    const returned = new Set(
      Array.from({ length: 14 }, (_, at) => sampleCustomer(at + 1).id).filter(() => random.chance(0.5)),
    );
    const whyLeft = (id: string): Departure | undefined => {
      if (!/^C-00\d\d$/.test(id) || this.#current.some((one) => one.id === id)) return undefined;
      return returned.has(id)
        ? { outcome: 'returned', reason: { en: `bought in turn ${turn}`, ru: `покупка ${turn}` } }
        : { outcome: 'risk_fell', reason: { en: `risk fell in turn ${turn}`, ru: `риск ${turn}` } };
    };
    const language = random.chance(0.5) ? 'en' : 'ru';
    this.done.push(`run ${turn} (${language}): ${this.#current.map(({ id }) => id).join(' ')}`);
    const former = existsSync(this.path) ? readFileSync(this.path) : undefined;
    const asOf = `2024-${String(1 + turn).padStart(2, '0')}-28`;
    const list = sampleList(this.#current, { asOf, ...(random.chance(0.8) ? { whyLeft } : {}) });
    const outcome = await writeListWorkbook(this.path, list, language);
    if (former !== undefined && !former.equals(readFileSync(outcome.backup!)))
      return 'the copy is not the former file';
    this.#expect();
    this.#book = await readGrid(this.path);
    const faults = await checkPackage(this.path);
    return this.#compare() ?? (faults.length === 0 ? undefined : faults.slice(0, 5).join('\n'));
  }

  /** What becomes of what people wrote, told from what they did. */
  #expect(): void {
    const ids = new Set(this.#current.map(({ id }) => id));
    for (const id of this.#deleted) {
      this.#forget(id);
      this.#dismissed.add(id);
      this.#archive.push({ id, values: new Map() });
    }
    const order: string[] = [];
    const leaving = new Map<string, Map<string, Value>>();
    for (const id of this.#order) {
      if (this.#deleted.has(id)) continue;
      if (ids.has(id)) order.push(id);
      else leaving.set(id, this.#written.get(id) ?? new Map());
    }
    for (const [id, values] of leaving) {
      this.#archive.push({ id, values });
      this.#forget(id);
    }
    for (const { id } of this.#current) {
      if (order.includes(id) || this.#dismissed.has(id)) continue;
      order.push(id);
      const last = this.#archive.findLast((one) => one.id === id);
      const values = new Map<string, Value>();
      if (last?.values.get('owner') != null) values.set('owner', last.values.get('owner')!);
      if (/^(do not contact|не беспокоить)$/.test(String(last?.values.get('status')))) {
        values.set('status', last!.values.get('status')!);
      }
      this.#written.set(id, values);
    }
    this.#order = order;
    this.#deleted.clear();
    this.#typos.clear();
  }

  #forget(id: string): void {
    this.#written.delete(id);
    this.#inputFormulas.delete(id);
  }

  get #list(): GridSheet {
    this.#listName ??= this.#book.sheets[0]!.name;
    return this.#book.sheets.find(({ name }) => name === this.#listName)!;
  }

  #headerOf(rows: GridSheet['rows'], name: string): { row: number; column: number } | undefined {
    const at = archived.indexOf(name);
    const names = (at === -1 ? labels[name] : archiveLabels[at]) ?? [name];
    for (const [row, cells] of rows.slice(0, 10).entries()) {
      const column = (cells ?? []).findIndex(
        (cell) => names.some((one) => same(cell?.value) === same(one)) || same(cell?.value) === same(name),
      );
      if (column !== -1) return { row, column };
    }
    return undefined;
  }

  #compare(): string | undefined {
    const faults: string[] = [];
    const { rows } = this.#list;
    const at = (name: string) => this.#headerOf(rows, name)!;
    const header = at('customer_id');
    const listed: string[] = [];
    for (const [index, cells] of rows.entries()) {
      if (index <= header.row) continue;
      const id = cells?.[header.column]?.value;
      if (typeof id !== 'string') continue;
      if (this.#hand.has(id)) {
        const comment = cells?.[at('comment').column]?.value;
        if (comment !== this.#hand.get(id)) faults.push(`${id}: comment ${comment}`);
        continue;
      }
      if (id === 'Total') continue;
      listed.push(id);
      const customer = this.#current.find((one) => one.id === id);
      if (customer === undefined) {
        faults.push(`${id} is not of the list`);
        continue;
      }
      const get = (name: string) => cells?.[at(name).column];
      const computed: [string, Value][] = [
        ['name', customer.name],
        ['phone', customer.phone],
        ['revenue', Number(customer.revenue)],
        ['risk', customer.risk / 100],
      ];
      for (const [name, value] of computed) {
        if (get(name)?.value !== value) faults.push(`${id}: ${name} is ${get(name)?.value}, not ${value}`);
      }
      const written = this.#written.get(id);
      if (written === undefined) {
        faults.push(`${id} should not be on the list`);
        continue;
      }
      for (const name of [...inputs, ...this.#added.keys()]) {
        const factor = this.#inputFormulas.get(id)?.get(name);
        if (factor !== undefined) {
          const wanted = `${letters(at('revenue').column)}${index + 1}*${factor}`;
          if (get(name)?.formula !== wanted)
            faults.push(`${id}: ${name} is ${JSON.stringify(get(name))}, not =${wanted}`);
          continue;
        }
        if (this.#added.get(name) !== undefined) {
          const formula = get(name)?.formula;
          const wanted = this.#formula(name, index + 1, at('revenue').column);
          if (written.has(name) ? formula !== wanted : formula !== undefined && formula !== wanted) {
            faults.push(`${id}: formula ${formula}, not ${wanted}`);
          }
          continue;
        }
        const value = get(name)?.value ?? null;
        if (value !== (written.get(name) ?? null))
          faults.push(`${id}: ${name} is '${value}', not '${written.get(name)}'`);
      }
    }
    if (listed.join(' ') !== this.#order.join(' '))
      faults.push(`rows are ${listed.join(' ')}, not ${this.#order.join(' ')}`);
    this.#compareArchive(faults);
    this.#compareSheets(faults);
    if (this.#hasTotal && listed.length > 1) {
      const total = rows.flatMap((cells) =>
        (cells ?? []).filter((cell) => cell?.formula?.startsWith('SUM(')),
      )[0];
      const column = letters(at('revenue').column);
      const first = header.row + 2;
      const wanted = `SUM(${column}${first}:${column}${first + listed.length - 1})`;
      if (total?.formula !== wanted) faults.push(`the total is ${total?.formula}, not ${wanted}`);
    }
    return faults.length === 0 ? undefined : faults.slice(0, 5).join('\n');
  }

  #compareArchive(faults: string[]): void {
    if (this.#archive.length === 0) return;
    const sheet = this.#book.sheets.find(({ rows }) => this.#headerOf(rows, 'left_on') !== undefined);
    if (sheet === undefined) {
      faults.push('there is no archive');
      return;
    }
    const key = this.#headerOf(sheet.rows, 'customer_id')!;
    const rows = sheet.rows.slice(key.row + 1);
    const wanted = new Map<string, Map<string, Value>[]>();
    for (const { id, values } of this.#archive) wanted.set(id, [...(wanted.get(id) ?? []), values]);
    const found = new Map<string, (typeof rows)[number][]>();
    for (const row of rows) {
      const id = String(row?.[key.column]?.value);
      found.set(id, [...(found.get(id) ?? []), row]);
    }
    for (const [id, records] of wanted) {
      const there = found.get(id) ?? [];
      if (there.length !== records.length)
        faults.push(`archive: ${there.length} rows of ${id}, not ${records.length}`);
      for (const [index, values] of records.entries()) {
        for (const [name, value] of values) {
          const column = this.#headerOf(sheet.rows, name)?.column;
          const cell = column === undefined ? undefined : there[index]?.[column];
          if ((cell?.value ?? null) !== value)
            faults.push(`archive, ${id}: ${name} is '${cell?.value}', not '${value}'`);
        }
      }
    }
  }

  #compareSheets(faults: string[]): void {
    for (const [name, content] of this.#copies) {
      const sheet = this.#book.sheets.find((one) => one.name === name);
      if (sheet === undefined || contentOf(sheet.rows) !== content) faults.push(`${name} is not as it was`);
    }
    for (const [name, cells] of this.#sheets) {
      const sheet = this.#book.sheets.find((one) => one.name === name);
      for (const [row, line] of cells.entries()) {
        for (const [column, cell] of line.entries()) {
          const reference = this.#references.find(
            (one) => one.sheet === name && one.row === row && column === 0,
          );
          const found = sheet?.rows[row]?.[column];
          if (reference === undefined) {
            if (found?.value !== cell.value) faults.push(`${name}: ${found?.value}, not ${cell.value}`);
            continue;
          }
          const id = this.#pointedAt.get(reference);
          const { rows } = this.#list;
          const key = this.#headerOf(rows, 'customer_id')!.column;
          const target = id === undefined ? -1 : rows.findIndex((line) => line?.[key]?.value === id);
          const wanted = target === -1 ? '#REF!' : this.#cellName(reference, target + 1);
          const formula = found?.formula?.replace(/^.*!(?!$)/, '') ?? '';
          if (
            id !== undefined &&
            formula !== wanted &&
            !(target === -1 && found?.formula?.includes('#REF!'))
          ) {
            faults.push(`${name}: ${found?.formula} does not point at ${id}, ${wanted}`);
          }
          reference.target = target === -1 ? undefined : target + 1;
        }
      }
    }
  }

  readonly #pointedAt = new Map<OwnReference, string | undefined>();

  #cellName(reference: OwnReference, row: number): string {
    return letters(this.#headerOf(this.#list.rows, reference.column)!.column) + row;
  }

  #formula(header: string, row: number, column: number): string {
    return `${letters(column)}${row}*${this.#added.get(header)}`;
  }

  /** What people do between two runs, saved as their program would. */
  edit(): void {
    const random = this.#random;
    const actions: [number, string, () => void][] = [
      [0.9, 'write', () => this.#write()],
      [0.3, 'add a column', () => this.#addColumn(false)],
      [0.3, 'add formulas', () => this.#addColumn(true)],
      [0.25, 'add a sheet', () => this.#addSheet()],
      [0.4, 'sort', () => this.#sort()],
      [0.3, 'delete', () => this.#delete()],
      [0.3, 'move columns', () => this.#moveColumns()],
      [0.3, 'rename headers', () => this.#renameHeaders()],
      [0.1, 'title', () => this.#title()],
      [0.15, 'rename the sheet', () => this.#renameSheet()],
      [0.2, 'type over an id', () => this.#typeOver()],
      [0.15, 'row by hand', () => this.#rowByHand()],
      [0.15, 'total', () => this.#total()],
      [0.15, 'formula in an input', () => this.#formulaInInput()],
      [0.1, 'copy the sheet', () => this.#copySheet()],
      [0.1, 'unhide', () => this.#unhide()],
    ];
    for (const [probability, name, action] of actions) {
      if (!random.chance(probability)) continue;
      this.done.push(name);
      action();
    }
    this.#settle();
    writeGrid(this.path, this.#book, { sharesTexts: random.chance(0.5), hasSpans: random.chance(0.3) });
  }

  get #table() {
    const list = this.#list;
    const key = this.#headerOf(list.rows, 'customer_id')!;
    const rows: { index: number; id: string }[] = [];
    for (const [index, cells] of list.rows.entries()) {
      const id = cells?.[key.column]?.value;
      const typed = this.#typos.get(index);
      if (typed !== undefined) rows.push({ index, id: typed });
      else if (index > key.row && typeof id === 'string' && /^C-00\d\d$/.test(id)) rows.push({ index, id });
    }
    return { list, key, rows, column: (name: string) => this.#headerOf(list.rows, name)!.column };
  }

  #set(index: number, column: number, cell: GridCell): void {
    const { rows } = this.#list;
    rows[index] ??= [];
    const style = rows[index][column]?.style;
    rows[index][column] = style === undefined ? cell : { ...cell, style };
  }

  #write(): void {
    const { rows, column } = this.#table;
    const random = this.#random;
    for (const { index, id } of rows) {
      if (!random.chance(0.4)) continue;
      this.#counter += 1;
      const name = random.pick([
        ...inputs,
        ...[...this.#added].filter(([, factor]) => factor === undefined).map(([header]) => header),
      ]);
      const values: Record<string, Value> = {
        owner: random.pick(['Olga', '=SUM(A1)', "O'Hara & <Co>", '+7 999']),
        status: random.pick(['in work', 'вернулся', 'do not contact', 'wrong word', 'не беспокоить']),
        next_contact: random.pick([45_000 + this.#counter, 'завтра']),
        result_amount: random.pick([this.#counter + 0.25, 'много']),
      };
      const value =
        values[name] ??
        random.pick([
          `text ${this.#counter}`,
          `line\nbreak ${this.#counter}`,
          ` =${this.#counter}+1 `,
          `_x0041_ ${this.#counter}`,
        ]);
      const isCleared = random.chance(0.1);
      this.#set(index, column(name), { value: isCleared ? null : value });
      this.#inputFormulas.get(id)?.delete(name);
      this.#written.get(id)!.set(name, isCleared ? null : value);
    }
  }

  #addColumn(hasFormula: boolean): void {
    const { list, key, rows, column } = this.#table;
    this.#counter += 1;
    const header = `Mine ${this.#counter}`;
    this.#added.set(header, hasFormula ? this.#counter + 1 : undefined);
    const index = Math.max(...list.rows.map((cells) => cells?.length ?? 0));
    this.#set(key.row, index, { value: header });
    for (const row of rows) {
      const revenue = list.rows[row.index]?.[column('revenue')]?.value as number;
      const value = hasFormula ? revenue * this.#added.get(header)! : `${header} of ${row.id}`;
      this.#set(row.index, index, hasFormula ? { value, formula: 'to be settled' } : { value });
      this.#written.get(row.id)!.set(header, value);
    }
  }

  #addSheet(): void {
    const { rows } = this.#table;
    this.#counter += 1;
    const name = `Plan & 'co' ${this.#counter}`;
    const cells: GridCell[][] = [];
    for (const { index } of rows.slice(0, 4)) {
      const column = this.#random.pick(['revenue', 'comment', 'name']);
      this.#references.push({ sheet: name, row: cells.length, column, target: index + 1 });
      cells.push([{ value: null, formula: 'to be settled' }, { value: `note ${this.#counter}.${index}` }]);
    }
    cells.push([{ value: 'mine' }, { value: this.#counter }]);
    this.#sheets.set(name, cells);
    addGridSheet(
      this.#book,
      name,
      cells.map((line) => line.map((cell) => ({ ...cell }))),
    );
  }

  #sort(): void {
    const { list, rows } = this.#table;
    const lines = rows.map(({ index }) => list.rows[index]!);
    for (let at = lines.length - 1; at > 0; at -= 1) {
      const other = this.#random.integer(0, at);
      [lines[at], lines[other]] = [lines[other]!, lines[at]!];
    }
    for (const [at, { index }] of rows.entries()) list.rows[index] = lines[at]!;
  }

  #delete(): void {
    const { list, rows } = this.#table;
    // A list of one row is not told from its total.
    if (rows.length < 3) return;
    const { index, id } = this.#random.pick(rows);
    list.rows.splice(index, 1);
    this.#deleted.add(id);
    for (const reference of this.#references) {
      if (reference.target === undefined) continue;
      if (reference.target === index + 1) reference.target = undefined;
      else if (reference.target > index + 1) reference.target -= 1;
    }
  }

  #moveColumns(): void {
    const { list } = this.#table;
    const width = Math.max(...list.rows.map((cells) => cells?.length ?? 0));
    const [from, to] = [this.#random.integer(0, width - 1), this.#random.integer(0, width - 1)];
    for (const [index, cells] of list.rows.entries()) {
      const padded = Array.from({ length: width }, (_, column) => cells?.[column]);
      padded.splice(to, 0, padded.splice(from, 1)[0]);
      list.rows[index] = padded;
    }
  }

  #renameHeaders(): void {
    const { key } = this.#table;
    for (const [name, [en, ru]] of Object.entries(labels)) {
      if (!this.#random.chance(0.3)) continue;
      const column = this.#headerOf(this.#list.rows, name)?.column;
      const header = this.#random.pick([en, ru, en.toUpperCase(), ` ${ru.toLowerCase()} `, name]);
      if (column !== undefined) this.#set(key.row, column, { value: header });
    }
  }

  #title(): void {
    this.#list.rows.unshift([{ value: 'What we do in June' }]);
    for (const reference of this.#references) if (reference.target !== undefined) reference.target += 1;
  }

  #renameSheet(): void {
    const list = this.#list;
    this.#counter += 1;
    const name = `My list ${this.#counter}`;
    const escaped = list.name.replaceAll('&', '&amp;');
    const workbook = this.#book.parts.get('xl/workbook.xml')!.toString('utf8');
    const renamed = workbook
      .replace(`name="${escaped}"`, `name="${name}"`)
      .replaceAll(`'${escaped}'!`, `'${name}'!`)
      .replaceAll(`&apos;${escaped}&apos;!`, `'${name}'!`);
    this.#book.parts.set('xl/workbook.xml', Buffer.from(renamed));
    list.name = name;
    this.#listName = name;
  }

  /** Another id in the place of one: none that there is, or that of another customer, on the list or not. */
  #typeOver(): void {
    const { rows, key } = this.#table;
    if (rows.length === 0 || this.#typos.size > 0) return;
    const { index, id } = this.#random.pick(rows);
    const other = sampleCustomer(this.#random.integer(1, 14)).id;
    const typed = this.#random.chance(0.5) || other === id ? `${id}x` : other;
    this.#typos.set(index, id);
    this.done.push(`${typed} over ${id}`);
    this.#set(index, key.column, { value: typed });
  }

  #rowByHand(): void {
    const { list, key, column } = this.#table;
    this.#counter += 1;
    const id = `HAND-${this.#counter}`;
    const cells: GridCell[] = [];
    cells[key.column] = { value: id };
    cells[column('comment')] = { value: `by hand ${this.#counter}` };
    this.#hand.set(id, `by hand ${this.#counter}`);
    list.rows.push(cells);
  }

  #total(): void {
    if (this.#hasTotal) return;
    const { list, key, column, rows } = this.#table;
    if (rows.length < 2) return;
    const cells: GridCell[] = [];
    // Whether it says so in the column of ids or elsewhere, and has more figures typed in.
    if (this.#random.chance(0.5)) cells[key.column] = { value: 'Total' };
    else cells[column('name')] = { value: 'Total' };
    if (this.#random.chance(0.5)) {
      for (const name of ['phone', 'last_order', 'risk']) cells[column(name)] = { value: 5 };
    }
    cells[column('revenue')] = { value: 1, formula: 'SUM()' };
    list.rows.push(cells);
    this.#hasTotal = true;
  }

  #formulaInInput(): void {
    const { rows, column } = this.#table;
    if (rows.length === 0) return;
    const { index, id } = this.#random.pick(rows);
    const name = this.#random.pick(['result_amount', 'comment']);
    this.#counter += 1;
    const formulas = this.#inputFormulas.get(id) ?? new Map<string, number>();
    this.#inputFormulas.set(id, formulas.set(name, this.#counter));
    this.#set(index, column(name), { value: null, formula: 'to be settled' });
  }

  /** As Excel puts it, before the sheet itself, or behind all. */
  #copySheet(): void {
    const { list } = this.#table;
    this.#counter += 1;
    const name = `Copy ${this.#counter}`;
    const rows = list.rows.map((cells) =>
      Array.from(cells ?? [], (cell) => (cell === undefined ? undefined : { value: cell.value })),
    );
    addGridSheet(this.#book, name, rows, this.#random.chance(0.5) ? 'first' : 'last');
    this.#copies.set(name, contentOf(rows));
  }

  /** Makes the sheet of the state visible. */
  #unhide(): void {
    const workbook = this.#book.parts.get('xl/workbook.xml')!.toString('utf8');
    this.#book.parts.set('xl/workbook.xml', Buffer.from(workbook.replace(/ state="hidden"/g, '')));
  }

  /** Formulas as the spreadsheet program keeps them while rows and columns move. */
  #settle(): void {
    const { list, key, rows, column } = this.#table;
    const revenue = column('revenue');
    for (const header of [...this.#added].flatMap(([name, factor]) => (factor === undefined ? [] : [name]))) {
      for (const { index, id } of rows) {
        const cell = list.rows[index]?.[column(header)];
        if (cell?.formula === undefined) continue;
        cell.formula = this.#formula(header, index + 1, revenue);
        cell.value = (list.rows[index]![revenue]!.value as number) * this.#added.get(header)!;
        this.#written.get(id)!.set(header, cell.value);
      }
    }
    for (const { index, id } of rows) {
      for (const [name, factor] of this.#inputFormulas.get(id) ?? []) {
        const cell = list.rows[index]![column(name)]!;
        cell.formula = `${letters(revenue)}${index + 1}*${factor}`;
        cell.value = (list.rows[index]![revenue]!.value as number) * factor;
        this.#written.get(id)!.set(name, cell.value);
      }
    }
    for (const cells of list.rows) {
      for (const cell of cells ?? []) {
        if (cell?.formula?.startsWith('SUM(') !== true) continue;
        const [first, last] = [key.row + 2, (rows.at(-1)?.index ?? key.row + 1) + 1];
        cell.formula = `SUM(${letters(revenue)}${first}:${letters(revenue)}${last})`;
      }
    }
    for (const reference of this.#references) {
      const sheet = this.#book.sheets.find(({ name }) => name === reference.sheet)!;
      const cell = sheet.rows[reference.row]![0]!;
      const row = rows.find(({ index }) => index + 1 === reference.target);
      this.#pointedAt.set(reference, row?.id);
      const target = reference.target === undefined ? '#REF!' : this.#cellName(reference, reference.target);
      cell.formula = `'${list.name.replaceAll("'", "''")}'!${target}`;
      delete (cell as { value?: Value }).value;
      cell.value = null;
    }
    this.#order = rows.map(({ id }) => id);
  }
}

const known = new Map<string, string>();

/** What the cells of a sheet hold, in short. */
function contentOf(rows: GridSheet['rows']): string {
  return JSON.stringify(
    rows.flatMap((cells, row) =>
      (cells ?? []).flatMap((cell, column) => (cell?.value == null ? [] : [[row, column, cell.value]])),
    ),
  );
}

/** A header without case, spaces and punctuation. */
function same(value: Value | undefined): string {
  const text = String(value ?? '');
  let plain = known.get(text);
  if (plain === undefined) {
    plain = text
      .toLowerCase()
      .replaceAll('ё', 'е')
      .replace(/[^\p{L}\p{N}]/gu, '');
    known.set(text, plain);
  }
  return plain;
}
