/** A value that is bound, never pasted into the text. */
export type Value = string | number | boolean | null;

/** A piece of SQL with its bound values; pieces nest. Text comes only from templates in this code base. */
export class Sql {
  readonly strings: readonly string[];
  readonly values: readonly Value[];

  constructor(strings: readonly string[], values: readonly Value[]) {
    this.strings = strings;
    this.values = values;
  }

  /** The statement with numbered placeholders: 'select $1'. */
  get text(): string {
    return this.strings.reduce((text, part, index) => `${text}$${index}${part}`);
  }
}

/** Tagged template: sql`select ${1} from ${other}`. Nested Sql is spliced in; anything else is bound. */
export function sql(strings: TemplateStringsArray, ...inserts: (Sql | Value)[]): Sql {
  const texts = [strings[0]!];
  const values: Value[] = [];
  inserts.forEach((insert, index) => {
    const after = strings[index + 1]!;
    if (insert instanceof Sql) {
      texts[texts.length - 1] += insert.strings[0]!;
      texts.push(...insert.strings.slice(1));
      texts[texts.length - 1] += after;
      values.push(...insert.values);
    } else {
      texts.push(after);
      values.push(insert);
    }
  });
  return new Sql(texts, values);
}

/** SQL text that this program itself made, spliced in as it is. Never for text that a user or a file gave. */
export function raw(text: string): Sql {
  return new Sql([text], []);
}

/** Pieces joined by a separator: commas, 'union all', 'and'. */
export function join(pieces: readonly Sql[], separator: string): Sql {
  const texts = [''];
  const values: Value[] = [];
  pieces.forEach((piece, index) => {
    const [first, ...others] = piece.strings;
    texts[texts.length - 1] += index === 0 ? first! : separator + first!;
    for (const text of others) texts.push(text);
    for (const value of piece.values) values.push(value);
  });
  return new Sql(texts, values);
}
