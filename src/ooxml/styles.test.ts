import { expect, test } from 'vitest';
import { StyleBook } from './styles.js';

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const style = { format: '#,##0.0', fill: 'FFEEDD', bold: true, line: '112233' };

test('formats are known whatever the order of their attributes, and those of differences are others', () => {
  const book = new StyleBook(
    `<styleSheet xmlns="${main}"><numFmts count="1"><numFmt formatCode="#,##0.0" numFmtId="170"/></numFmts>` +
      '<fonts><font/></fonts><fills count=\'2\'><fill/><fill/></fills><borders count="1"><border/></borders>' +
      '<cellStyleXfs><xf/></cellStyleXfs><cellXfs count="1" x="y"><xf/></cellXfs>' +
      '<dxfs count="1"><dxf><numFmt numFmtId="180" formatCode="0.000"/><fill/></dxf></dxfs></styleSheet>',
  );
  expect(book.style(style)).toBe(1);
  expect(book.style(style)).toBe(1);
  expect(book.style({ format: '0.000' })).toBe(2);
  expect(book.xml).toContain('<xf numFmtId="170" fontId="1" fillId="2" borderId="1" xfId="0"');
  expect(book.xml).toContain('<numFmt numFmtId="171" formatCode="0.000"/></numFmts>');
  expect(book.xml).toMatch(/<cellXfs count="3"><xf\/>.*<\/cellXfs><dxfs/);
  expect(book.xml).toContain('<fills count="3">');
});

test('lists that are missing or empty are made, in their order', () => {
  for (const given of [
    `<x:styleSheet xmlns:x="${main}"><x:cellXfs count="0"/><x:dxfs count="0"/></x:styleSheet>`,
    `<x:styleSheet xmlns:x="${main}"></x:styleSheet>`,
    `<x:styleSheet xmlns:x="${main}"/>`,
  ]) {
    const book = new StyleBook(given);
    expect(book.style(style)).toBe(1);
    const names = [...book.xml.matchAll(/<x:(numFmts|fonts|fills|borders|cellStyleXfs|cellXfs|dxfs)[\s>]/g)];
    expect(names.map(([, name]) => name).slice(0, 6)).toEqual([
      'numFmts',
      'fonts',
      'fills',
      'borders',
      'cellStyleXfs',
      'cellXfs',
    ]);
    expect(book.xml).toContain('<x:fills count="3">');
    expect(book.xml).toContain('numFmtId="164" fontId="1" fillId="2" borderId="1" xfId="0"');
  }
});

test('a new format has a number that none has, though formats are there twice', () => {
  const formats = [164, 170, 169].map((id) => `<numFmt numFmtId="${id}" formatCode="0.0"/>`).join('');
  const book = new StyleBook(
    `<styleSheet xmlns="${main}"><numFmts count="3">${formats}</numFmts></styleSheet>`,
  );
  book.style({ format: '0.00' });
  expect(book.xml).toContain('<numFmt numFmtId="171" formatCode="0.00"/>');
});
