import { createInterface, type Interface } from 'node:readline/promises';
import { shorten } from '../core/errors.js';
import type { DateOrder } from '../input/dates.js';
import { type Field, type Role, roles } from '../input/vocabulary.js';

/** What may be asked about files; undefined where nobody answers. */
export interface Questions {
  role(place: string, columns: string): Promise<Role | undefined>;
  /** @returns the index of the column chosen */
  column(place: string, field: Field, headers: readonly string[]): Promise<number | undefined>;
  dateOrder(place: string): Promise<DateOrder | undefined>;
  currency(): Promise<string | undefined>;
  close(): void;
}

/** Nobody is there to ask. */
export const nobody: Questions = {
  role: async () => undefined,
  column: async () => undefined,
  dateOrder: async () => undefined,
  currency: async () => undefined,
  close: () => {},
};

/** Asks on a terminal, on standard error. An empty answer, or the end of input, leaves a question open. */
export class TerminalQuestions implements Questions {
  readonly #lines: Interface;
  readonly #ended = new AbortController();

  constructor(input: NodeJS.ReadableStream, output: NodeJS.WritableStream) {
    this.#lines = createInterface({ input, output });
    // A question would wait forever for input that has ended.
    this.#lines.once('close', () => this.#ended.abort());
    // The terminal gives Ctrl-C as a key while a line is read.
    this.#lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  }

  async role(place: string, columns: string): Promise<Role | undefined> {
    return this.#ask(
      `${clean(place)} has columns ${clean(columns)}.\nWhat does it hold: ${roles.join(', ')}? (Enter leaves it open) `,
      (answer) =>
        roles.find(
          (role) =>
            role === answer.toLowerCase() || (answer.length > 0 && role.startsWith(answer.toLowerCase())),
        ),
    );
  }

  async column(place: string, field: Field, headers: readonly string[]): Promise<number | undefined> {
    const list = headers.map((header, index) => `  ${index + 1}  ${clean(header)}`).join('\n');
    return this.#ask(
      `${clean(place)}: which column is the ${field.replaceAll('_', ' ')}?\n${list}\nNumber or name (Enter leaves it open): `,
      (answer) => {
        const number = /^\d+$/.test(answer) ? Number(answer) - 1 : headers.indexOf(answer);
        return number >= 0 && number < headers.length ? number : undefined;
      },
    );
  }

  async dateOrder(place: string): Promise<DateOrder | undefined> {
    return this.#ask(
      `${clean(place)}: which comes first in its dates, day (dmy) or month (mdy)? (Enter leaves it open) `,
      (answer) => (['dmy', 'mdy'] as const).find((order) => order === answer.toLowerCase()),
    );
  }

  async currency(): Promise<string | undefined> {
    return this.#ask('Currency of the amounts, such as EUR? (Enter leaves it open) ', (answer) =>
      /^[A-Za-z]{3}$/.test(answer) ? answer.toUpperCase() : undefined,
    );
  }

  close(): void {
    this.#lines.close();
  }

  /** Asks until an answer is understood, or is empty. */
  async #ask<T>(question: string, understand: (answer: string) => T | undefined): Promise<T | undefined> {
    for (;;) {
      let answer: string;
      try {
        answer = (await this.#lines.question(question, { signal: this.#ended.signal })).trim();
      } catch (error) {
        if (this.#ended.signal.aborted) return undefined;
        throw error;
      }
      if (answer === '') return undefined;
      const understood = understand(answer);
      if (understood !== undefined) return understood;
    }
  }
}

/** Text of a file, harmless to a terminal. */
function clean(text: string): string {
  return text.length > 60 ? text.split(', ').map(shorten).join(', ') : shorten(text);
}
