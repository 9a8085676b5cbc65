import { describe, expect, it } from 'vitest';
import type { Cell, ResultTable, Unit } from '../../core/table.js';
import { verbatim } from '../../core/text.js';
import { type ChannelLoss, changesInWords } from './changes.js';

const names = ['kpi', 'value', 'previous', 'change', 'year_ago', 'unit'];
type Row = [value: Cell, previous: Cell, change: Cell, unit: Unit, yearAgo?: Cell];

function kpis(rows: Record<string, Row>): ResultTable {
  const usual: Record<string, Row> = {
    revenue: ['1000.00', '800.00', 25, 'money'],
    orders: [10, 8, 25, 'integer'],
    aov: ['100.00', '100.00', 0, 'money'],
    churn_rate: [6.4, 4.6, 1.8, 'percent'],
    customers_lost: [63, 45, 40, 'integer'],
    customers_start: [984, 978, 0.6, 'integer'],
    customers_end: [1000, 984, 1.6, 'integer'],
    customers_new: [70, 60, 16.7, 'integer'],
    customers_reactivated: [9, 1, 800, 'integer'],
    cac: [null, null, null, 'money'],
  };
  return {
    name: 'kpis',
    title: verbatim('KPIs'),
    grain: 'KPI',
    columns: names.map((name) => ({ name, label: verbatim(name), kind: 'text' })),
    rows: Object.entries({ ...usual, ...rows }).map(
      ([id, [value, previous, change, unit, yearAgo = null]]) => [id, value, previous, change, yearAgo, unit],
    ),
    notes: [],
  };
}

const losses: ChannelLoss[] = [
  { channel: 'Ads', start: 492, lost: 41 },
  { channel: 'Mail', start: 400, lost: 20 },
  { channel: null, start: 92, lost: 2 },
];

describe('what changed in words', () => {
  it('says how far, to what, of how many, and through which channel', () => {
    const lines = changesInWords(kpis({}), losses, 'EUR');
    expect(lines.map(({ en }) => en)).toEqual([
      'Revenue rose 25.0% to €1,000.00: 10 orders (8 before), €100.00 per order (€100.00 before).',
      'Churn rate rose 1.8 points to 6.4%: 63 of 984 active customers were lost (45 of 978 before).',
      '41 of the 63 lost (65.1%) came through channel Ads, which had brought 50.0% of those active at the start: more than chance would give.',
      'New customers: 70 (60 before); came back: 9 (1 before); active customers went from 984 to 1,000.',
    ]);
    expect(lines[1]!.ru.replaceAll('\u00a0', ' ')).toBe(
      'Отток вырос на 1,8 п.п. до 6,4 %: ушли 63 из 984 активных клиентов (было 45 из 978).',
    );
  });

  it('tells what was a year ago, as seasons come back', () => {
    const [revenue] = changesInWords(
      kpis({ revenue: ['1000.00', '800.00', 25, 'money', '990.00'] }),
      [],
      null,
    );
    expect(revenue!.en).toMatch(/^Revenue rose 25\.0% to 1,000\.00 \(a year ago 990\.00\): /);
    expect(revenue!.ru.replaceAll('\u00a0', ' ')).toMatch(/до 1 000,00 \(год назад 990,00\): /);
  });

  it('calls chance what may be chance, and says nothing of the only channel', () => {
    const channelLine = (lossesByChannel: readonly ChannelLoss[]) =>
      changesInWords(kpis({}), lossesByChannel, null).find(({ en }) => en.includes('channel'))?.en;
    const others = { channel: 'Mail', start: 70, lost: 10 };
    expect(channelLine([{ channel: 'Ads', start: 30, lost: 11 }, others])).toMatch(
      /: more than chance would give\.$/,
    );
    expect(
      channelLine([
        { channel: 'Ads', start: 30, lost: 1 },
        { ...others, lost: 0 },
      ]),
    ).toMatch(/: the difference may be chance\.$/);
    expect(
      channelLine([
        { channel: 'Ads', start: 90, lost: 7 },
        { ...others, start: 10, lost: 6 },
      ]),
    ).toMatch(/^7 of the 13 lost .* fewer than chance would give\.$/);
    expect(channelLine([{ channel: 'Ads', start: 30, lost: 3 }])).toBeUndefined();
  });

  it('of one thing it speaks as of one, and of less than nothing without percent', () => {
    const lines = changesInWords(
      kpis({
        revenue: ['-50.00', '-100.00', null, 'money'],
        customers_lost: [1, 0, null, 'integer'],
        customers_start: [1, 0, null, 'integer'],
        cac: ['5.00', '4.00', 25, 'money'],
        customers_new: [1, 2, -50, 'integer'],
      }),
      [],
      null,
    ).map(({ en }) => en);
    expect(lines[0]).toBe('Revenue went from −100.00 to −50.00.');
    expect(lines[1]).toContain('1 of 1 active customer was lost');
    expect(lines.at(-1)).toContain('with 1 new customer.');
    const [one] = changesInWords(kpis({ orders: [1, 2, -50, 'integer'] }), [], null);
    expect(one!.en).toContain(': 1 order (2 before)');
  });

  it('says what stands in the way of churn instead of it', () => {
    const lines = changesInWords(kpis({}), losses, 'EUR', verbatim('Nobody came back.')).map(({ en }) => en);
    expect(lines[0]).toBe('Nobody came back.');
    expect(lines.filter((line) => /churn|lost/i.test(line))).toEqual([]);
  });

  it('claims no change where there is none, and none where nothing is known', () => {
    const steady = changesInWords(
      kpis({ churn_rate: [6.4, 6.39, 0.01, 'percent'], revenue: ['5.00', null, null, 'money'] }),
      [],
      null,
    );
    expect(steady[0]!.en).toBe('Revenue is 5.00, with nothing before to compare it with.');
    expect(steady[1]!.en).toMatch(/^Churn rate stayed at 6.4%: /);
    const unknown = changesInWords(
      kpis({ churn_rate: [null, null, null, 'percent'], revenue: [null, null, null, 'money'] }),
      losses.map((loss) => ({ ...loss, lost: 0 })),
      null,
    );
    expect(unknown).toHaveLength(1);
  });
});
