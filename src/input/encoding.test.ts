import { describe, expect, test } from 'vitest';
import { encode } from '../testing/encode.js';
import { singleByteEncodings } from './code-pages.js';
import { decodePart, detectEncoding, type Encoding, encodings } from './encoding.js';
import { guessCodePage } from './letters.js';
import { vocabulary } from './vocabulary.js';

const russianHeaders = [
  ...new Set(
    Object.values(vocabulary).flatMap((fields) => Object.values(fields).flatMap((tiers) => tiers.flat())),
  ),
].filter((word) => /^[а-яё ]{5,}$/.test(word));

describe('code pages by their letters', () => {
  const forms = {
    'lower case': (word: string) => word,
    'upper case': (word: string) => word.toUpperCase(),
    capitalised: (word: string) => word[0]!.toUpperCase() + word.slice(1),
  };
  for (const encoding of ['windows-1251', 'koi8-r', 'ibm866'] as const) {
    test.each(Object.entries(forms))(`${encoding}: three headers, %s, and nothing else`, (_name, form) => {
      const wrong = russianHeaders.filter((word, index) => {
        const others = [7, 13].map((step) => russianHeaders[(index + step) % russianHeaders.length]!);
        const text = [word, ...others].map(form).join(';');
        return guessCodePage([encode(text, encoding)], singleByteEncodings) !== encoding;
      });
      expect(russianHeaders.length).toBeGreaterThan(100);
      expect(wrong).toEqual([]);
    });
  }

  test.each([
    ...['Müller', 'José', 'Straße', 'Größe', 'ÄRGER', 'créée', 'Übergröße', 'São Paulo', 'Malmö', 'Ærø'],
    ...['niño', 'MÜLLER', 'à', '25 €', '5 °C', 'naïve', 'œuvre', 'ÉTÉ', 'Ñuñoa', 'préféré', 'Année', 'Días'],
  ])('windows-1252: %s', (word) => {
    expect(guessCodePage([encode(word, 'windows-1252')], singleByteEncodings)).toBe('windows-1252');
  });

  test.each(['ООО «РОМАШКА»', 'Сумма, руб.', '№ заказа', 'ИВАНОВ И.И.', 'да', 'Иванов – Müller'.slice(0, 8)])(
    'windows-1251: %s',
    (text) => {
      expect(guessCodePage([encode(text, 'windows-1251')], singleByteEncodings)).toBe('windows-1251');
    },
  );
});

describe('encodings', () => {
  const russian = 'Дата;Клиент;Сумма\n05.03.2024;Иванов;100\n';
  const latin = 'date,customer,amount\n2024-03-05,Müller,100\n';

  test.each(encodings)('%s', (encoding) => {
    const text = encoding === 'windows-1252' ? latin : russian;
    const bytes = encode(text, encoding);
    expect(detectEncoding([bytes])).toBe(encoding);
    expect(decodePart(bytes, encoding)).toBe(text);
  });

  test.each(['utf-8', 'utf-16le', 'utf-16be'] as const)('%s with a byte-order mark', (encoding) => {
    const bytes = encode(`\ufeff${latin}`, encoding);
    expect(detectEncoding([bytes])).toBe(encoding);
    expect(decodePart(bytes, encoding)).toBe(latin);
  });

  test('windows-1252 has signs where Latin-1 has none', () => {
    expect(decodePart(Uint8Array.of(0x80, 0x96, 0x99), 'windows-1252')).toBe('€–™');
  });

  test('the head is ASCII and a later part is not', () => {
    const head = Buffer.from('date,customer,amount\n2024-03-05,a,1\n');
    const part = (encoding: Encoding) => encode('2024-03-06,Иванов Пётр,1\n', encoding);
    for (const encoding of ['windows-1251', 'koi8-r', 'utf-8'] as const) {
      expect(detectEncoding([head, part(encoding)])).toBe(encoding);
    }
  });

  test('a part of UTF-8 that begins and ends within a character', () => {
    const bytes = Buffer.from('жжжж');
    expect(detectEncoding([Buffer.from('a\n'), bytes.subarray(1, 7)])).toBe('utf-8');
  });

  test('damaged UTF-8 is UTF-8', () => {
    const damaged = Buffer.concat([Buffer.from(russian), Buffer.of(0xcf, 0xf0), Buffer.from(russian)]);
    expect(detectEncoding([damaged])).toBe('utf-8');
  });

  test('zeros at even and odd places are no UTF-16', () => {
    expect(detectEncoding([Buffer.of(137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13)])).not.toMatch(/utf-16/);
  });
});
