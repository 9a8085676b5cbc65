import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** What is wrong with an XML text. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

/**
 * Hears of the elements of a document as they are read. Names are local names, without prefix, of elements in
 * the namespace of the root element; elements of any other namespace are announced as ''.
 */
export interface XmlHandler {
  open(name: string, scanner: XmlScanner): void;
  close(name: string, scanner: XmlScanner): void;
}

/** An element or attribute name as it stands in the text. */
interface Name {
  readonly text: string;
  readonly prefix: string;
  readonly local: string;
  /** The local name if the element is in the root's namespace, else ''. Holds while `scope` is current. */
  resolved: string;
  scope: number;
}

/** Namespaces declared by the element at `depth`. */
interface Declarations {
  readonly depth: number;
  readonly namespaces: ReadonlyMap<string, string>;
}

/** What the text at the current place is part of, where that can be longer than a chunk. */
type Mode = 'content' | 'comment' | 'cdata' | 'instruction';

// As constants of the module these cost nothing; every character of a sheet is compared with some of them.
const tab = 9;
const newline = 10;
const space = 32;
const exclamation = 33;
const doubleQuote = 34;
const ampersand = 38;
const singleQuote = 39;
const slash = 47;
const less = 60;
const equals = 61;
const greater = 62;
const question = 63;

const maximumDepth = 256;
const maximumAttributes = 512;
const maximumTag = 1024 * 1024;
const maximumEntity = 12;
/** Names are kept in a table of 2 to this power. */
const nameBits = 10;
const validName = /^[\p{L}_][\p{L}\p{M}\p{N}._\-\u00b7]*(?::[\p{L}_][\p{L}\p{M}\p{N}._\-\u00b7]*)?$/u;

/** One copy of the names that matter: comparing a string with itself is quickest. */
const frequentNames = new Map(
  ['row', 'c', 'v', 'f', 'is', 't', 'r', 's', 'si', 'rPh'].map((name) => [name, name]),
);

/**
 * Reads XML piece by piece and tells a handler of its elements. It exists for speed: a sheet is mostly tags,
 * and making an object of each, as general readers do, takes several times as long as everything else.
 * It checks that the document is well formed, but for `]]>` in plain text, undeclared prefixes of attributes
 * and the inside of processing instructions. Document type declarations, and with them entities of the document's own, are refused.
 */
export class XmlScanner {
  /** How many elements are open, the current one included. */
  depth = 0;
  /** Text since `capture`. */
  captured = '';
  /** The piece of text that the attribute positions refer to; valid within `open` only. */
  text = '';
  attributeCount = 0;
  readonly attributeStarts: number[] = [];
  readonly attributeEnds: number[] = [];

  private readonly attributeNames: Name[] = [];
  private readonly attributeEntities: boolean[] = [];
  private readonly names: (Name | undefined)[] = new Array<Name | undefined>(1 << nameBits).fill(undefined);
  private readonly open: Name[] = [];
  private readonly declarations: Declarations[] = [];
  private rootNamespace = '';
  private scope = 0;
  private at = 0;
  /** Whether anything at all has been read, and whether the root element has been opened. */
  private begun = false;
  private started = false;
  private ended = false;
  private capturing = false;
  private paused = false;
  private mode: Mode = 'content';

  constructor(private readonly handler: XmlHandler) {}

  /** Adds the next piece of text. */
  feed(piece: string): void {
    this.text = this.at === this.text.length ? piece : this.text.slice(this.at) + piece;
    this.at = 0;
  }

  /** Reads on. True: the handler asked for a pause, call again; false: more text is needed. */
  scan(): boolean {
    this.paused = false;
    while (!this.paused) {
      const before = this.at;
      if (this.mode === 'content') this.scanContent();
      else this.scanLong();
      if (!this.paused && this.at === before) return false;
    }
    return true;
  }

  /** Call when there is no more text: everything opened must have been closed. */
  end(): void {
    if (this.mode !== 'content' || this.at < this.text.length || this.depth > 0 || !this.ended) {
      throw new XmlError(
        this.depth > 0 ? `it ends before </${this.open[this.depth - 1]!.text}>` : 'it ends too early',
      );
    }
  }

