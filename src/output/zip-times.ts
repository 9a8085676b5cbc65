/** Signatures of the records of a ZIP archive, and where each has its time. */
const endRecord = 0x06054b50;
const centralRecord = 0x02014b50;
const localRecord = 0x04034b50;

/**
 * Sets the time of every entry of a ZIP archive, in place, so that equal contents make equal archives.
 * `date` is 'YYYY-MM-DD'.
 */
export function setZipTimes(archive: Uint8Array, date: string): void {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const stamp = dosDate(date);
  const setTime = (position: number) => {
    view.setUint16(position, 0, true);
    view.setUint16(position + 2, stamp, true);
  };

  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let central = view.getUint32(end + 16, true);
  for (let entry = 0; entry < count; entry += 1) {
    expect(view, central, centralRecord);
    const local = view.getUint32(central + 42, true);
    expect(view, local, localRecord);
    setTime(central + 12);
    setTime(local + 10);
    const variable = [28, 30, 32].map((offset) => view.getUint16(central + offset, true));
    central += 46 + variable.reduce((sum, length) => sum + length, 0);
  }
}

function findEnd(view: DataView): number {
  for (let position = view.byteLength - 22; position >= 0; position -= 1) {
    if (view.getUint32(position, true) === endRecord) return position;
  }
  throw new Error('not a ZIP archive');
}

function expect(view: DataView, position: number, signature: number): void {
  if (view.getUint32(position, true) !== signature) throw new Error('unexpected record in a ZIP archive');
}

/** A day as MS-DOS kept it, which is how ZIP does. It knows no day before 1980. */
export function dosDate(date: string): number {
  const [year = 1980, month = 1, day = 1] = date.split('-').map(Number);
  if (!(year >= 1980 && year <= 2107)) return (1 << 5) | 1;
  return ((year - 1980) << 9) | (month << 5) | day;
}
