import { describe, expect, test } from 'vitest';
import { detectDialect } from './dialect.js';

describe('how quotes within quotes are written', () => {
  const header = 'order_id,date,amount,product\n';
  const detect = (rows: string) => detectDialect(header + rows, true, {});
  const productsOf = (rows: string) =>
    detect(rows)
      .records.slice(1)
      .map(({ cells }) => cells[3]);

  test('doubled, also after a backslash that is part of the text', () => {
    expect(productsOf('1,2024-01-05,5,"\\"""\n2,2024-01-06,5,"a ""b"""\n')).toEqual(['\\"', 'a "b"']);
  });

  test('with a backslash, also at the end of a cell', () => {
    const rows = '1,2024-01-05,5,"say \\"hi\\""\n2,2024-01-06,5,"5\\""\n3,2024-01-07,5,x\n';
    expect(detect(rows).format.backslash).toBe(true);
    expect(productsOf(rows)).toEqual(['say "hi"', '5"', 'x']);
  });
});
