// The records of a zip file, by APPNOTE.TXT 6.3.10. Entries are stored, not deflated.

/** One file of a zip. */
export interface ZipEntry {
  /** Path in the zip; at most 65,535 bytes of UTF-8. */
  name: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since the epoch; kept in UTC, to two seconds. */
  modified: number;
}

/** The place of an entry that has been written. */
export interface WrittenEntry extends ZipEntry {
  /** Where its local header begins. */
  offset: number;
  crc32: number;
}

/** Values too large for 32 or 16 bits go into zip64's fields. */
const MAX_32 = 0xffff_ffff;
const MAX_16 = 0xffff;
/** A data descriptor follows the content; the name is UTF-8. */
const FLAGS = 0x0808;
const VERSION = 20;
const VERSION_ZIP64 = 45;
/** Made on Unix: a regular file, readable by all. */
const MADE_BY_UNIX = 3 << 8;
const FILE_MODE = 0o100644;

/** Returns the header before an entry's content. Sizes are known; the CRC-32 comes after the content. */
export function localHeader({ name, size, modified }: ZipEntry): Buffer {
  const zip64 = size >= MAX_32;
  const path = Buffer.from(name);
  const extra = zip64 ? zip64Extra([size, size]) : Buffer.alloc(0);
  const shown = zip64 ? MAX_32 : size;
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x0403_4b50, 0);
  head.writeUInt16LE(zip64 ? VERSION_ZIP64 : VERSION, 4);
  head.writeUInt16LE(FLAGS, 6);
  head.writeUInt32LE(dosTime(modified), 10);
  head.writeUInt32LE(shown, 18);
  head.writeUInt32LE(shown, 22);
  head.writeUInt16LE(path.length, 26);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, path, extra]);
}

/** Returns the record after an entry's content. */
export function dataDescriptor({ size, crc32 }: Pick<WrittenEntry, 'size' | 'crc32'>): Buffer {
  const zip64 = size >= MAX_32;
  const record = Buffer.alloc(zip64 ? 24 : 16);
  record.writeUInt32LE(0x0807_4b50, 0);
  record.writeUInt32LE(crc32, 4);
  if (zip64) {
    record.writeBigUInt64LE(BigInt(size), 8);
    record.writeBigUInt64LE(BigInt(size), 16);
  } else {
    record.writeUInt32LE(size, 8);
    record.writeUInt32LE(size, 12);
  }
  return record;
}

/** Returns an entry of the directory at the end. */
export function directoryEntry({ name, size, modified, offset, crc32 }: WrittenEntry): Buffer {
  const large = [size, size, offset].map((value) => value >= MAX_32);
  const [isLarge, , isFar] = large;
  const extra = zip64Extra([size, size, offset].filter((_, index) => large[index]));
  const path = Buffer.from(name);
  const head = Buffer.alloc(46);
  const version = isLarge || isFar ? VERSION_ZIP64 : VERSION;
  head.writeUInt32LE(0x0201_4b50, 0);
  head.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 4);
  head.writeUInt16LE(version, 6);
  head.writeUInt16LE(FLAGS, 8);
  head.writeUInt32LE(dosTime(modified), 12);
  head.writeUInt32LE(crc32, 16);
  head.writeUInt32LE(isLarge ? MAX_32 : size, 20);
  head.writeUInt32LE(isLarge ? MAX_32 : size, 24);
  head.writeUInt16LE(path.length, 28);
  head.writeUInt16LE(extra.length, 30);
  head.writeUInt32LE((FILE_MODE << 16) >>> 0, 38);
  head.writeUInt32LE(isFar ? MAX_32 : offset, 42);
  return Buffer.concat([head, path, extra]);
}

/** Returns the end of a zip: where the directory is, how long it is in bytes, and how many entries it has. */
export function endOfZip(directory: { offset: number; size: number; entries: number }): Buffer {
  const { offset, size, entries } = directory;
  const zip64 = offset >= MAX_32 || size >= MAX_32 || entries >= MAX_16;
  const end = Buffer.alloc(22);
  const count = Math.min(entries, MAX_16);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(Math.min(size, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  return zip64 ? Buffer.concat([zip64End(directory), end]) : end;
}

function zip64End({ offset, size, entries }: { offset: number; size: number; entries: number }) {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x0606_4b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 12);
  record.writeUInt16LE(VERSION_ZIP64, 14);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  // The locator: where the record above begins, and that there is one file.
  record.writeUInt32LE(0x0706_4b50, 56);
  record.writeBigUInt64LE(BigInt(offset + size), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

function zip64Extra(values: readonly number[]): Buffer {
  if (values.length === 0) return Buffer.alloc(0);
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(0x0001, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries())
    extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return extra;
}

/** Returns date and time of MS-DOS, which knows no time zone: UTC here. The range is 1980 to 2107. */
function dosTime(modified: number): number {
  const date = new Date(modified);
  const year = date.getUTCFullYear();
  if (!(year >= 1980)) return 0x0021_0000;
  if (year > 2107) return 0xff9f_bf7d;
  const day = ((year - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time =
    (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}
