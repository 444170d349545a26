import { fromBytes } from './bytes.ts';
import { notImplemented, OssError } from './errors.ts';
import type { Headers } from './request.ts';
import type { Encryption } from './store/types.ts';

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
