/** Text that is no JSON object. */
export class JsonError extends Error {}

/** Objects within objects become columns of their own down to this level: 'customer.address.city'. */
const flattenedLevels = 3;
const maximumDepth = 200;
export const maximumColumns = 5000;

/** A key at some level, and the column that its values have. */
interface Key {
  readonly path: string;
  column: number;
  readonly keys: Map<string, Key>;
}

/**
 * Turns JSON objects into rows of text. Numbers stay as they are written, digit by digit, as they may be ids or
 * money; keys of objects within are joined with dots; lists, and what is deeper still, stay JSON. Columns are
 * added as keys appear; one that has held nothing but null is none.
 */
export class JsonRows {
  /** Names of the columns found so far. */
  readonly header: string[] = [];
  private readonly root: Map<string, Key> = new Map();
  private readonly columns = new Map<string, number>();
  private text = '';
  private at = 0;
  private cells: (string | null)[] = [];

  /** @throws JsonError where the text is not one whole object */
  read(text: string): (string | null)[] {
    this.text = text;
    this.at = 0;
    this.cells = [];
    this.skipSpace();
    if (this.text.charCodeAt(this.at) !== openBrace) throw new JsonError('no object');
    this.object(this.root, '', 1);
    this.skipSpace();
    if (this.at < text.length) throw new JsonError('something follows the object');
    return this.cells;
  }

  /** Within an object whose keys are columns. */
  private object(keys: Map<string, Key>, prefix: string, level: number): void {
    this.members(closeBrace, () => {
      const name = this.string();
      this.skipSpace();
      this.expect(colon);
      this.skipSpace();
      let key = keys.get(name);
      if (key === undefined) {
        key = { path: prefix + name, column: -1, keys: new Map() };
        if (keys.size >= maximumColumns) throw new JsonError(`more than ${maximumColumns} keys`);
        keys.set(name, key);
      }
      if (this.text.charCodeAt(this.at) === openBrace && level < flattenedLevels) {
        this.object(key.keys, `${key.path}.`, level + 1);
      } else this.cell(key);
    });
  }

  private cell(key: Key): void {
    const value = this.value(1);
    if (key.column < 0) {
      if (value === null) return;
      key.column = this.columnOf(key.path);
    }
    while (this.cells.length <= key.column) this.cells.push(null);
    this.cells[key.column] = value;
  }

  private columnOf(path: string): number {
    const known = this.columns.get(path);
    if (known !== undefined) return known;
    if (this.header.length === maximumColumns) throw new JsonError(`more than ${maximumColumns} keys`);
    this.columns.set(path, this.header.length);
    return this.header.push(path) - 1;
  }

  /** A value as a cell holds it. */
  private value(depth: number): string | null {
    if (depth > maximumDepth) throw new JsonError('nested too deeply');
    const start = this.at;
    switch (this.text.charCodeAt(start)) {
      case quote:
        return this.string() || null;
      case openBrace:
        this.members(closeBrace, () => {
          this.string();
          this.skipSpace();
          this.expect(colon);
          this.skipSpace();
          this.value(depth + 1);
        });
        return this.text.slice(start, this.at);
      case openBracket:
        this.members(closeBracket, () => this.value(depth + 1));
        return this.text.slice(start, this.at);
      default:
        return this.word();
    }
  }

  /** What stands between brackets, parted by commas. */
  private members(closing: number, member: () => void): void {
    this.at++;
    this.skipSpace();
    if (this.text.charCodeAt(this.at) === closing) {
      this.at++;
      return;
    }
    for (;;) {
      member();
      this.skipSpace();
      const next = this.text.charCodeAt(this.at++);
      if (next === closing) return;
      if (next !== comma) throw new JsonError('no comma');
      this.skipSpace();
    }
  }

  private string(): string {
    if (this.text.charCodeAt(this.at) !== quote) throw new JsonError('no quote');
    const start = this.at + 1;
    let isPlain = true;
    for (let at = start; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === quote) {
        this.at = at + 1;
        return isPlain ? this.text.slice(start, at) : unescaped(this.text.slice(start - 1, at + 1));
      }
      if (code === backslash) {
        isPlain = false;
        at++;
      } else if (code < 32) throw new JsonError('a control character in a text');
    }
    throw new JsonError('a text without an end');
  }

  private word(): string | null {
    word.lastIndex = this.at;
    const found = word.exec(this.text)?.[0];
    if (found === undefined) throw new JsonError('no value');
    this.at += found.length;
    if (found === 'null') return null;
    // The point is a decimal point here; later '1.234' could be taken for one thousand and more.
    return /^-?\d+\.\d{3}$/.test(found) ? `${found}0` : found;
  }

  private expect(code: number): void {
    if (this.text.charCodeAt(this.at++) !== code) throw new JsonError('no colon');
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return;
      this.at++;
    }
  }
}

const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;
const word = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

function unescaped(literal: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    throw new JsonError('an unknown escape');
  }
}