  /** Within `open`: gathers the text of the element in `captured`. Ends with the element. */
  capture(): void {
    this.captured = '';
    this.capturing = true;
  }

  /** Makes `scan` return before it reads on. */
  pause(): void {
    this.paused = true;
  }

  /** Within `open`: the name of an attribute as it stands in the text. */
  attributeName(index: number): string {
    return this.attributeNames[index]!.text;
  }

  /** Within `open`: the value of an attribute. */
  attributeValue(index: number): string {
    const raw = this.text
      .slice(this.attributeStarts[index], this.attributeEnds[index])
      .replace(/[\t\n]/g, ' ');
    return this.attributeEntities[index] ? decodeEntities(raw) : raw;
  }

  /** Within `open`: the value of the attribute without prefix of that name. */
  attribute(name: string): string | undefined {
    for (let index = 0; index < this.attributeCount; index++) {
      if (this.attributeNames[index]!.text === name) return this.attributeValue(index);
    }
    return undefined;
  }

  /** Within `open`: the value of the attribute of that local name whose namespace ends so. */
  attributeIn(namespaceEnd: string, local: string): string | undefined {
    for (let index = 0; index < this.attributeCount; index++) {
      const name = this.attributeNames[index]!;
      if (name.prefix === '' || name.local !== local) continue;
      if (this.namespaceOf(name.prefix)?.endsWith(namespaceEnd)) return this.attributeValue(index);
    }
    return undefined;
  }

  private scanContent(): void {
    const text = this.text;
    const length = text.length;
    let at = this.at;
    while (at < length) {
      let end = at;
      let entity = false;
      let code = 0;
      for (; end < length; end++) {
        code = text.charCodeAt(end);
        if (code === less) break;
        if (code === ampersand) entity = true;
      }
      if (end > at) {
        // An entity cut by the end of the piece waits for its other half.
        const until = end === length && entity ? this.wholeEntities(at, end) : end;
        this.characters(at, until, entity);
        at = until;
        if (at === length || at < end) break;
      }
      const next = at + 1 < length ? text.charCodeAt(at + 1) : -1;
      if (next === -1) break;
      const after =
        next === slash
          ? this.closeTag(at)
          : next === exclamation || next === question
            ? -2
            : this.openTag(at);
      if (after === -2) {
        this.at = at;
        this.startLong(at, next);
        return;
      }
      if (after === -1) {
        if (length - at > maximumTag) throw new XmlError('a tag has no end');
        break;
      }
      at = after;
      if (this.paused) break;
    }
    this.at = at;
  }

  private wholeEntities(from: number, end: number): number {
    const last = this.text.lastIndexOf('&', end);
    if (last < from || this.text.indexOf(';', last) !== -1) return end;
    if (end - last > maximumEntity) throw new XmlError("'&' without ';'");
    return last;
  }

  private characters(start: number, end: number, entity: boolean): void {
    if (start === end) return;
    if (this.depth === 0) {
      this.begun = true;
      if (/[^ \t\n]/.test(this.text.slice(start, end)))
        throw new XmlError('there is text outside of the root element');
    } else if (this.capturing || entity) {
      const raw = this.text.slice(start, end);
      const plain = entity ? decodeEntities(raw) : raw;
      if (this.capturing) this.captured = this.captured === '' ? plain : this.captured + plain;
    }
  }

  /** Returns where the text goes on after the tag, or -1 if the tag is not complete yet. */
  private closeTag(at: number): number {
    const text = this.text;
    const length = text.length;
    if (this.depth === 0) throw new XmlError('an element is closed that was not opened');
    const name = this.open[this.depth - 1]!;
    const expected = name.text;
    let end = at + 2;
    for (let index = 0; index < expected.length; index++, end++) {
      if (end === length) return -1;
      if (text.charCodeAt(end) !== expected.charCodeAt(index))
        throw new XmlError(`</${expected}> is missing`);
    }
    for (; end < length; end++) {
      const code = text.charCodeAt(end);
      if (code === greater) {
        this.closeElement(name);
        return end + 1;
      }
      if (code !== space && code !== newline && code !== tab) throw new XmlError(`</${expected}> is missing`);
    }
    return -1;
  }

