/** An exact amount in ten-thousandths, the digits that retain keeps: 12.5 is 125000n. */
export type Amount = bigint;

const digitsKept = 4;
const one = 10n ** BigInt(digitsKept);

/** From decimal text of the engine: '12.5000'. */
export function amountOf(text: string): Amount {
  const match = /^(-?)(\d+)(?:\.(\d{0,4}))?$/.exec(text);
  if (match === null) throw new Error(`no amount: '${text}'`);
  const [, sign, whole, fraction = ''] = match;
  const value = BigInt(whole! + fraction.padEnd(digitsKept, '0'));
  return sign === '-' ? -value : value;
}

/** The product, rounded half away from zero at the fourth digit. */
export function multiply(left: Amount, right: Amount): Amount {
  const product = left * right;
  const half = product < 0n ? -one / 2n : one / 2n;
  return (product + half) / one;
}

export function absolute(amount: Amount): Amount {
  return amount < 0n ? -amount : amount;
}

/** Digits before and after the point, without a sign, with at least so many of the latter: ['1234', '50']. */
export function digitsOf(amount: Amount, atLeast: number): { whole: string; fraction: string } {
  const digits = absolute(amount)
    .toString()
    .padStart(digitsKept + 1, '0');
  const fraction = digits.slice(-digitsKept).replace(/0+$/, '').padEnd(atLeast, '0');
  return { whole: digits.slice(0, -digitsKept), fraction };
}

/** Plain decimal text: '-1234.5'. */
export function plainText(amount: Amount): string {
  const { whole, fraction } = digitsOf(amount, 0);
  return `${amount < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
