import { ConfigurationError, hasCode } from '../errors/errors.ts';
import type { OssEvent } from '../events/oss.ts';
import type { OssClient } from './bucket/client.ts';
import type { ObjectInfo } from './bucket/types.ts';

/**
 * Returns the object that an event refers to, with its true key. Whether a key in an event is URL-encoded
 * is not documented, so each reading under `prefix` is tried: unchanged, decoded, and decoded with + for a
 * space. The one whose ETag is the event's is used; if the object has been replaced since, the first that
 * exists. Undefined if none does: it has been deleted since. Needs oss:GetObject under `prefix`.
 */
export async function eventObject(
  bucket: OssClient,
  { key, eTag }: Pick<OssEvent, 'key' | 'eTag'>,
  prefix: string,
): Promise<({ key: string } & ObjectInfo) | undefined> {
  let replaced: ({ key: string } & ObjectInfo) | undefined;
  for (const reading of keyReadings(key).filter((one) => one.startsWith(prefix))) {
    const info = await headIfThere(bucket, reading);
    if (info?.eTag.toUpperCase() === eTag.toUpperCase()) return { key: reading, ...info };
    if (info) replaced ??= { key: reading, ...info };
  }
  return replaced;
}

/** Returns the keys that a key in an event may mean, the likeliest first. A key with a stray % has only one reading. */
export function keyReadings(key: string): string[] {
  const readings = [key, decode(key), decode(key.replaceAll('+', ' '))];
  return [...new Set(readings.filter((reading) => reading !== undefined))];
}

/**
 * Throws a ConfigurationError (`OutputLoops`) if something written under `outputPrefix` could be under
 * `inputPrefix`, and so start the function again without end.
 */
export function checkOutputPrefix(inputPrefix: string, outputPrefix: string): void {
  if (!outputPrefix.startsWith(inputPrefix) && !inputPrefix.startsWith(outputPrefix)) return;
  throw new ConfigurationError(
    `OUTPUT_PREFIX is "${outputPrefix}" and INPUT_PREFIX is "${inputPrefix}": what is written would set the function off again`,
    {
      code: 'OutputLoops',
      remedy: 'let neither begin with the other, such as uploads/ and processed/',
    },
  );
}

function decode(key: string): string | undefined {
  try {
    return decodeURIComponent(key);
  } catch {
    return undefined;
  }
}

async function headIfThere(bucket: OssClient, key: string): Promise<ObjectInfo | undefined> {
  try {
    return await bucket.headObject(key);
  } catch (error) {
    if (hasCode(error, 'NoSuchKey') || hasCode(error, 'InvalidObjectKey')) return undefined;
    throw error;
  }
}