  /** Returns where the text goes on after the tag, or -1 if the tag is not complete yet. */
  private openTag(at: number): number {
    const text = this.text;
    const length = text.length;
    let end = at + 1;
    let code = 0;
    let hash = 0;
    for (; end < length; end++) {
      code = text.charCodeAt(end);
      if (code === greater || code === space || code === slash || code === newline || code === tab) break;
      if (code === less) throw new XmlError("'<' within a tag");
      hash = (hash * 31 + code) & 0xffffff;
    }
    if (end === length) return -1;
    const name = this.nameAt(at + 1, end, hash);
    let attributes = 0;
    let declares = false;
    for (;;) {
      const gap = end;
      while (code === space || code === newline || code === tab) {
        end++;
        if (end === length) return -1;
        code = text.charCodeAt(end);
      }
      if (code === greater) {
        this.attributeCount = attributes;
        this.openElement(name, declares);
        return end + 1;
      }
      if (code === slash) {
        end++;
        if (end === length) return -1;
        if (text.charCodeAt(end) !== greater) throw new XmlError("'/' within a tag");
        this.attributeCount = attributes;
        this.openElement(name, declares);
        this.closeElement(name);
        return end + 1;
      }
      if (gap === end) throw new XmlError('attributes without a space between them');
      const start = end;
      hash = 0;
      for (; end < length; end++) {
        code = text.charCodeAt(end);
        if (code === equals || code === space || code === newline || code === tab) break;
        if (code === greater || code === less) throw new XmlError('an attribute without a value');
        hash = (hash * 31 + code) & 0xffffff;
      }
      if (end === length) return -1;
      const attribute = this.nameAt(start, end, hash);
      while (code !== equals) {
        if (code !== space && code !== newline && code !== tab)
          throw new XmlError('an attribute without a value');
        end++;
        if (end === length) return -1;
        code = text.charCodeAt(end);
      }
      do {
        end++;
        if (end === length) return -1;
        code = text.charCodeAt(end);
      } while (code === space || code === newline || code === tab);
      if (code !== doubleQuote && code !== singleQuote)
        throw new XmlError('an attribute value without quotes');
      const quote = code;
      const valueStart = end + 1;
      let entity = false;
      for (end++; end < length; end++) {
        code = text.charCodeAt(end);
        if (code === quote) break;
        if (code === less) throw new XmlError("'<' within an attribute value");
        if (code === ampersand) entity = true;
      }
      if (end + 1 >= length) return -1;
      if (attributes === maximumAttributes) throw new XmlError('an element with too many attributes');
      for (let index = 0; index < attributes; index++) {
        if (this.attributeNames[index]!.text === attribute.text)
          throw new XmlError('an attribute that is given twice');
      }
      if (attribute.prefix === 'xmlns' || attribute.text === 'xmlns') declares = true;
      this.attributeNames[attributes] = attribute;
      this.attributeStarts[attributes] = valueStart;
      this.attributeEnds[attributes] = end;
      this.attributeEntities[attributes] = entity;
      if (entity) decodeEntities(text.slice(valueStart, end));
      attributes++;
      end++;
      code = text.charCodeAt(end);
    }
  }

  private openElement(name: Name, declares: boolean): void {
    if (this.ended) throw new XmlError('there is more than one root element');
    if (this.depth === maximumDepth) throw new XmlError('elements are nested too deeply');
    this.begun = true;
    this.open[this.depth] = name;
    this.depth++;
    this.capturing = false;
    if (declares) this.declareNamespaces();
    if (!this.started) {
      this.started = true;
      this.rootNamespace = this.namespaceOf(name.prefix) ?? '';
    }
    this.handler.open(this.resolve(name), this);
  }

  private closeElement(name: Name): void {
    this.handler.close(this.resolve(name), this);
    this.capturing = false;
    if (
      this.declarations.length > 0 &&
      this.declarations[this.declarations.length - 1]!.depth === this.depth
    ) {
      this.declarations.pop();
      this.scope++;
    }
    this.depth--;
    if (this.depth === 0) this.ended = true;
  }

