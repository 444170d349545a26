import type { Credentials, CredentialsProvider } from '../auth/credentials.ts';
import { requirePresent } from '../auth/require-present.ts';
import { CredentialsError } from '../errors/errors.ts';
import { rememberSecrets } from '../log/redact.ts';

const WANTED = ['accessKeyId', 'accessKeySecret', 'securityToken', 'expiration'] as const;
/** Names of the fields in other SDKs, in answers of STS and in variables, without case and punctuation. */
const OTHER_NAMES: Record<string, (typeof WANTED)[number]> = {
  secretaccesskey: 'accessKeySecret',
  accesskey: 'accessKeyId',
  secretkey: 'accessKeySecret',
  secret: 'accessKeySecret',
  ststoken: 'securityToken',
  sessiontoken: 'securityToken',
  token: 'securityToken',
  expires: 'expiration',
  expiretime: 'expiration',
};

/**
 * Method 8, custom: your own way of obtaining a credential, asked before each request (wrap it in
 * `refreshing` to keep its result). The result is checked: an incomplete, misspelt or expired credential is
 * a CredentialsError here, not an unclear error of a service later.
 */
export function custom(
  getCredentials: () => Credentials | Promise<Credentials>,
  now: () => number = Date.now,
): CredentialsProvider {
  return {
    async getCredentials() {
      const credentials = await getCredentials();
      const { accessKeyId, accessKeySecret, securityToken, expiration } = credentials ?? {};
      rememberSecrets(accessKeySecret, securityToken);
      const misspelt = misspeltNames(credentials);
      if (misspelt) throw invalid(`gave ${misspelt}`);
      if (!accessKeyId || !accessKeySecret)
        throw invalid(
          'gave no access key id or no secret',
          'have it give both, and the security token of a temporary credential',
        );
      requirePresent('The custom provider’s credential', {
        accessKeyId,
        accessKeySecret,
        ...(securityToken && { securityToken }),
      });
      if (expiration !== undefined && !Number.isFinite(expiration))
        throw invalid(
          'gave an expiration that is not a number',
          'give milliseconds since the epoch',
        );
      if (expiration !== undefined && expiration <= now())
        throw new CredentialsError('The custom provider gave an expired credential', {
          code: 'ExpiredCredentials',
          remedy: 'have it fetch a new one',
        });
      return credentials;
    },
  };
}

/** Lists fields given under another name instead of their own: `AccessKeyId in place of accessKeyId`. */
function misspeltNames(given: object | undefined): string {
  const found = Object.keys(given ?? {}).flatMap((name) => {
    const bare = name.toLowerCase().replace(/[^a-z]/g, '');
    const wanted = WANTED.find((one) => one.toLowerCase() === bare) ?? OTHER_NAMES[bare];
    const isMissing = wanted && name !== wanted && !Reflect.get(given ?? {}, wanted);
    return isMissing ? [`${name} in place of ${wanted}`] : [];
  });
  return found.join(', ');
}

function invalid(what: string, remedy = `name the fields ${WANTED.join(', ')}`): CredentialsError {
  return new CredentialsError(`The custom provider ${what}`, {
    code: 'InvalidCredentials',
    remedy,
  });
}

/** The part of a client of the official `@alicloud/credentials` package that is used here. */
export interface OfficialCredentialsClient {
  getCredential(): Promise<{
    accessKeyId?: string;
    accessKeySecret?: string;
    securityToken?: string;
  }>;
}

/**
 * Makes a provider of a client of `@alicloud/credentials`. That package gives no expiration, fetches on
 * each call when the credential lives 15 minutes or less, and hands out expired ones while its source is
 * down: prefer the methods here.
 */
export function fromOfficialClient(client: OfficialCredentialsClient): CredentialsProvider {
  return custom(async () => {
    const { accessKeyId = '', accessKeySecret = '', securityToken } = await client.getCredential();
    return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
  });
}
