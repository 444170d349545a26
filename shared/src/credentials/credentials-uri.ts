import type { CredentialsProvider } from '../auth/credentials.ts';
import { CredentialsError } from '../errors/errors.ts';
import { fetchText, parseCredentials } from './fetch-credentials.ts';
import { type RefreshOptions, refreshing } from './refresh.ts';

export interface CredentialsUriOptions extends RefreshOptions {
  uri: string;
  /** Default 5,000 ms. */
  timeoutMs?: number;
}

/**
 * Method 7, CredentialsURI: an HTTP address of yours that answers the same JSON as the metadata server. Its
 * query may hold a secret, so errors name its host only. Throws `InvalidCredentialsUri` for an invalid
 * address.
 */
export function credentialsUri(options: CredentialsUriOptions): CredentialsProvider {
  const { uri, timeoutMs = 5_000 } = options;
  const source = `The credentials URI at ${hostOf(uri)}`;
  return refreshing(
    source,
    async () => parseCredentials(source, await fetchText(source, uri, { timeoutMs })),
    options,
  );
}

function hostOf(uri: string): string {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw invalid('is not an http or https address', 'set ALIBABA_CLOUD_CREDENTIALS_URI to one');
  // fetch rejects such an address, and its error quotes it whole.
  if (url.username || url.password)
    throw invalid('has a user name in front of its host', 'give the secret in the query instead');
  return url.host;
}

function invalid(what: string, remedy: string): CredentialsError {
  return new CredentialsError(`The credentials URI ${what}`, {
    code: 'InvalidCredentialsUri',
    remedy,
  });
}
