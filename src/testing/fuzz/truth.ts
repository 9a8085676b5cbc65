import type { Random } from '../fixtures/random.js';
import { type Amount, multiply } from './amount.js';
import { hostileTexts, plainTexts } from './texts.js';

/** What a cell of a column means; the same names as the fields that retain recognises. */
export type OrderColumn =
  | 'order_id'
  | 'customer_id'
  | 'date'
  | 'amount'
  | 'quantity'
  | 'unit_price'
  | 'discount'
  | 'status'
  | 'product';

/** One order line as it was before any program wrote it. */
export interface TrueLine {
  /** Empty where there is none. */
  readonly orderId: string;
  readonly customerId: string;
  /** Clock time of the shop, 'YYYY-MM-DD HH:MM:SS'. */
  readonly at: string;
  readonly amount: Amount;
  readonly quantity: Amount;
  readonly unitPrice: Amount;
  readonly discount: Amount;
  readonly status: TrueStatus;
  readonly product: string;
}

export type TrueStatus = 'sale' | 'cancelled' | 'returned';

export interface TrueOrders {
  readonly columns: readonly OrderColumn[];
  readonly lines: readonly TrueLine[];
}

/** Makes a table of orders whose texts all pass `canWrite`, as a text file has one encoding. */
export function makeOrders(random: Random, canWrite: (text: string) => boolean): TrueOrders {
  const columns = makeColumns(random);
  const products = makeProducts(random, canWrite);
  const [orderIds, customerIds] = [makeIds(random, canWrite), makeIds(random, canWrite)];
  const period = makePeriod(random);
  const money = makeMoney(random);
  const lineCount = random.chance(0.02) ? random.integer(1200, 3000) : random.integer(2, 40);
  const lines: TrueLine[] = [];
  let order = { orderId: '', customerId: '', at: '', status: 'sale' as TrueStatus };
  for (let index = 0; index < lineCount; index++) {
    if (index === 0 || random.chance(0.7)) {
      order = {
        orderId: random.chance(0.02) ? '' : orderIds(index),
        customerId: random.chance(0.08) ? '' : customerIds(random.integer(0, 12)),
        at: period(),
        // The first line is a sale, so that something is left of every table.
        status: index === 0 || random.chance(0.85) ? 'sale' : random.pick(['cancelled', 'returned']),
      };
    }
    lines.push({ ...order, ...money(index === 0), product: random.pick(products) });
  }
  return { columns, lines };
}

function makeColumns(random: Random): OrderColumn[] {
  const money: OrderColumn[] = random
    .pick([
      ['amount'],
      ['amount'],
      ['amount', 'quantity'],
      ['unit_price'],
      ['unit_price', 'quantity'],
      ['unit_price', 'quantity', 'discount'],
      ['amount', 'quantity', 'unit_price'],
    ] as const)
    .slice();
  const often = (column: OrderColumn, probability: number) => (random.chance(probability) ? [column] : []);
  return [
    'date',
    ...money,
    ...often('order_id', 0.9),
    ...often('customer_id', 0.9),
    ...often('status', 0.5),
    ...often('product', 0.8),
  ];
}

function makeProducts(random: Random, canWrite: (text: string) => boolean): string[] {
  const usable = [...plainTexts, ...(random.chance(0.6) ? hostileTexts : [])].filter(canWrite);
  const products = Array.from({ length: random.integer(3, 25) }, () => random.pick(usable));
  if (random.chance(0.05)) products.push('long '.repeat(random.integer(500, 6000)).trim());
  return products;
}

/** Ways in which programs number orders and customers; the same index gives the same id. */
function makeIds(random: Random, canWrite: (text: string) => boolean): (index: number) => string {
  const start = random.integer(0, 90_000);
  const schemes: ((index: number) => string)[] = [
    (index) => String(start + index + 1),
    (index) => String(start + index + 1).padStart(9, '0'),
    (index) => `SO-${start + index}`,
    (index) => `№${start + index}/А`,
    (index) => `9${String(start).padStart(5, '0')}8765432101${String(index).padStart(4, '0')}`,
    (index) => `${index}e${start % 300}`,
    (index) => `+${79_160_000_000 + start + index}`,
    (index) => `=A${start + index}`,
    (index) => `0x${(start + index).toString(16)}`,
    (index) => `a;b,c|d "${index}"`,
    (index) => `mail.${index}@example.com`,
    (index) => `2024-01-${String(index).padStart(2, '0')}/x`,
  ];
  const scheme = random.pick(schemes.filter((candidate) => canWrite(candidate(1))));
  const spaced = random.chance(0.1);
  return (index) => (spaced && index % 3 === 0 ? ` ${scheme(index)}  ` : scheme(index));
}

/** Moments within a span: one day, one month in which no day passes the 12th, or some years. */
function makePeriod(random: Random): () => string {
  const year = random.integer(2001, 2029);
  const month = random.integer(1, 12);
  const day = random.integer(1, 28);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = () =>
    `${two(random.integer(0, 23))}:${two(random.integer(0, 59))}:${two(random.integer(0, 59))}`;
  switch (random.integer(0, 9)) {
    case 0:
      return () => `${year}-${two(month)}-${two(day)} ${time()}`;
    case 1:
      return () => `${year}-${two(month)}-${two(random.integer(1, 12))} ${time()}`;
    default:
      return () =>
        `${year + random.integer(0, 2)}-${two(random.integer(1, 12))}-${two(random.integer(1, 28))} ${time()}`;
  }
}

type Money = Pick<TrueLine, 'amount' | 'quantity' | 'unitPrice' | 'discount'>;

/** Amounts of one kind of shop. The first of a table has decimals, so that the column shows its decimal mark. */
function makeMoney(random: Random): (isFirst: boolean) => Money {
  const largest = random.pick([9, 900, 90_000, 9_000_000, 900_000_000]);
  const digits = random.pick([2, 2, 2, 1, 4]);
  const returns = random.chance(0.4);
  // Products of large numbers with many digits are held to 15 of them only.
  const fractions = largest <= 90_000 && random.chance(0.2);
  return (isFirst) => {
    const step = 10n ** BigInt(4 - digits);
    const cents =
      BigInt(random.integer(0, largest)) * 10_000n + BigInt(random.integer(0, 10 ** digits - 1)) * step;
    const unitPrice = isFirst ? (cents / 10_000n) * 10_000n + 5_000n : cents;
    const sign = !isFirst && returns && random.chance(0.15) ? -1n : 1n;
    const quantity =
      sign * (fractions ? BigInt(random.integer(1, 9_999)) * 10n : BigInt(random.integer(1, 9)) * 10_000n);
    const gross = multiply(quantity, unitPrice);
    const discount = random.chance(0.3) ? (((gross < 0n ? -gross : gross) / 50_000n) * 10_000n) / 2n : 0n;
    return { quantity, unitPrice, discount, amount: gross };
  };
}
