import { describe, expect, test } from 'vitest';
import { encode } from '../testing/encode.js';
import { decodingTable, type SingleByteEncoding, singleByteEncodings } from './code-pages.js';
import { detectEncoding } from './encoding.js';
import { guessCodePage } from './letters.js';
import { vocabulary } from './vocabulary.js';

const cyrillic = ['windows-1251', 'koi8-r', 'ibm866'] as const;
const words = [
  ...new Set(
    Object.values(vocabulary).flatMap((fields) => Object.values(fields).flatMap((tiers) => tiers.flat())),
  ),
].filter((word) => /^[а-яё ]{5,}$/.test(word));

describe('stat', () => {
  for (const encoding of cyrillic) {
    for (const [name, form] of [
      ['lower', (w: string) => w],
      ['upper', (w: string) => w.toUpperCase()],
      ['title', (w: string) => w[0]!.toUpperCase() + w.slice(1)],
    ] as const) {
      test(`${encoding} ${name}`, () => {
        const wrong = words.filter(
          (w) => guessCodePage([encode(form(w), encoding)], singleByteEncodings) !== encoding,
        );
        console.log(encoding, name, words.length, wrong.length, wrong.slice(0, 40).join(', '));
      });
    }
  }
  test('latin', () => {
    const latin = [
      'Müller',
      'José',
      'Straße',
      'Größe',
      'ÄRGER',
      'créée',
      'Übergröße',
      'Montréal',
      'São Paulo',
      'Malmö',
      'Ærø',
      'niño',
      'MÜLLER',
      'É',
      'à',
      '25 €',
      '5 °C',
      'naïve',
      'Ångström',
      'œuvre',
      'garçon',
      'ÉTÉ',
      'Zoë',
      'Ñuñoa',
      'préféré',
      'Année',
      'Prénom',
      'Año',
      'Días',
    ];
    const wrong = latin.filter(
      (w) => guessCodePage([encode(w, 'windows-1252')], singleByteEncodings) !== 'windows-1252',
    );
    console.log(wrong);
  });
});
