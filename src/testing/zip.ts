import * as zlib from 'node:zlib';
import { crc32ByTable } from '../input/archive.js';

export interface ZipPart {
  readonly data: Buffer;
  /** Overrides of what the headers say. */
  readonly size?: number;
  readonly checksum?: number;
  readonly deflate?: boolean;
  readonly packed?: Buffer;
  readonly flags?: number;
  readonly method?: number;
}

/** A zip file of these parts, in that order. */
export function zipOf(parts: readonly (readonly [string, string | Buffer | ZipPart])[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of parts) {
    const part: ZipPart =
      typeof content === 'string'
        ? { data: Buffer.from(content) }
        : Buffer.isBuffer(content)
          ? { data: content }
          : content;
    const packed = part.packed ?? (part.deflate ? zlib.deflateRawSync(part.data) : part.data);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(part.flags ?? 0x800, 2);
    header.writeUInt16LE(part.method ?? (part.deflate ? 8 : 0), 4);
    header.writeUInt32LE(part.checksum ?? crc32ByTable(part.data), 10);
    header.writeUInt32LE(packed.length, 14);
    header.writeUInt32LE(part.size ?? part.data.length, 18);
    header.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), header, Buffer.from(name), packed]);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), header, central, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
