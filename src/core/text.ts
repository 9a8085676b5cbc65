/** Languages that reports are written in. */
export const languages = ['en', 'ru'] as const;
export type Language = (typeof languages)[number];

/** A phrase in every report language. */
export type Text = Readonly<Record<Language, string>>;

/** The same words in every language: names, file names, figures. */
export function verbatim(words: string): Text {
  return { en: words, ru: words };
}

/** A whole number with thousands marks: 1,234 and 1 234. */
export function sayCount(number: number): Text {
  const grouped = (mark: string) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, mark);
  return { en: grouped(','), ru: grouped('\u00a0') };
}

/** A count of things in English: '1 row', '1,234 rows'. Russian phrases are built so that they need no forms. */
export function countOf(number: number, one: string, several = `${one}s`): string {
  return `${sayCount(number).en} ${number === 1 ? one : several}`;
}

/** A percentage with at most two digits: 12.5% and 12,5 %. */
export function sayPercent(percent: number): Text {
  const text = String(Number(percent.toFixed(2)));
  return { en: `${text}%`, ru: `${text.replace('.', ',')}\u00a0%` };
}
