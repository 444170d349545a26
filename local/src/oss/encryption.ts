import { fromBytes } from './bytes.ts';
import { invalidArgument, notImplemented, OssError } from './errors.ts';
import type { Headers } from './request.ts';
import type { Encryption, ObjectProperties } from './store/types.ts';

const NAME = 'x-oss-server-side-encryption';
/** Of a key service that is not here. */
const KEYED = ['KMS', 'SM4'];

/** How an object is to be encrypted. Throws InvalidEncryptionAlgorithmError, or NotImplemented for what needs a key service. */
export function readEncryption(headers: Headers): Encryption | undefined {
  const value = headers.get(NAME);
  return value === undefined ? undefined : readAlgorithm(fromBytes(value));
}

/** The same, by its name. */
export function readAlgorithm(name: string): Encryption {
  if (name === 'AES256') return name;
  if (KEYED.includes(name)) throw notImplemented(`${NAME}: ${name}`);
  throw new OssError('InvalidEncryptionAlgorithmError', {
    details: { ArgumentName: NAME, ArgumentValue: name },
  });
}

/** As answers say it. */
export function encryptionHeaders(encryption: Encryption | undefined): Record<string, string> {
  return encryption === undefined ? {} : { [NAME]: encryption };
}

/** How the object says that it is encrypted: nothing, when it is not. */
export function encryptionOf({
  headers,
}: Pick<ObjectProperties, 'headers'>): Record<string, string> {
  const value = headers[NAME];
  return value === undefined ? {} : { [NAME]: value };
}

/** The headers of one object with the encryption of the other. */
export function reencrypted(
  { [NAME]: _, ...headers }: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...headers, ...encryptionOf({ headers: others }) };
}

/** Throws InvalidArgument for a part that says how it is to be encrypted, which is said when the upload is initiated. */
export function refuseOfPart(headers: Headers): void {
  const value = headers.get(NAME);
  if (value !== undefined)
    throw invalidArgument(
      NAME,
      fromBytes(value),
      'say it when the upload is initiated, not of a part',
    );
}
