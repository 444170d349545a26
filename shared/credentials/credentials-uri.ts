import { CredentialsError } from '../errors.ts';
import { fetchText, parseCredentials } from './fetch-credentials.ts';
import { type RefreshOptions, refreshing } from './refresh.ts';
import type { CredentialsProvider } from './types.ts';

export interface CredentialsUriOptions extends RefreshOptions {
  uri: string;
  /** Default 5,000 ms. */
  timeoutMs?: number;
}

/** Method 7, CredentialsURI: an HTTP address of yours that answers the metadata server's JSON. Its query may hold a secret, so errors name its host only. */
export function credentialsUri(options: CredentialsUriOptions): CredentialsProvider {
  const { uri, timeoutMs = 5_000 } = options;
  if (!URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol))
    throw new CredentialsError('The credentials URI is not an http or https address', {
      code: 'InvalidCredentialsUri',
      remedy: 'set ALIBABA_CLOUD_CREDENTIALS_URI to one',
    });
  const source = `The credentials URI at ${new URL(uri).host}`;
  return refreshing(
    source,
    async () => parseCredentials(source, await fetchText(source, uri, { timeoutMs })),
    options,
  );
}
