import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { openEnvironment } from '../data/lmdb.ts';
import { blobPath } from '../oss/core/blobs.ts';
import { startCrc64 } from '../oss/core/crc64.ts';
import { OSS_TABLES } from '../oss/store/lmdb.ts';
import type { ObjectRecord, PartRecord, Segment } from '../oss/store/types.ts';

/**
 * Reads the content of every object and part in an OSS folder. Those whose content is missing, or
 * is not what was stored, are removed from the index. Resolves to a line for each of them.
 */
export async function checkContents(folder: string): Promise<string[]> {
  const index = openEnvironment(join(folder, 'index'), { tables: OSS_TABLES });
  const objects = index.table<ObjectRecord, Buffer>('objects');
  const parts = index.table<PartRecord, Buffer>('parts');
  const problems: string[] = [];
  try {
    for (const { key, value } of [...objects.range()]) {
      const wrong = await whatIsWrong(folder, value.segments, value.crc64);
      if (!wrong) continue;
      problems.push(`the content of "${value.bucket}/${value.key}" ${wrong}`);
      index.write(() => objects.remove(key), false);
    }
    for (const { key, value } of [...parts.range()]) {
      const wrong = await whatIsWrong(folder, [value.segment], value.crc64);
      if (!wrong) continue;
      problems.push(`the content of part ${value.number} of an unfinished upload ${wrong}`);
      index.write(() => parts.remove(key), false);
    }
  } finally {
    await index.close();
  }
  return problems;
}

async function whatIsWrong(
  folder: string,
  segments: readonly Segment[],
  crc64: string,
): Promise<string | undefined> {
  const sum = await startCrc64();
  for (const { blob, size } of segments) {
    let read = 0;
    try {
      for await (const chunk of createReadStream(blobPath(folder, blob)) as AsyncIterable<Buffer>) {
        read += chunk.length;
        sum.update(chunk);
      }
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      return isGone
        ? 'is gone'
        : `cannot be read (${error instanceof Error ? error.message : error})`;
    }
    if (read !== size) return `has ${read} bytes in place of ${size}`;
  }
  return sum.digest() === crc64 ? undefined : 'was altered';
}
