import { mapConcurrently } from '../../concurrency/map-concurrently.ts';
import { hasCode, InvalidInputError } from '../../errors/errors.ts';
import { retrying } from '../../retry/retry.ts';
import { isAddressable } from '../bucket/check.ts';
import type { OssClient } from '../bucket/client.ts';
import { MAX_PAGE } from '../bucket/limits.ts';
import type { ListedObject } from '../bucket/types.ts';
import { entryNames } from './entry-names.ts';
import type { ArchivedObject, SkippedObject } from './zip-source.ts';

/** Maximum number of objects: their list is kept in memory and in a checkpoint. */
export const MAX_OBJECTS = 100_000;
/**
 * Maximum bytes of their list as JSON: 600 for each of the maximum number of objects. Keys of 1,023 bytes
 * take more.
 */
const MAX_LIST_BYTES = 60 * 1024 * 1024;
const HEADS_AT_A_TIME = 8;

export interface Selection {
  /** Takes all objects under it. */
  prefix?: string | undefined;
  /** Takes these objects. */
  keys?: readonly string[] | undefined;
}

/**
 * Lists the objects of a selection as of now, and those of its keys that do not exist. Throws an
 * InvalidInputError (`TooManyObjects`).
 */
export async function selectObjects(
  bucket: OssClient,
  { prefix, keys }: Selection,
): Promise<{ objects: ArchivedObject[]; skipped: SkippedObject[] }> {
  const { found, skipped } =
    keys === undefined
      ? addressable(await listed(bucket, prefix ?? ''))
      : await looked(bucket, [...new Set(keys)]);
  const names = entryNames(found.map(({ key }) => key));
  const objects = found.map(({ key, size, eTag, lastModified }, index) => ({
    key,
    name: names[index] ?? key,
    size,
    eTag,
    modified: lastModified,
  }));
  checkListSize(objects);
  return { objects, skipped };
}

/** Throws an InvalidInputError (`TooManyObjects`) for a list that a checkpoint cannot hold. */
export function checkListSize(objects: readonly ArchivedObject[]): void {
  const bytes = Buffer.byteLength(JSON.stringify(objects));
  if (bytes > MAX_LIST_BYTES) throw tooMany(`The list of objects has ${bytes} bytes`);
}

/** Separates objects that can be listed but not read, because no address can carry their key. */
function addressable(all: readonly ListedObject[]) {
  const skipped = all
    .filter(({ key }) => !isAddressable(key))
    .map(({ key }): SkippedObject => ({ key, code: 'InvalidObjectKey' }));
  return { found: all.filter(({ key }) => isAddressable(key)), skipped };
}

/** Lists a prefix without the objects with which a console marks folders: empty ones whose key ends with a slash. */
async function listed(bucket: OssClient, prefix: string): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  let token: string | undefined;
  do {
    const options = { prefix, max: MAX_PAGE, ...(token && { token }) };
    const page = await retrying(() => bucket.listObjects(options));
    found.push(...page.objects.filter(({ key, size }) => size > 0 || !key.endsWith('/')));
    if (found.length > MAX_OBJECTS) throw tooMany();
    token = page.nextToken;
  } while (token);
  return found;
}

async function looked(bucket: OssClient, keys: readonly string[]) {
  if (keys.length > MAX_OBJECTS) throw tooMany();
  const skipped: SkippedObject[] = [];
  const infos = await mapConcurrently(keys, HEADS_AT_A_TIME, async (key) => {
    try {
      return [{ key, ...(await retrying(() => bucket.headObject(key))) }];
    } catch (error) {
      if (!hasCode(error, 'NoSuchKey')) throw error;
      skipped.push({ key, code: error.code });
      return [];
    }
  });
  return { found: infos.flat(), skipped };
}

function tooMany(what = `There are more than ${MAX_OBJECTS} objects`): InvalidInputError {
  return new InvalidInputError(what, {
    code: 'TooManyObjects',
    remedy: 'archive one part after the other, such as each folder by itself',
  });
}