  private declareNamespaces(): void {
    const namespaces = new Map<string, string>();
    for (let index = 0; index < this.attributeCount; index++) {
      const name = this.attributeNames[index]!;
      if (name.text === 'xmlns') namespaces.set('', this.attributeValue(index));
      else if (name.prefix === 'xmlns') namespaces.set(name.local, this.attributeValue(index));
    }
    this.declarations.push({ depth: this.depth, namespaces });
    this.scope++;
  }

  private namespaceOf(prefix: string): string | undefined {
    for (let index = this.declarations.length - 1; index >= 0; index--) {
      const namespace = this.declarations[index]!.namespaces.get(prefix);
      if (namespace !== undefined) return namespace;
    }
    return prefix === '' ? '' : undefined;
  }

  private resolve(name: Name): string {
    if (name.scope !== this.scope) {
      const namespace = this.namespaceOf(name.prefix);
      if (namespace === undefined) throw new XmlError(`the prefix of <${name.text}> is not declared`);
      name.resolved = namespace === this.rootNamespace ? name.local : '';
      name.scope = this.scope;
    }
    return name.resolved;
  }

  /** The name at that place; from a table of fixed size, as documents use the same few names over and over. */
  private nameAt(start: number, end: number, hash: number): Name {
    const slot = Math.imul(hash, 0x9e3779b1) >>> (32 - nameBits);
    const known = this.names[slot];
    if (known !== undefined && known.text.length === end - start) {
      let index = 0;
      while (index < end - start && known.text.charCodeAt(index) === this.text.charCodeAt(start + index))
        index++;
      if (index === end - start) return known;
    }
    const name = makeName(this.text.slice(start, end));
    this.names[slot] = name;
    return name;
  }

  /** At '<!' or '<?': what it starts. */
  private startLong(at: number, next: number): void {
    const text = this.text;
    if (next === question) {
      const start = text.slice(at, at + 6);
      if (start.length < 6 && !start.endsWith('?>')) return;
      if (!validName.test(start.charAt(2))) throw new XmlError("'<?' without a name");
      if (/^<\?xml[ \t\n?]/.test(start) && (at > 0 || this.begun)) {
        throw new XmlError('an XML declaration that is not at the start');
      }
      this.mode = 'instruction';
      this.at = at + 2;
    } else if (text.startsWith('<!--', at)) {
      this.mode = 'comment';
      this.at = at + 4;
    } else if (text.startsWith('<![CDATA[', at)) {
      if (this.depth === 0) throw new XmlError('there is text outside of the root element');
      this.mode = 'cdata';
      this.at = at + 9;
    } else if (text.length - at >= 9) {
      throw new XmlError(
        text.startsWith('<!DOCTYPE', at)
          ? 'it has a document type declaration'
          : "'<!' that starts nothing known",
      );
    }
    this.begun = true;
  }

  /** Within a comment, a CDATA section or a processing instruction. */
  private scanLong(): void {
    const text = this.text;
    const closing = this.mode === 'comment' ? '--' : this.mode === 'cdata' ? ']]>' : '?>';
    const end = text.indexOf(closing, this.at);
    if (this.mode === 'comment' && end !== -1) {
      if (end + 2 === text.length) {
        this.at = end;
        return;
      }
      if (text.charCodeAt(end + 2) !== greater) throw new XmlError("'--' within a comment");
    }
    const until = end === -1 ? Math.max(this.at, text.length - closing.length + 1) : end;
    if (this.mode === 'cdata') this.characters(this.at, until, false);
    this.at = end === -1 ? until : end + (this.mode === 'comment' ? 3 : closing.length);
    if (end !== -1) this.mode = 'content';
  }
}

function makeName(text: string): Name {
  if (!validName.test(text)) throw new XmlError('a name with characters that names cannot have');
  const colon = text.indexOf(':');
  const local = text.slice(colon + 1);
  return {
    text: frequentNames.get(text) ?? text,
    prefix: colon === -1 ? '' : text.slice(0, colon),
    local: frequentNames.get(local) ?? local,
    resolved: '',
    scope: -1,
  };
}

