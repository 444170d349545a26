import { fromBytes } from './bytes.ts';
import { invalidArgument, notImplemented, OssError } from './errors.ts';
import type { Headers } from './request.ts';
import type { Encryption, ObjectProperties } from './store/types.ts';

const NAME = 'x-oss-server-side-encryption';
/** Algorithms that need a key service, which is not simulated here. */
const KEYED = ['KMS', 'SM4'];

/**
 * Reads how an object is to be encrypted. Throws InvalidEncryptionAlgorithmError, or NotImplemented
 * for what needs a key service.
 */
export function readEncryption(headers: Headers): Encryption | undefined {
  const value = headers.get(NAME);
  return value === undefined ? undefined : readAlgorithm(fromBytes(value));
}

/** Reads an algorithm by its name; throws like `readEncryption`. */
export function readAlgorithm(name: string): Encryption {
  if (name === 'AES256') return name;
  if (KEYED.includes(name)) throw notImplemented(`${NAME}: ${name}`);
  throw new OssError('InvalidEncryptionAlgorithmError', {
    details: { ArgumentName: NAME, ArgumentValue: name },
  });
}

/** Returns the headers that report an encryption. */
export function encryptionHeaders(encryption: Encryption | undefined): Record<string, string> {
  return encryption === undefined ? {} : { [NAME]: encryption };
}

/** Returns how the object reports its encryption: nothing when it is not encrypted. */
export function encryptionOf({
  headers,
}: Pick<ObjectProperties, 'headers'>): Record<string, string> {
  const value = headers[NAME];
  return value === undefined ? {} : { [NAME]: value };
}

/** Returns the headers of one object with the encryption of the other. */
export function reencrypted(
  { [NAME]: _, ...headers }: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...headers, ...encryptionOf({ headers: others }) };
}

/**
 * Throws InvalidArgument for a part with encryption headers, which belong to the initiation of the
 * upload.
 */
export function refuseOfPart(headers: Headers): void {
  const value = headers.get(NAME);
  if (value !== undefined)
    throw invalidArgument(
      NAME,
      fromBytes(value),
      'say it when the upload is initiated, not of a part',
    );
}
