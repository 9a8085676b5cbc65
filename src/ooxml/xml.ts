import { XmlScanner } from '../input/xlsx-xml.js';

/** What to do with an element: keep it, change attributes, or leave it out with all that is in it. */
export type Change = undefined | 'drop' | Readonly<Record<string, string>>;

export interface Visitor {
  /**
   * Names are local names. `path` has the names of the elements around this one, the outermost first; `at` is where
   * the element begins.
   */
  open?(
    name: string,
    attribute: (name: string) => string | undefined,
    path: readonly string[],
    at: number,
  ): Change;
  /** Text right within an element, decoded; gives what replaces it. */
  text?(name: string, text: string, path: readonly string[]): string;
}

const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([^\s/>]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;

/**
 * Rewrites the elements and texts of an XML text that a visitor changes; everything else stays as it is, to the
 * byte. The text may be a part of a document, with elements that are not closed.
 */
export function rewriteXml(xml: string, visitor: Visitor): string {
  const pieces: string[] = [];
  const path: string[] = [];
  /** Up to where the text has been dealt with. */
  let done = 0;
  /** While an element is left out: how many elements of it are open. */
  let dropping = 0;
  token.lastIndex = 0;
  const textBefore = (end: number) => {
    const name = path[path.length - 1];
    if (visitor.text === undefined || name === undefined || end === done) return;
    const raw = xml.slice(done, end);
    const plain = decode(raw);
    const changed = visitor.text(name, plain, path);
    pieces.push(changed === plain ? raw : escapeText(changed));
    done = end;
  };
  const passed = (end: number) => {
    if (visitor.text === undefined) return;
    pieces.push(xml.slice(done, end));
    done = end;
  };
  for (let match = token.exec(xml); match !== null; match = token.exec(xml)) {
    const [whole, closing, qualified, attributes = '', empty] = match;
    if (qualified === undefined) continue;
    const end = match.index + whole.length;
    if (dropping > 0) {
      if (closing) dropping -= 1;
      else if (!empty) dropping += 1;
      if (dropping === 0) done = end;
      continue;
    }
    if (closing) {
      textBefore(match.index);
      path.pop();
      passed(end);
      continue;
    }
    const name = localName(qualified);
    const change = visitor.open?.(name, (wanted) => attributeOf(attributes, wanted), path, match.index);
    if (change === 'drop') {
      pieces.push(xml.slice(done, match.index));
      done = end;
      if (!empty) dropping = 1;
      continue;
    }
    if (change !== undefined) {
      pieces.push(
        xml.slice(done, match.index),
        `<${qualified}${withAttributes(attributes, change)}${empty}>`,
      );
      done = end;
    }
    if (!empty) path.push(name);
    passed(end);
  }
  pieces.push(xml.slice(done));
  return pieces.join('');
}

/** Calls `visit` for every element of an XML text that is opened. */
export function visitXml(xml: string, visit: NonNullable<Visitor['open']>): void {
  rewriteXml(xml, { open: visit });
}

export function localName(qualified: string): string {
  return qualified.slice(qualified.indexOf(':') + 1);
}

const attributePattern = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** The value of an attribute, by its name or its local name. */
export function attributeOf(attributes: string, wanted: string): string | undefined {
  for (const [, name, double, single] of attributes.matchAll(attributePattern)) {
    if (name === wanted || (!name!.startsWith('xmlns') && localName(name!) === wanted)) {
      return decode(double ?? single ?? '');
    }
  }
  return undefined;
}

function withAttributes(attributes: string, change: Readonly<Record<string, string>>): string {
  const left = new Map(Object.entries(change));
  const changed = attributes.replace(attributePattern, (whole, name: string) => {
    const value = left.get(name);
    left.delete(name);
    return value === undefined ? whole : `${name}="${escapeAttribute(value)}"`;
  });
  return changed + [...left].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('');
}

export function escapeText(text: string): string {
  if (!/[&<>\r]/.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export function decode(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

/**
 * A document that the expressions of this folder can rely on: well formed, without comments and CDATA sections.
 * @throws XmlError where it is not well formed
 */
export function plainDocument(xml: string): string {
  const scanner = new XmlScanner({ open: () => {}, close: () => {} });
  scanner.feed(xml);
  while (scanner.scan());
  scanner.end();
  if (!xml.includes('<!')) return xml;
  return xml.replace(/<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, data?: string) =>
    data === undefined ? '' : escapeText(data),
  );
}
