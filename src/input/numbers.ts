const noise = /[\s\u00a0\u2009\u202f'’_]|руб\.?|р\.|rub|usd|eur|gbp|[₽$€£₸₴%]/giu;

/**
 * Whether a column writes its decimals with a comma. Only numbers that can be read in one way vote: '1,5' and
 * '1.234,50' for the comma, '1.5' and '1,234.50' for the point; '1,234' says nothing.
 * @param fallback the answer where no number votes
 */
export function usesDecimalComma(values: Iterable<string | null>, fallback: boolean): boolean {
  let votes = 0;
  for (const value of values) {
    if (value === null) continue;
    const text = value.replace(noise, '');
    const comma = text.lastIndexOf(',');
    const point = text.lastIndexOf('.');
    if (comma >= 0 && point >= 0) votes += comma > point ? 1 : -1;
    else if (comma >= 0 && !/^[-+(]?\d{1,3}(,\d{3})+\)?$/.test(text)) votes += 1;
    else if (point >= 0 && !/^[-+(]?\d{1,3}(\.\d{3})+\)?$/.test(text)) votes -= 1;
    else if (comma >= 0 && text.indexOf(',') !== comma) votes -= 1;
    else if (point >= 0 && text.indexOf('.') !== point) votes += 1;
  }
  return votes === 0 ? fallback : votes > 0;
}
