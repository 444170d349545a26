import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  dataDescriptor,
  directoryEntry,
  endOfZip,
  localHeader,
  type WrittenEntry,
} from '#src/oss/archive/zip-records';

const MODIFIED = Date.UTC(2026, 10, 27, 12, 30, 42);
/** The CRC-32 of `hello`. */
const HELLO = 0x3610a686;

/** Makes a zip file of these entries, with holes between them, and returns what another program reads. */
function readBack(
  file: (write: (bytes: Buffer, at: number) => void, grow: (size: number) => void) => void,
) {
  const folder = mkdtempSync(join(tmpdir(), 'zip-records-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a.zip');
  const fd = openSync(path, 'w');
  file(
    (bytes, at) => void writeSync(fd, bytes, 0, bytes.length, at),
    (size) => ftruncateSync(fd, size),
  );
  closeSync(fd);
  const script = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps([[i.filename, i.file_size, i.header_offset, list(i.date_time), z.read(i).decode() if i.file_size < 100 else None] for i in z.infolist()[:3]] + [len(z.infolist())]))`;
  return JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }));
}

it('keep more than 4 GiB before an entry, and in one (zip64)', () => {
  const GIB = 1024 ** 3;
  const large: WrittenEntry = {
    name: 'groß',
    size: 5 * GIB,
    modified: MODIFIED,
    offset: 0,
    crc32: 1,
  };
  const read = readBack((write, grow) => {
    const header = localHeader(large);
    write(header, 0);
    const after = header.length + large.size;
    const descriptor = dataDescriptor(large);
    write(descriptor, after);
    const offset = after + descriptor.length;
    const small: WrittenEntry = { name: 's', size: 5, modified: 0, offset, crc32: HELLO };
    const bytes = Buffer.concat([localHeader(small), Buffer.from('hello'), dataDescriptor(small)]);
    write(bytes, offset);
    const directory = Buffer.concat([large, small].map(directoryEntry));
    const at = offset + bytes.length;
    const end = endOfZip({ offset: at, size: directory.length, entries: 2 });
    write(Buffer.concat([directory, end]), at);
    grow(at + directory.length + end.length);
  });
  expect(read).toEqual([
    ['groß', 5 * GIB, 0, [2026, 11, 27, 12, 30, 42], null],
    ['s', 5, expect.any(Number), [1980, 1, 1, 0, 0, 0], 'hello'],
    2,
  ]);
  expect(read[1][2]).toBeGreaterThan(5 * GIB);
});

it('keep more than 65,535 entries (zip64)', () => {
  const entries = 70_000;
  const read = readBack((write) => {
    const one: WrittenEntry = { name: 'x', size: 5, modified: MODIFIED, offset: 0, crc32: HELLO };
    const content = Buffer.concat([localHeader(one), Buffer.from('hello'), dataDescriptor(one)]);
    const directory = Buffer.concat(Array.from({ length: entries }, () => directoryEntry(one)));
    const end = endOfZip({ offset: content.length, size: directory.length, entries });
    write(Buffer.concat([content, directory, end]), 0);
  });
  expect(read.at(-1)).toBe(entries);
});
