import { LONE_SURROGATE } from '../../errors/cut.ts';
import { AppError, ConfigurationError, InvalidInputError } from '../../errors/errors.ts';
import { MAX_KEY_BYTES, MAX_PAGE } from './limits.ts';
import type { GetStreamOptions } from './types.ts';

/**
 * Returns a valid bucket name. Throws a ConfigurationError (`InvalidBucketName`), since the name usually
 * comes from the configuration.
 */
export function checkBucket(bucket: string): string {
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) return bucket;
  throw new ConfigurationError(`Bucket name is "${bucket}"`, {
    code: 'InvalidBucketName',
    remedy:
      'use 3 to 63 lower-case letters, digits and -, beginning and ending with a letter or digit',
  });
}

/**
 * Returns a valid key. Throws an InvalidInputError (`InvalidObjectKey`) for a key that OSS does not accept,
 * or that no address can carry: ali-oss would drop a leading slash and read an empty key as the bucket
 * itself, and a segment of `.` or `..` is resolved away after signing.
 */
export function checkKey(key: string): string {
  const wrong = faultOf(key);
  if (wrong === undefined) return key;
  throw new InvalidInputError(`Object key ${wrong}`, {
    code: 'InvalidObjectKey',
    remedy: 'use a relative path such as 2026/photo.jpg',
  });
}

/**
 * Returns whether a key can be requested. Another client may have stored an object under a key that cannot;
 * it is listed all the same.
 */
export function isAddressable(key: string): boolean {
  return faultOf(key) === undefined;
}

function faultOf(key: string): string | undefined {
  const size = Buffer.byteLength(key);
  if (size === 0) return 'is empty';
  if (size > MAX_KEY_BYTES) return `has ${size} bytes, over ${MAX_KEY_BYTES}`;
  if (/^[/\\]/.test(key)) return 'begins with a slash';
  if (LONE_SURROGATE.test(key)) return 'has a lone surrogate';
  if (key.split('/').some((segment) => segment === '.' || segment === '..'))
    return 'has a segment of dots (. or ..), which no address can carry';
  return undefined;
}

/** Returns a header's value as HTTP carries it. Throws an InvalidInputError (`InvalidHeader`). */
export function checkHeader(name: string, value: string): string {
  if (/^[A-Za-z0-9-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value)) return value;
  throw new InvalidInputError(`Header ${JSON.stringify(name)} is not one HTTP can carry`, {
    code: 'InvalidHeader',
    remedy: 'use letters, digits and - in the name, printable ASCII in the value (encode the rest)',
  });
}

/** Returns a valid page size. Throws an AppError (`InvalidArgument`). */
export function checkPageSize(max: number): number {
  if (Number.isInteger(max) && max >= 1 && max <= MAX_PAGE) return max;
  throw new AppError(`max is ${max}`, {
    code: 'InvalidArgument',
    remedy: `give a whole number from 1 to ${MAX_PAGE}`,
  });
}

/** Returns valid options for reading a stream. Throws an AppError (`InvalidArgument`). */
export function checkStream(options: GetStreamOptions): GetStreamOptions {
  const { range, ifMatch = '', silenceMs = 1, retries = 0 } = options;
  const { start = 0, end = start } = range ?? {};
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;
  const wrong =
    (!(isCount(start) && isCount(end) && start <= end) && `range is ${start} to ${end}`) ||
    (!/^[\w-]*$/.test(ifMatch) && `ifMatch is ${JSON.stringify(ifMatch)}`) ||
    (!(silenceMs > 0) && `silenceMs is ${silenceMs}`) ||
    (!isCount(retries) && `retries is ${retries}`);
  if (!wrong) return options;
  throw new AppError(wrong, {
    code: 'InvalidArgument',
    remedy: 'give bytes from 0, the first before the last, an ETag, milliseconds and a count',
  });
}
