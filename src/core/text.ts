/** Languages that reports are written in. */
export const languages = ['en', 'ru'] as const;
export type Language = (typeof languages)[number];

/** A phrase in every report language. */
export type Text = Readonly<Record<Language, string>>;

/** The same words in every language: names, file names, figures. */
export function verbatim(words: string): Text {
  return { en: words, ru: words };
}