const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * A copy that does not keep the piece of XML alive from which the text was cut: engines share the characters
 * of longer substrings with the whole, so that one remembered cell would hold 128 KiB in memory.
 */
export function detach(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}

/** Replaces `&lt;`, `&#10;` and the like. */
function decodeEntities(text: string): string {
  return text.replace(/&([^;&]*)(;?)/g, (_, name: string, semicolon: string) => {
    if (semicolon === '') throw new XmlError("'&' without ';'");
    const named = Object.hasOwn(namedEntities, name) ? namedEntities[name] : undefined;
    if (named !== undefined) return named;
    const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
    const code = digits === null ? -1 : digits[1] !== undefined ? parseInt(digits[1], 16) : Number(digits[2]);
    if (!isCharacter(code)) throw new XmlError('an unknown entity');
    return String.fromCodePoint(code);
  });
}

function isCharacter(code: number): boolean {
  if (code < space) return code === tab || code === newline || code === 13;
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

/**
 * Turns the bytes of an XML part into text with plain newlines: UTF-8, UTF-16, or another encoding that the
 * part declares. Bytes that are no text, and characters that XML does not allow, are errors.
 */
export class XmlDecoder {
  private held: Buffer = Buffer.alloc(0);
  private decoder: TextDecoder | 'utf-8' | undefined;
  private heldReturn = false;

  /** The text of the next bytes, as far as characters are complete. */
  write(bytes: Buffer): string {
    const all = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes]);
    // The encoding can be told from the start only, which therefore must be there.
    if (this.decoder === undefined && all.length < 256) {
      this.held = all;
      return '';
    }
    return this.decode(all, false);
  }

  /** The rest of the text. */
  end(): string {
    const text = this.decode(this.held, true);
    if (this.held.length > 0) throw new XmlError('it ends in the middle of a character');
    return text;
  }

  private decode(bytes: Buffer, last: boolean): string {
    this.held = Buffer.alloc(0);
    let from = 0;
    if (this.decoder === undefined) {
      this.decoder = decoderFor(bytes);
      if (this.decoder === 'utf-8' && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) from = 3;
    }
    if (this.decoder !== 'utf-8') {
      try {
        return this.clean(this.decoder.decode(bytes, { stream: !last }), last);
      } catch (error) {
        throw new XmlError('it holds bytes that are no text', { cause: error });
      }
    }
    const until = bytes.length - unfinishedBytes(bytes);
    this.held = bytes.subarray(until);
    const whole = bytes.subarray(from, Math.max(from, until));
    if (isAscii(whole)) return this.clean(whole.toString('latin1'), last);
    if (!isUtf8(whole)) throw new XmlError('it holds bytes that are no text');
    return this.clean(whole.toString('utf8'), last);
  }

  private clean(piece: string, last: boolean): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML does not allow
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(piece)) {
      throw new XmlError('it holds characters that XML does not allow');
    }
    let text = this.heldReturn ? `\r${piece}` : piece;
    this.heldReturn = false;
    if (!text.includes('\r')) return text;
    // A carriage return at the very end may be the first half of a line break.
    if (!last && text.endsWith('\r')) {
      this.heldReturn = true;
      text = text.slice(0, -1);
    }
    return text.replace(/\r\n?/g, '\n');
  }
}

function decoderFor(start: Buffer): TextDecoder | 'utf-8' {
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0x3c && start[1] === 0)) {
    return new TextDecoder('utf-16le', { fatal: true });
  }
  if ((start[0] === 0xfe && start[1] === 0xff) || (start[0] === 0 && start[1] === 0x3c)) {
    return new TextDecoder('utf-16be', { fatal: true });
  }
  const declared = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(
    start.toString('latin1', 0, 256),
  )?.[1];
  if (declared === undefined || /^(utf-?8|us-ascii|utf-?16)$/i.test(declared)) return 'utf-8';
  try {
    return new TextDecoder(declared, { fatal: true });
  } catch (error) {
    throw new XmlError(`its encoding ${declared} is not known`, { cause: error });
  }
}

/** How many bytes at the end belong to a UTF-8 character that goes on in the next piece. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}
