import { encoderOf } from './answers.ts';
import { fromBytes, fromValidBytes } from './bytes.ts';
import { invalidArgument } from './errors.ts';
import { MAX_OBJECT_KEY_BYTES, PAGE_SIZE } from './limits.ts';
import type { OssRequest } from './request.ts';

/** Prefix and delimiter are bytes (one character each). */
export interface ListingParameters {
  prefix: string;
  delimiter: string;
  limit: number;
  encodingType: string | undefined;
  /** Encodes bytes for the answer. */
  encode(bytes: string): string;
}

const BYTE_PARAMETERS = [
  'prefix',
  'delimiter',
  'marker',
  'start-after',
  'key-marker',
  'upload-id-marker',
];

/** Reads the parameters that all listings share. Throws InvalidArgument. */
export function readListing(
  request: OssRequest,
  limitName: 'max-keys' | 'max-uploads',
): ListingParameters {
  const { query } = request;
  for (const name of BYTE_PARAMETERS) {
    const value = query.bytes(name);
    if (value !== undefined && fromValidBytes(value) === undefined)
      throw invalidArgument(name, value, 'give UTF-8');
    if (value !== undefined) checkMarker(name, value);
  }
  const encodingType = readEncodingType(request);
  const { max } = PAGE_SIZE;
  const byDefault = limitName === 'max-keys' ? PAGE_SIZE.byDefault : max;
  return {
    prefix: query.bytes('prefix') ?? '',
    delimiter: query.bytes('delimiter') ?? '',
    limit: query.integer(limitName, { min: 1, max, otherwise: byDefault }),
    encodingType,
    encode: encoderOf(encodingType),
  };
}

/** Returns `url` or undefined. Throws InvalidArgument. */
export function readEncodingType({ query }: OssRequest): string | undefined {
  const encodingType = query.get('encoding-type') || undefined;
  if (encodingType !== undefined && encodingType !== 'url')
    throw invalidArgument('encoding-type', encodingType, 'give url, or leave it out');
  return encodingType;
}

/** Throws InvalidArgument for a marker longer than any key. `value` is bytes. */
export function checkMarker(name: string, value: string): void {
  if (value.length > MAX_OBJECT_KEY_BYTES)
    throw invalidArgument(name, fromBytes(value), `give ${MAX_OBJECT_KEY_BYTES} bytes at most`);
}
