/**
 * Rounds decimal text half away from zero, exactly: roundDecimal('2.345', 2) = '2.35'.
 * Money never passes through a binary number on its way to a report.
 */
export function roundDecimal(text: string, digits: number): string {
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null || (match[2] === '' && !match[3])) throw new Error(`not decimal text: '${text}'`);
  const [, sign = '', whole = '', fraction = ''] = match;
  const kept = `${whole === '' ? '0' : whole}${fraction.padEnd(digits, '0').slice(0, digits)}`;
  const isUp = Number(fraction[digits] ?? '0') >= 5;
  // Fifteen digits are exact in a number too, which is faster.
  const rounded = String(kept.length > 15 ? BigInt(kept) + (isUp ? 1n : 0n) : Number(kept) + (isUp ? 1 : 0));
  const padded = rounded.padStart(digits + 1, '0');
  const body = digits === 0 ? padded : `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
  return rounded === '0' ? body : sign + body;
}
