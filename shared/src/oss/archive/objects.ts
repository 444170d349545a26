import { mapConcurrently } from '../../concurrency/map-concurrently.ts';
import { hasCode, InvalidInputError } from '../../errors/errors.ts';
import { retrying } from '../../retry/retry.ts';
import { isAddressable } from '../bucket/check.ts';
import type { OssClient } from '../bucket/client.ts';
import { MAX_PAGE } from '../bucket/limits.ts';
import type { ListedObject } from '../bucket/types.ts';
import { entryNames } from './entry-names.ts';
import type { ArchivedObject, SkippedObject } from './zip-source.ts';

/** Their list is kept in memory and in a checkpoint. */
export const MAX_OBJECTS = 100_000;
/** Of their list as JSON, in bytes: 600 an object, for as many as may be. Keys of 1,023 bytes take more. */
const MAX_LIST_BYTES = 60 * 1024 * 1024;
const HEADS_AT_A_TIME = 8;

export interface Selection {
  /** All objects under it. */
  prefix?: string | undefined;
  /** These objects. */
  keys?: readonly string[] | undefined;
}

/** What there is of a selection, as of now, and what of its keys is not there. Throws an InvalidInputError (`TooManyObjects`). */
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

/** An object whose key no address can carry can be listed and not read. */
function addressable(all: readonly ListedObject[]) {
  const skipped = all
    .filter(({ key }) => !isAddressable(key))
    .map(({ key }): SkippedObject => ({ key, code: 'InvalidObjectKey' }));
  return { found: all.filter(({ key }) => isAddressable(key)), skipped };
}

/** Without what a console puts where it shows a folder: an empty object whose key ends with a slash. */
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
