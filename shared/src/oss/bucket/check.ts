import { AppError, ConfigurationError, InvalidInputError } from '../../errors/errors.ts';
import { MAX_KEY_BYTES, MAX_PAGE } from './limits.ts';
import type { GetStreamOptions } from './types.ts';

/** It usually comes from the configuration: a ConfigurationError (`InvalidBucketName`). */
export function checkBucket(bucket: string): string {
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) return bucket;
  throw new ConfigurationError(`Bucket name is "${bucket}"`, {
    code: 'InvalidBucketName',
    remedy:
      'use 3 to 63 lower-case letters, digits and -, beginning and ending with a letter or digit',
  });
}

/**
 * An InvalidInputError (`InvalidObjectKey`) for what OSS does not take as a key, and for what no
 * address can carry: ali-oss would drop a leading slash and take an empty key for the bucket itself,
 * and a segment of `.` or `..` is resolved away on the way, after it was signed.
 */
export function checkKey(key: string): string {
  const wrong = faultOf(key);
  if (wrong === undefined) return key;
  throw new InvalidInputError(`Object key ${wrong}`, {
    code: 'InvalidObjectKey',
    remedy: 'use a relative path such as 2026/photo.jpg',
  });
}

/** Says whether a key can be asked for. Another client may have stored an object under one that cannot: it is listed all the same. */
export function isAddressable(key: string): boolean {
  return faultOf(key) === undefined;
}

function faultOf(key: string): string | undefined {
  const size = Buffer.byteLength(key);
  if (size === 0) return 'is empty';
  if (size > MAX_KEY_BYTES) return `has ${size} bytes, over ${MAX_KEY_BYTES}`;
  if (/^[/\\]/.test(key)) return 'begins with a slash';
  if (/\p{Surrogate}/u.test(key)) return 'has a lone surrogate';
  if (key.split('/').some((segment) => segment === '.' || segment === '..'))
    return 'has a segment of dots (. or ..), which no address can carry';
  return undefined;
}

/** A header's value as HTTP carries it. Throws an InvalidInputError (`InvalidHeader`). */
export function checkHeader(name: string, value: string): string {
  if (/^[A-Za-z0-9-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value)) return value;
  throw new InvalidInputError(`Header ${JSON.stringify(name)} is not one HTTP can carry`, {
    code: 'InvalidHeader',
    remedy: 'use letters, digits and - in the name, printable ASCII in the value (encode the rest)',
  });
}

/** A page's size. Throws an AppError (`InvalidArgument`). */
export function checkPageSize(max: number): number {
  if (Number.isInteger(max) && max >= 1 && max <= MAX_PAGE) return max;
  throw new AppError(`max is ${max}`, {
    code: 'InvalidArgument',
    remedy: `give a whole number from 1 to ${MAX_PAGE}`,
  });
}

/** How a stream is to be read. Throws an AppError (`InvalidArgument`). */
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
