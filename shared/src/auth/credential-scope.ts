import { rememberSecrets } from '../log/redact.ts';
import type { Credentials, CredentialsProvider } from './credentials.ts';
import { requirePair } from './require-present.ts';

/** The credential of the moment: the value itself, or what the provider gives now (providers cache, so it is asked before each request). Throws a CredentialsError (`MissingCredentials`) for half of one. */
export async function currentCredentials(
  source: Credentials | CredentialsProvider,
): Promise<Credentials> {
  const credentials = 'getCredentials' in source ? await source.getCredentials() : source;
  requirePair(credentials);
  return credentials;
}

/** What was made of one credential: kept as long as that credential comes, dropped whole when another does. Never more than one credential's values are held. */
export class CredentialScope<Value> {
  #credentials: Credentials | undefined;
  readonly #values = new Map<string, Value>();

  /** The value of that name for this credential, made on first use. */
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
