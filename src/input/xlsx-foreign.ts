import type { FileHandle } from 'node:fs/promises';
import { type Place, UserError } from '../core/errors.js';
import { type Archive, hasPassword, openFile } from './archive.js';
import { isCompoundFile } from './local-file.js';

const zipMagic = Buffer.from('PK');
const saveAsXlsx = 'Open it in Excel or LibreOffice and save it as .xlsx.';
/** A directory entry of a compound file is so long, and starts with its name in UTF-16. */
const directoryEntrySize = 128;

/** Throws a UserError that says what the file is if it cannot be an .xlsx workbook. */
export async function refuseOtherFormats(path: string, name = path): Promise<void> {
  const place: Place = { file: name };
  const handle = await openFile(path, name);
  try {
    const start = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    const head = start.subarray(0, bytesRead);
    if (head.subarray(0, 2).equals(zipMagic)) return;
    if (isCompoundFile(head)) {
      if (await hasStream(handle, 'EncryptedPackage')) throw hasPassword(place);
      throw new UserError('this is a workbook in the old .xls format', { place, remedy: saveAsXlsx });
    }
    throw describeOther(head, place);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('the file cannot be read', {
      place,
      remedy: 'Copy it anew and try again.',
      cause: error,
    });
  } finally {
    await handle.close();
  }
}

/** Whether a compound file has a stream of that name; an encrypted workbook is kept in 'EncryptedPackage'. */
export async function hasStream(handle: FileHandle, stream: string): Promise<boolean> {
  const name = Buffer.from(`${stream}\0`, 'utf16le');
  const buffer = Buffer.alloc(directoryEntrySize * 8192);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return false;
    const piece = buffer.subarray(0, bytesRead);
    for (let at = piece.indexOf(name); at !== -1; at = piece.indexOf(name, at + 2)) {
      if ((position + at) % directoryEntrySize === 0) return true;
    }
    // Pieces start at a multiple of the entry size, so no name is cut; short reads are rounded down for that.
    position += bytesRead < directoryEntrySize ? bytesRead : bytesRead - (bytesRead % directoryEntrySize);
  }
}

function describeOther(head: Buffer, place: Place): UserError {
  if (head.length === 0) return new UserError('the file is empty', { place, remedy: 'Export it anew.' });
  const text = head
    .toString('latin1')
    .replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe)/, '')
    .replaceAll('\0', '');
  if (/progid="Excel\.Sheet"|schemas-microsoft-com:office:spreadsheet/.test(text)) {
    return new UserError('this is a workbook in the XML format of 2003', { place, remedy: saveAsXlsx });
  }
  if (/^\s*<(?:!doctype html|html|table|head|meta|style|div)\b/i.test(text)) {
    return new UserError('this is a web page, not an Excel workbook', { place, remedy: saveAsXlsx });
  }
  if (text.startsWith('%PDF')) {
    const remedy = 'Export the data as .xlsx or .csv instead.';
    return new UserError('this is a PDF document, not an Excel workbook', { place, remedy });
  }
  return new UserError('this is not an Excel workbook, whatever its name says', {
    place,
    remedy: 'If it is a text table, give it the extension .csv; otherwise export it anew as .xlsx.',
  });
}

/** The error for a zip file that holds no workbook. */
export function describeOtherArchive(archive: Archive, place: Place): UserError {
  const folders = new Set(archive.names.map((name) => name.split('/')[0]!.toLowerCase()));
  const inner = archive.names.find((name) => /\.(?:xlsx|xlsm|csv|tsv)$/i.test(name));
  if (folders.has('word')) return noWorkbook('seems to be a Word document', place);
  if (folders.has('ppt')) return noWorkbook('seems to be a PowerPoint presentation', place);
  if (folders.has('mimetype') && folders.has('content.xml')) {
    return noWorkbook('seems to be an OpenDocument file', place, saveAsXlsx);
  }
  if (folders.has('index') || archive.names.some((name) => name.endsWith('.iwa'))) {
    return noWorkbook('seems to be a Numbers document', place, 'Open it in Numbers and export it to Excel.');
  }
  if (archive.names.some((name) => /^xl\/workbook\.bin$/i.test(name))) {
    return noWorkbook('seems to be a binary workbook (.xlsb)', place, saveAsXlsx);
  }
  if (inner !== undefined) {
    return noWorkbook(
      `seems to be a zip file with ${inner} in it`,
      place,
      'Unpack it and give the file inside.',
    );
  }
  return noWorkbook(
    archive.names.length === 0 ? 'is an empty zip file' : 'seems to be some other zip file',
    place,
  );
}

function noWorkbook(
  what: string,
  place: Place,
  remedy = 'Give the workbook itself, a file saved as .xlsx.',
): UserError {
  return new UserError(`this is not an Excel workbook: it ${what}`, { place, remedy });
}
