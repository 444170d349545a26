import { CredentialsError } from '../errors/errors.ts';
import type { Credentials } from './credentials.ts';

/** Throws a CredentialsError (`MissingCredentials`) that names each blank value. */
export function requirePresent(where: string, values: Record<string, string>): void {
  const missing = Object.keys(values).filter((name) => !values[name]?.trim());
  if (missing.length === 0) return;
  throw new CredentialsError(`${where} lacks ${missing.join(', ')}`, {
    code: 'MissingCredentials',
    remedy: 'give every one of them',
  });
}

/** Throws `MissingCredentials` for half a credential; the SDKs' own errors for it are unclear. */
export function requirePair({ accessKeyId, accessKeySecret }: Credentials): void {
  requirePresent('Credential', { accessKeyId, accessKeySecret });
}
