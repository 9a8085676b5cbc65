import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { detach, XmlDecoder, XmlError, type XmlHandler, XmlScanner } from './xlsx-xml.js';

type Event = string;

/** What the scanner reports, with the text of every element that has one; `cut` gives the lengths of the pieces. */
function scan(xml: string, cut: readonly number[] = [], pauses = false): Event[] {
  const events: Event[] = [];
  const handler: XmlHandler = {
    open(name, scanner) {
      const attributes: string[] = [];
      for (let index = 0; index < scanner.attributeCount; index++) {
        attributes.push(`${scanner.attributeName(index)}=${scanner.attributeValue(index)}`);
      }
      events.push(`open ${name} ${attributes.join('|')}`);
      scanner.capture();
    },
    close(name, scanner) {
      events.push(`close ${name} ${scanner.captured}`);
      scanner.captured = '';
      if (pauses) scanner.pause();
    },
  };
  const scanner = new XmlScanner(handler);
  let at = 0;
  for (let index = 0; at < xml.length; index++) {
    const length = cut.length === 0 ? xml.length : Math.max(1, cut[index % cut.length]!);
    scanner.feed(xml.slice(at, at + length));
    while (scanner.scan());
    at += length;
  }
  scanner.end();
  return events;
}

/** The same by the reference reader. Text counts for the element that was opened last, until one is closed. */
function scanBySaxes(xml: string): Event[] {
  const events: Event[] = [];
  let root: string | undefined;
  let captured = '';
  let capturing = false;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  const nameOf = (uri: string, local: string): string => (uri === root ? local : '');
  parser.on('doctype', () => {
    throw new Error('doctype');
  });
  parser.on('opentag', (tag) => {
    root ??= tag.uri;
    const attributes = Object.values(tag.attributes).map(({ name, value }) => `${name}=${value}`);
    events.push(`open ${nameOf(tag.uri, tag.local)} ${attributes.join('|')}`);
    captured = '';
    capturing = true;
  });
  parser.on('closetag', (tag) => {
    events.push(`close ${nameOf(tag.uri, tag.local)} ${captured}`);
    captured = '';
    capturing = false;
  });
  const text = (value: string): void => {
    if (capturing) captured += value;
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.write(xml).close();
  return events;
}

function attempt(read: () => Event[]): Event[] | 'error' {
  try {
    return read();
  } catch {
    return 'error';
  }
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

const words = fc.constantFrom(
  '',
  'a',
  '12.5',
  ' ',
  '\n',
  'Ж',
  '😀',
  '>',
  '"',
  "'",
  '&lt;',
  '&amp;',
  '&#10;',
  '&#x41;',
  '&quot;',
);
const text = fc.array(words, { maxLength: 5 }).map((parts) => parts.join(''));
const attributeText = text.map((value) => value.replace(/["']/g, ''));
const comment = text.map((value) => `<!--${value.replaceAll('-', '')}<c r="Z9">-->`);
const cdata = text.map((value) => `<![CDATA[<v>]]${value.replace(/[\]>]/g, '')}]]>`);
const instruction = fc.constant('<?page break="<c>"?>');
const blank = fc.constantFrom(' ', '\n', '  ', '\t');

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .record({
      name: fc.constantFrom('row', 'c', 'v', 'x:c', 'x:row', 'y:v', 'f', 'is', 't'),
      attributes: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom('r', 's', 't', 'y:id', 'xml:space', 'long-name_1'),
          value: attributeText,
          quote: fc.constantFrom('"', "'"),
          before: blank,
          equals: fc.constantFrom('=', ' = '),
        }),
        { selector: ({ name }) => name, maxLength: 4 },
      ),
      namespace: fc.constantFrom('', '', '', ` xmlns="${main}"`, ' xmlns="urn:other"', ` xmlns:y='${main}'`),
      content: fc.option(tie('content'), { nil: undefined }),
      end: fc.constantFrom('', ' '),
    })
    .map(({ name, attributes, namespace, content, end }) => {
      const list = attributes
        .map(({ name, value, quote, before, equals }) => `${before}${name}${equals}${quote}${value}${quote}`)
        .join('');
      const start = `<${name}${namespace}${list}${end}`;
      return content === undefined ? `${start}/>` : `${start}>${content}</${name}${end}>`;
    }),
  content: fc
    .array(fc.oneof({ maxDepth: 4 }, text, tie('element'), comment, cdata, instruction), { maxLength: 4 })
    .map((parts) => parts.join('')),
}));

