import { crc32 } from './crc32.ts';

/** A key of a table: text, a number, a pair of either, or bytes. */
export type RecordKey = string | number | readonly (string | number)[] | Uint8Array;

/**
 * The first byte of a record. No value of MessagePack begins with it; older versions wrote records
 * in MessagePack, without a checksum.
 */
const MARK = 0xc1;
const HEAD_BYTES = 5;

/** A record of a table whose bytes are not those that were written under its key. */
export class DamagedRecord extends Error {
  override readonly name = 'DamagedRecord';
}

/** Buffer in which one record at a time is written: LMDB copies each before the next. */
let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Writes a value as a record, valid until the next one is written: a mark, the CRC-32 of table, key
 * and value, and the value as JSON. The table and the key are part of the checksum, so that a
 * record under a wrong key is detected.
 */
export function writeRecord(table: number, key: RecordKey, value: unknown): Buffer {
  const text = JSON.stringify(value);
  const most = HEAD_BYTES + 3 * text.length;
  if (most > scratch.length) scratch = Buffer.allocUnsafeSlow(2 * most);
  const length = scratch.write(text, HEAD_BYTES, 'utf8');
  const record = scratch.subarray(0, HEAD_BYTES + length);
  record[0] = MARK;
  record.writeUInt32LE(crc32(record.subarray(HEAD_BYTES), keyChecksum(table, key)), 1);
  return record;
}

/** Reads the value of a record. Throws DamagedRecord when its checksum is wrong. */
export function readRecord(table: number, key: RecordKey, record: Buffer): unknown {
  if (!isIntact(table, key, record))
    throw new DamagedRecord(`The record under ${keyText(key)} is damaged`);
  return JSON.parse(record.toString('utf8', HEAD_BYTES));
}

export function isIntact(table: number, key: RecordKey, record: Buffer): boolean {
  return (
    hasChecksum(record) &&
    crc32(record.subarray(HEAD_BYTES), keyChecksum(table, key)) === record.readUInt32LE(1)
  );
}

/** Returns false for a record of an older version. */
export function hasChecksum(record: Uint8Array): boolean {
  return record[0] === MARK && record.length > HEAD_BYTES;
}

/** Returns the part of a record's checksum that comes from the table's name. */
export function tableChecksum(name: string): number {
  return crc32(name, 0);
}

/** Formats a key for messages. */
export function keyText(key: RecordKey): string {
  if (key instanceof Uint8Array)
    return JSON.stringify(Buffer.from(key).toString('utf8').split('\0').join('/'));
  return JSON.stringify(key);
}

function keyChecksum(table: number, key: RecordKey): number {
  if (typeof key === 'string') return crc32(key, table);
  if (typeof key === 'number') return mix(table, key);
  if (key instanceof Uint8Array) return crc32(key, table);
  let sum = table;
  for (const part of key)
    sum = typeof part === 'string' ? crc32(part, mix(sum, 1)) : mix(sum, part);
  return sum;
}

/**
 * Mixes in a number by halves, as MurmurHash3 mixes its words, without creating a text for each.
 */
function mix(sum: number, number: number): number {
  if (!Number.isSafeInteger(number)) return crc32(String(number), sum);
  let mixed = Math.imul(sum ^ (number >>> 0), 0x85ebca6b);
  mixed = Math.imul((mixed ^ (mixed >>> 13)) + Math.floor(number / 2 ** 32), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
