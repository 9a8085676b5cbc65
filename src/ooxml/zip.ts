import { promisify } from 'node:util';
import { createDeflateRaw, deflateRaw } from 'node:zlib';
import { crc32 } from '../input/archive.js';

/** The content of an entry: bytes to be packed, or packed already. */
export type Content = Buffer | Packed;

const deflate = promisify(deflateRaw);
/** Pieces of text are packed this many characters at a time. */
const pieceSize = 256 * 1024;
const level = 4;
/** Sizes have 32 bits. */
const most = 0xffff_ffff;

/**
 * A zip file of these entries, in that order, dated alike so that equal contents give equal bytes.
 * Entries are packed one after the other; only packed ones are held.
 * @param stamp the date as MS-DOS kept it
 */
export async function zipFile(
  entries: Iterable<readonly [string, Content | Promise<Content>]>,
  stamp: number,
): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of entries) {
    const given = await content;
    const entry = Buffer.isBuffer(given) ? await packBuffer(given) : given;
    const nameBytes = Buffer.from(name, 'utf8');
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    // Names are UTF-8.
    header.writeUInt16LE(0x800, 2);
    header.writeUInt16LE(8, 4);
    header.writeUInt16LE(stamp, 8);
    header.writeUInt32LE(entry.checksum, 10);
    header.writeUInt32LE(entry.packedSize, 14);
    header.writeUInt32LE(entry.size, 18);
    header.writeUInt16LE(nameBytes.length, 22);
    const local = [Buffer.from('PK\x03\x04'), header, nameBytes, ...entry.packed];
    const end = Buffer.alloc(14);
    end.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), header, end, nameBytes);
    pieces.push(...local);
    offset += local.reduce((sum, piece) => sum + piece.length, 0);
    if (offset > most) throw new Error('the workbook would be too large');
  }
  const size = directory.reduce((sum, piece) => sum + piece.length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length / 4, 8);
  end.writeUInt16LE(directory.length / 4, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return [...pieces, ...directory, end];
}

/** Packed content, with what a zip file says of it. */
export interface Packed {
  readonly packed: Buffer[];
  readonly packedSize: number;
  readonly size: number;
  readonly checksum: number;
}

async function packBuffer(content: Buffer): Promise<Packed> {
  const packed = await deflate(content, { level });
  return {
    packed: [packed],
    packedSize: packed.length,
    size: content.length,
    checksum: crc32(content),
  };
}

/** Packs text that is made piece by piece, of which only the packed bytes are held. */
export async function packText(content: Iterable<string>): Promise<Packed> {
  const stream = createDeflateRaw({ level });
  const packed: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => packed.push(chunk));
  const done = new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
  let size = 0;
  let checksum = 0;
  const write = async (text: string) => {
    const bytes = Buffer.from(text, 'utf8');
    size += bytes.length;
    checksum = crc32(bytes, checksum);
    if (!stream.write(bytes)) await new Promise((resolve) => stream.once('drain', resolve));
  };
  let held = '';
  for (const piece of content) {
    held += piece;
    if (held.length < pieceSize) continue;
    await write(held);
    held = '';
  }
  await write(held);
  stream.end();
  await done;
  return { packed, packedSize: packed.reduce((sum, chunk) => sum + chunk.length, 0), size, checksum };
}
