import { describe, expect, it } from 'vitest';
import type { Figure, ResultTable } from '../../core/table.js';
import { verbatim } from '../../core/text.js';
import { figurePicture } from './png.js';
import { specification } from './specification.js';
import { figureSvg } from './svg.js';

const table: ResultTable = {
  name: 'trend',
  title: verbatim('Trend'),
  grain: 'period',
  columns: [
    { name: 'period', label: verbatim('Period'), kind: 'text' },
    { name: 'revenue', label: { en: 'Revenue', ru: 'Выручка' }, kind: 'money' },
    { name: 'spend', label: verbatim('<script>"&'), kind: 'money' },
  ],
  rows: [
    ['2024-01', '1000.5', '10'],
    ['2024-02', null, '20'],
    ['<b>', '90071992547409.93', '30'],
  ],
  notes: [],
};
const figure = (kind: Figure['kind']): Figure => ({
  name: kind,
  title: { en: 'Title <i>', ru: 'Заголовок' },
  kind,
  rows: 'period',
  figures: ['revenue', 'spend'],
});
const options = { language: 'ru', currency: 'EUR' } as const;

describe.each(['lines', 'curves', 'bars'] as const)('a figure of %s', (kind) => {
  it('is an SVG without styles, scripts and addresses, the same each time', async () => {
    const svg = await figureSvg(figure(kind), table, options);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('Заголовок, EUR');
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /\sstyle=|<script|<b>|<i>|href|url\(|https?:|NaN|undefined/,
    );
    expect(await figureSvg(figure(kind), table, options)).toBe(svg);
  });

  it('is a PNG in which Cyrillic is drawn, the same each time', async () => {
    const draw = (title: string) =>
      figurePicture({ ...figure(kind), title: verbatim(title) }, table, options);
    const picture = await draw('Выручка');
    expect([...picture.png.slice(1, 4)]).toEqual([...Buffer.from('PNG')]);
    expect(picture.width).toBeGreaterThan(300);
    expect(Buffer.from((await draw('Выручка')).png).equals(Buffer.from(picture.png))).toBe(true);
    // Letters that a font lacks would all be the same box.
    expect(Buffer.from((await draw('Выжучка')).png).equals(Buffer.from(picture.png))).toBe(false);
  });
});

describe('what a figure draws', () => {
  const placesOf = (given: Figure, rows: ResultTable['rows']) => {
    const { data } = specification(given, { ...table, rows }, options) as unknown as {
      data: { values: { place: string }[] };
    };
    return [...new Set(data.values.map(({ place }) => place))];
  };
  const rows = [
    ['2024-01', '10', '1'],
    ['2024-02', '20', '1'],
    [null, '30', '1'],
  ];

  it('leaves out the rows that it is without', () => {
    expect(placesOf({ ...figure('lines'), without: ['2024-01'] }, rows.slice(0, 2))).toEqual(['2024-02']);
  });

  it('has no bar without a name', () => {
    expect(placesOf(figure('bars'), rows)).toEqual(['2024-01', '2024-02']);
  });
});
