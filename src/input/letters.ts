import { decodingTable, type SingleByteEncoding } from './code-pages.js';

// Occurrences in ten thousand letters of Russian text; Ukrainian and Belarusian letters as rare as they are in it.
const cyrillicFrequency = frequencies(
  'о1097 е845 а801 и735 н670 т626 с547 р473 в454 л440 к349 м321 д298 п281 у262 я201 ы190 ь174 г170 з165 б159 ч144 й121 х97 ж94 ш73 ю64 ц48 щ36 э32 ф26 ъ4 ё20 і10 ї5 є5 ґ1 ў1',
);
// Accented letters of western Europe among each other.
const latinFrequency = frequencies(
  'é1500 ä900 ö800 ü1000 ß500 è500 à500 ç400 ñ400 ó600 í500 á600 ê300 â150 î80 ô150 û60 ë100 ï60 ã300 õ100 å400 æ150 ø300 ú250 ì50 ò60 ù60 œ30 ÿ5 ý30 ð10 þ10',
);
/** Signs that stand in any text: each as likely as a middling letter. */
const usualSigns = new Set('«»„“”‘’–—…№°§€£©®·•×²³½±¹º\u00a0');
const signScore = Math.log(0.03);
const oddSignScore = Math.log(0.0005);
/** What speaks against a reading: letters of two alphabets in a word, 'кЛИЕНТ'. */
const mixedScore = -5;
const caseScore = -4;

const commonPairs = new Set(
  'ст но то на ен ов ни ра во ко ал ли по ре ос пр ро ть не ер де ел ан ль ка го ит от ти ат ес мо та ва ла ол ор ом ле те ле да ми ри за ма ск из ны ый ия ие ая'.split(
    ' ',
  ),
);
const commonPairScore = 1;

/** What speaks against a code page before a byte is seen: the two of Windows are by far the commonest. */
const rarity: Readonly<Record<SingleByteEncoding, number>> = {
  'windows-1252': 0,
  'windows-1251': -1,
  'koi8-r': -3,
  ibm866: -3,
};

/** Words looked at: more would not change the answer. */
const maximumWords = 5000;

/**
 * Which code page a text that is not Unicode is in, by the letters that its bytes would be: how common they
 * are, in which company and in which case.
 */
export function guessCodePage(
  samples: readonly Uint8Array[],
  candidates: readonly SingleByteEncoding[],
): SingleByteEncoding {
  const words = wordsWithHighBytes(samples);
  let best = candidates[0]!;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const encoding of candidates) {
    const table = decodingTable(encoding);
    const score = encoding === 'windows-1252' ? latinScore : cyrillicScore;
    let sum = rarity[encoding];
    for (const word of words) {
      sum += score([...word].map((byte) => table[byte.charCodeAt(0)]!).join(''));
    }
    if (sum > bestScore) {
      best = encoding;
      bestScore = sum;
    }
  }
  return best;
}

/** Runs of ASCII letters and bytes above ASCII with at least one of the latter, each once, as Latin-1. */
function wordsWithHighBytes(samples: readonly Uint8Array[]): Set<string> {
  const words = new Set<string>();
  for (const sample of samples) {
    const text = Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength).toString('latin1');
    for (const [word] of text.matchAll(/[A-Za-z]*[\u0080-\u00ff][A-Za-z\u0080-\u00ff]*/g)) {
      if (words.size < maximumWords) words.add(word.slice(0, 100));
    }
  }
  return words;
}

function cyrillicScore(word: string): number {
  let score = 0;
  let before = '';
  for (const character of word) {
    const lower = character.toLowerCase();
    const frequency = cyrillicFrequency.get(lower);
    if (frequency !== undefined) {
      score += Math.log(frequency);
      if (/[A-Za-z]/.test(before)) score += mixedScore;
      if (commonPairs.has(before.toLowerCase() + lower)) score += commonPairScore;
    } else if (character > '\u007f') score += usualSigns.has(character) ? signScore : oddSignScore;
    else if (cyrillicFrequency.has(before.toLowerCase())) score += mixedScore;
    score += caseOf(before, character);
    before = character;
  }
  return score;
}

function latinScore(word: string): number {
  let score = 0;
  let before = '';
  // Words of nothing but accented letters are those of another alphabet; 'à' and 'É' stand alone.
  const isAlone = word.length > 1 && !/[A-Za-z]/.test(word);
  for (const character of word) {
    const frequency = latinFrequency.get(character.toLowerCase());
    if (frequency !== undefined) {
      score += Math.log(frequency) + (isAlone ? mixedScore / 2 : 0);
      if (latinFrequency.has(before.toLowerCase())) score += mixedScore;
    } else if (character > '\u007f') score += usualSigns.has(character) ? signScore : oddSignScore;
    score += caseOf(before, character);
    before = character;
  }
  return score;
}

function caseOf(before: string, character: string): number {
  const isLower = before !== before.toUpperCase();
  return isLower && character !== character.toLowerCase() ? caseScore : 0;
}

/** 'о1097 е845' as shares of the whole. */
function frequencies(list: string): Map<string, number> {
  const counts = list.split(' ').map((entry) => [entry[0]!, Number(entry.slice(1))] as const);
  const sum = counts.reduce((all, [, count]) => all + count, 0);
  return new Map(counts.map(([letter, count]) => [letter, count / sum]));
}