const documents = fc
  .record({
    start: fc.constantFrom('', '<?xml version="1.0" encoding="UTF-8"?>\n', '\n<!-- x -->'),
    prefix: fc.constantFrom('', 'x:'),
    elements: fc.array(element, { maxLength: 5 }),
    end: fc.constantFrom('', '\n', '<!-- end -->', '<?a?>'),
  })
  .map(({ start, prefix, elements, end }) => {
    const namespaces =
      prefix === '' ? `xmlns="${main}" xmlns:x="${main}"` : `xmlns:x="${main}" xmlns="urn:none"`;
    const body = elements.join('');
    return `${start}<${prefix}sheet ${namespaces} xmlns:y="urn:y">${body}</${prefix}sheet>${end}`;
  });

const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

describe('XmlScanner', () => {
  it('reads as the reference reader does, however the text is cut', () => {
    fc.assert(
      fc.property(documents, cuts, fc.boolean(), (xml, cut, pauses) => {
        const expected = scanBySaxes(xml);
        expect(scan(xml)).toEqual(expected);
        expect(scan(xml, cut, pauses)).toEqual(expected);
        expect(scan(xml, [1])).toEqual(expected);
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  it('refuses what the reference reader refuses', () => {
    const mutated = fc
      .record({
        xml: documents,
        at: fc.nat(),
        kind: fc.constantFrom('delete', 'insert', 'replace', 'truncate'),
        character: fc.constantFrom(
          '<',
          '>',
          '/',
          '"',
          "'",
          '&',
          ';',
          '=',
          ' ',
          '!',
          '?',
          '-',
          ']',
          'a',
          ':',
          '#',
        ),
      })
      .map(({ xml, at, kind, character }) => {
        const place = at % xml.length;
        if (kind === 'truncate') return xml.slice(0, place);
        return (
          xml.slice(0, place) +
          (kind === 'delete' ? '' : character) +
          xml.slice(place + (kind === 'insert' ? 0 : 1))
        );
      })
      // Half characters cannot come out of the decoder.
      .filter((xml) => !/\p{Surrogate}/u.test(xml))
      // Checked less strictly here: processing instructions, and prefixes of attributes.
      .filter((xml) => !/<\?(?!xml version="1\.0" encoding="UTF-8"\?>|page break="<c>"\?>|a\?>)/i.test(xml))
      .filter((xml) => !/:[^\s=<>"']*\s*=/.test(xml.replace(/ (xmlns:[xy]|y:id|xml:space)\s*=/g, ' =')))
      .filter((xml) => xml.includes('xmlns:y="urn:y"'));
    fc.assert(
      fc.property(mutated, cuts, (xml, cut) => {
        // `]]>` in plain text is let pass.
        const expected = attempt(() =>
          scanBySaxes(xml.replace(/\]\]>/g, (end, at: number) => (inCdata(xml, at) ? end : ']] >'))),
        );
        if (expected === 'error') {
          expect(() => scan(xml)).toThrow(XmlError);
          expect(() => scan(xml, cut)).toThrow(XmlError);
        } else {
          expect(attempt(() => scan(xml, cut))).not.toBe('error');
        }
      }),
      { numRuns: 3000, seed: 12 },
    );
  });

  it.each([
    ['<a>', 'it ends before </a>'],
    ['', 'it ends too early'],
    ['<a></b>', '</a> is missing'],
    ['<a b=c/>', 'without quotes'],
    ['<a b="1" b="2"/>', 'given twice'],
    ['<a b="1"c="2"/>', 'without a space'],
    ['<a>&nope;</a>', 'unknown entity'],
    ['<a>&#0;</a>', 'unknown entity'],
    ['<a>&#xD800;</a>', 'unknown entity'],
    ['<a b="&nope;"/>', 'unknown entity'],
    ['<a>&amp</a>', "'&' without ';'"],
    ['<a/><b/>', 'more than one root'],
    ['<a/>text', 'outside of the root'],
    ['</a>', 'closed that was not opened'],
    ['<x:a/>', 'not declared'],
    ['<a><!-- -- --></a>', "'--' within"],
    [' <?xml version="1.0"?><a/>', 'not at the start'],
    ['<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>', 'document type declaration'],
    [`${'<a>'.repeat(300)}`, 'nested too deeply'],
    [`<a b="${'x'.repeat(1_100_000)}`, 'a tag has no end'],
  ])('refuses %.40s', (xml, message) => {
    expect(() => scan(xml)).toThrow(message);
    if (xml.length < 1000) expect(() => scan(xml, [1])).toThrow(XmlError);
  });

  it('does not slow down on a long comment in small pieces', () => {
    const xml = `<a><!--${'x'.repeat(2_000_000)}--><b>${'y'.repeat(2_000_000)}</b></a>`;
    const start = performance.now();
    expect(scan(xml, [1000]).length).toBe(4);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

function inCdata(xml: string, at: number): boolean {
  const start = xml.lastIndexOf('<![CDATA[', at);
  return start !== -1 && xml.indexOf(']]>', start) === at;
}

function decode(bytes: Buffer, size: number): string {
  const decoder = new XmlDecoder();
  let result = '';
  for (let at = 0; at < bytes.length; at += size) result += decoder.write(bytes.subarray(at, at + size));
  return result + decoder.end();
}

describe('XmlDecoder', () => {
  it('decodes UTF-8 and UTF-16 cut anywhere, and makes line breaks plain', () => {
    const texts = fc
      .array(fc.constantFrom('a', '<', 'é', 'Ж', '漢', '😀', '\r', '\n', '\t'), { maxLength: 600 })
      .map((parts) => `<a>${parts.join('')}`);
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 700 }), (text, size) => {
        const expected = text.replace(/\r\n?/g, '\n');
        const wide = Buffer.from(text, 'utf16le');
        expect(decode(Buffer.from(text), size)).toBe(expected);
        expect(decode(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]), size)).toBe(
          expected,
        );
        expect(decode(wide, size)).toBe(expected);
        expect(decode(Buffer.concat([Buffer.from([0xff, 0xfe]), wide]), size)).toBe(expected);
        expect(decode(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(wide).swap16()]), size)).toBe(
          expected,
        );
      }),
      { numRuns: 300, seed: 13 },
    );
  });

  it('reads other encodings that are declared', () => {
    const start = '<?xml version="1.0" encoding="windows-1251"?><a>';
    expect(decode(Buffer.concat([Buffer.from(start), Buffer.from([0xc6])]), 10)).toBe(`${start}Ж`);
    const declaredWrongly = '<?xml version="1.0" encoding="no-such"?><a/>';
    expect(() => decode(Buffer.from(declaredWrongly), 10)).toThrow('no-such');
  });

  it.each([
    ['half a character', [0x61, 0xd0]],
    ['no UTF-8', [0x61, 0xff, 0x61]],
    ['a control character', [0x61, 0x01, 0x61]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decode(Buffer.from(bytes), 1)).toThrow(XmlError);
    expect(() => decode(Buffer.concat([Buffer.alloc(400, 0x61), Buffer.from(bytes)]), 150)).toThrow(XmlError);
  });
});

it('detach keeps the text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (value) => {
      expect(detach(value)).toBe(value);
    }),
  );
});
