import { type FileHandle, open } from 'node:fs/promises';
import { type Place, UserError } from '../core/errors.js';
import { damaged, hasPassword } from './archive.js';
import { isCompoundFile, type LocalFile } from './local-file.js';
import { hasStream } from './xlsx-foreign.js';

/** Sector numbers from here on are marks: free, end of chain, table of sectors. */
const firstMark = 0xfffffffa;

/**
 * Checks the container of an .xls workbook, which the library reads as far as it goes: that it holds a workbook,
 * without password, and that the file has not been cut short.
 * @throws UserError otherwise
 */
export async function checkCompoundFile({ path, name, head }: LocalFile): Promise<void> {
  // Workbooks of Excel 2 to 4 stand in no container.
  if (!isCompoundFile(head)) return;
  const place: Place = { file: name };
  const handle = await open(path, 'r');
  try {
    if (await hasStream(handle, 'EncryptedPackage')) throw hasPassword(place);
    if (!(await hasStream(handle, 'Workbook')) && !(await hasStream(handle, 'Book'))) {
      throw new UserError('this is not an Excel workbook: it seems to be a document of another program', {
        place,
        remedy: 'Give the workbook itself, a file saved as .xlsx.',
      });
    }
    await checkLength(handle, head, place);
  } finally {
    await handle.close();
  }
}

/** Every sector that a chain leads to lies within the file. */
async function checkLength(handle: FileHandle, head: Buffer, place: Place): Promise<void> {
  const { size } = await handle.stat();
  const shift = head.length >= 512 ? head.readUInt16LE(30) : 0;
  if (shift !== 9 && shift !== 12) throw damaged(place, 'its header is broken');
  const sectorSize = 1 << shift;
  const sectors = Math.floor(size / sectorSize) - 1;
  const readSector = async (sector: number): Promise<Buffer> => {
    if (sector >= sectors) throw damaged(place, 'it is cut short');
    const buffer = Buffer.alloc(sectorSize);
    await handle.read(buffer, 0, sectorSize, (sector + 1) * sectorSize);
    return buffer;
  };
  // The header lists the first sectors of the table of sectors, further sectors of the list the rest.
  const tables: number[] = [];
  for (let at = 76; at < 512; at += 4) tables.push(head.readUInt32LE(at));
  let next = head.readUInt32LE(68);
  for (let read = 0; next < firstMark; read++) {
    if (read > sectors) throw damaged(place, 'its list of sectors has no end');
    const list = await readSector(next);
    for (let at = 0; at < sectorSize - 4; at += 4) tables.push(list.readUInt32LE(at));
    next = list.readUInt32LE(sectorSize - 4);
  }
  for (const table of tables) {
    if (table >= firstMark) continue;
    const entries = await readSector(table);
    for (let at = 0; at < sectorSize; at += 4) {
      const following = entries.readUInt32LE(at);
      if (following >= sectors && following < firstMark) throw damaged(place, 'it is cut short');
    }
  }
}
