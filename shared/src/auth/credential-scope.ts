import { rememberSecrets } from '../log/redact.ts';
import type { Credentials, CredentialsProvider } from './credentials.ts';
import { requirePair } from './require-present.ts';

/**
 * Returns the current credential: the value itself, or what the provider gives now (providers cache, so
 * they are asked before each request). Throws a CredentialsError (`MissingCredentials`) for an incomplete
 * one.
 */
export async function currentCredentials(
  source: Credentials | CredentialsProvider,
): Promise<Credentials> {
  const credentials = 'getCredentials' in source ? await source.getCredentials() : source;
  requirePair(credentials);
  return credentials;
}

/**
 * Values made with one credential, kept until another credential comes and then dropped together. Never
 * holds values of more than one credential.
 */
export class CredentialScope<Value> {
  #credentials: Credentials | undefined;
  readonly #values = new Map<string, Value>();

  /** Returns the value of that name for this credential; makes it on first use. */
  get(credentials: Credentials, name: string, make: () => Value): Value {
    if (!this.#credentials || !same(this.#credentials, credentials)) {
      this.#values.clear();
      rememberSecrets(credentials.accessKeySecret, credentials.securityToken);
    }
    this.#credentials = credentials;
    const kept = this.#values.get(name);
    if (kept !== undefined) return kept;
    const made = make();
    this.#values.set(name, made);
    return made;
  }
}

function same(a: Credentials, b: Credentials): boolean {
  return (
    a.accessKeyId === b.accessKeyId &&
    a.accessKeySecret === b.accessKeySecret &&
    a.securityToken === b.securityToken
  );
}
