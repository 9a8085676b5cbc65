import type { Exporter } from './exporter.js';
import { inSales } from './exporters/insales.js';
import { olist } from './exporters/olist.js';
import { oneC } from './exporters/one-c.js';
import { onlineRetail } from './exporters/online-retail.js';
import { planFix } from './exporters/planfix.js';
import { shopify } from './exporters/shopify.js';
import { wooCommerce } from './exporters/woocommerce.js';
import type { Source } from './source.js';
import { type Field, normaliseHeader } from './vocabulary.js';

/** Every export that is known by name; where several fit, the first is taken. */
export const exporters: readonly Exporter[] = [
  ...shopify,
  ...wooCommerce,
  ...inSales,
  ...oneC,
  ...planFix,
  ...olist,
  ...onlineRetail,
];

/** The exporter whose signature a header bears, whatever the order of its columns and whichever it adds. */
export function exporterOf(header: readonly string[]): Exporter | undefined {
  const names = new Set(header.flatMap(formsOf));
  const has = (name: string) => names.has(normaliseHeader(name));
  return exporters.find(({ signature }) =>
    signature.every((headers) => (typeof headers === 'string' ? has(headers) : headers.some(has))),
  );
}

/**
 * The columns of a table by the exporter's own names: of several the first that is filled in somewhere in the
 * sample. Fields that the exporter does not name are left open.
 */
export function exporterColumns(
  { header, sample }: Pick<Source, 'header' | 'sample'>,
  { columns }: Exporter,
): Partial<Record<Field, number>> {
  const isFilled = (index: number) => sample.some((row) => (row[index] ?? '').trim() !== '');
  const found: Partial<Record<Field, number>> = {};
  for (const [field, names] of Object.entries(columns)) {
    const present = names
      .map((name) => header.findIndex((candidate) => formsOf(candidate).includes(normaliseHeader(name))))
      .filter((index) => index >= 0);
    const index = present.find(isFilled) ?? present[0];
    if (index !== undefined) found[field as Field] = index;
  }
  return found;
}

/** A header whole and without its unit: 'Сумма, руб.'. Brackets tell columns of exporters apart and stay. */
function formsOf(header: string): string[] {
  return [header, header.replace(/,.*$/u, '')].map(normaliseHeader).filter((form) => form !== '');
}

/** Headers that exporters are known by: they tell a header row from a title row. */
export const exporterHeaders: ReadonlySet<string> = new Set(
  exporters.flatMap(({ signature }) => signature.flat().map(normaliseHeader)),
);
