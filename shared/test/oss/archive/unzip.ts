import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READ = `
import json, sys, zipfile, zlib
z = zipfile.ZipFile(sys.argv[1])
bad = z.testzip()
assert bad is None, bad
print(json.dumps([[i.filename, i.file_size, zlib.crc32(z.read(i))] for i in z.infolist()]))`;

export interface Unzipped {
  name: string;
  size: number;
  crc32: number;
}

/** Returns what python3's zipfile, and unzip, find in a zip; both check every CRC-32. */
export function unzipped(zip: Buffer): Unzipped[] {
  const folder = mkdtempSync(join(tmpdir(), 'unzip-'));
  try {
    const path = join(folder, 'a.zip');
    writeFileSync(path, zip);
    const text = execFileSync('python3', ['-c', READ, path], { encoding: 'utf8' });
    execFileSync('unzip', ['-tqq', path]);
    const entries: [string, number, number][] = JSON.parse(text);
    return entries.map(([name, size, crc32]) => ({ name, size, crc32 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
