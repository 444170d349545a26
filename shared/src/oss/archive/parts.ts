import { AppError } from '../../errors/errors.ts';
import { MAX_PARTS } from '../bucket/limits.ts';
import type { ArchivedObject } from './zip-source.ts';

const MIB = 1024 * 1024;
const PART_BYTES = 8 * MIB;
const PARALLEL = 4;
/** Maximum memory of all parts together: a fourth of a 512 MB function's. */
const MAX_BUFFERS = 128 * MIB;
/** Bytes of an entry besides its content, in both places: headers of fixed size, descriptor, zip64. */
const ENTRY_BYTES = 200;

/**
 * Returns the size and number of parts in which a zip of these objects is uploaded: within 10,000 parts and
 * little memory. Throws an AppError (`EntityTooLarge`) if larger parts would be needed: for more than 1.1
 * TiB.
 */
export function partsFor(
  objects: readonly ArchivedObject[],
  atLeast = PART_BYTES,
): { partSize: number; parallel: number } {
  const bytes = objects.reduce(
    (sum, { name, size }) => sum + size + 2 * Buffer.byteLength(name) + ENTRY_BYTES,
    ENTRY_BYTES,
  );
  const needed = Math.ceil(bytes / (0.9 * MAX_PARTS));
  const partSize = needed <= atLeast ? atLeast : Math.ceil(needed / MIB) * MIB;
  if (partSize > MAX_BUFFERS)
    throw new AppError(`A zip of these objects has ${bytes} bytes`, {
      code: 'EntityTooLarge',
      remedy: 'archive less at a time',
    });
  return {
    partSize,
    parallel: Math.max(1, Math.min(PARALLEL, Math.floor(MAX_BUFFERS / partSize))),
  };
}
