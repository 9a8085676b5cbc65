import { describe, expect, it } from 'vitest';
import { contentOf } from './content.js';

describe('what the cells of a column are', () => {
  it.each([
    [['1', '2', null, '30'], null, 'integer', null],
    [['1', '2.5'], null, 'number', null],
    [['1 234,50 ₽', '12'], null, 'money', null],
    [['12.50', '3'], 'amount', 'money', null],
    [['12%', '3.5 %'.replace(' ', '')], null, 'percent', null],
    [['2024-01-02 10:00:00', '2024-01-03'], 'date', 'date', 'yyyy-mm-dd hh:mm:ss'],
    [['31.01.2024', '01.02.2024'], 'date', 'date', 'dd.mm.yyyy'],
    [['01/31/24', '02/01/24'], 'date', 'date', 'mm/dd/yy'],
    [['01/02/2024', '02/01/2024'], 'date', 'date', '??/??/yyyy'],
    [['2024-01', '2024-02'], 'date', 'month', 'yyyy-mm'],
    [['10.2345', '11.5000'], 'amount', 'money', null],
    [['yes', 'No'], null, 'boolean', null],
    [['a@b.com', 'c@d.org'], null, 'email', null],
    [['89161234567'], 'phone', 'phone', null],
    [['89161234567'], 'customer_id', 'integer', null],
    [['+7 (916) 123-45-67'], null, 'phone', null],
    [['00123', '00124'], 'customer_id', 'text', null],
    [['536365', 'C536366'], 'order_id', 'text', null],
    [[null, ' '], null, 'empty', null],
  ] as const)('%j as %s: %s %s', (cells, field, type, form) => {
    expect(contentOf(cells, field)).toMatchObject({ type, form });
  });

  it('tells how many cells are of the type and how many are empty', () => {
    const cells = [...Array.from({ length: 18 }, (_, index) => String(index)), 'x', null];
    const content = contentOf(cells, null);
    expect(content).toMatchObject({ type: 'integer', samples: ['0', '1', '2'] });
    expect(content.typeShare).toBeCloseTo(18 / 19, 12);
    expect(content.emptyShare).toBeCloseTo(1 / 20, 12);
  });

  it('is text where more than a tenth is of another type', () => {
    expect(contentOf(['1', '2', '3', 'x'], null)).toMatchObject({ type: 'text', typeShare: 1 });
  });
});
