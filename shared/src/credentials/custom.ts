import type { Credentials, CredentialsProvider } from '../auth/credentials.ts';
import { CredentialsError } from '../errors/errors.ts';
import { rememberSecrets } from '../log/redact.ts';

/** Method 8, custom: your own way of obtaining a credential, asked before each request (wrap it in `refreshing` to keep what it gives). What it gives is checked: an incomplete or expired credential is a CredentialsError here, not an unclear error of a service later. */
export function custom(
  getCredentials: () => Credentials | Promise<Credentials>,
  now: () => number = Date.now,
): CredentialsProvider {
  return {
    async getCredentials() {
      const credentials = await getCredentials();
      if (!credentials?.accessKeyId || !credentials.accessKeySecret)
        throw new CredentialsError('The custom provider gave no access key id or no secret', {
          code: 'InvalidCredentials',
          remedy: 'have it give both, and the security token of a temporary credential',
        });
      rememberSecrets(credentials.accessKeySecret, credentials.securityToken);
      if (credentials.expiration !== undefined && credentials.expiration <= now())
        throw new CredentialsError('The custom provider gave an expired credential', {
          code: 'ExpiredCredentials',
          remedy: 'have it fetch a new one',
        });
      return credentials;
    },
  };
}

/** What is used of a client of the official `@alicloud/credentials` package. */
export interface OfficialCredentialsClient {
  getCredential(): Promise<{
    accessKeyId?: string;
    accessKeySecret?: string;
    securityToken?: string;
  }>;
}

/** A client of `@alicloud/credentials` as a provider. That package gives no expiration, fetches on each call when the credential lives 15 minutes or less, and hands out expired ones while its source is down: prefer the methods here. */
export function fromOfficialClient(client: OfficialCredentialsClient): CredentialsProvider {
  return custom(async () => {
    const { accessKeyId = '', accessKeySecret = '', securityToken } = await client.getCredential();
    return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
  });
}
