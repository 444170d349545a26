import type { CredentialsProvider } from '../auth/credentials.ts';
import { requirePresent } from '../auth/require-present.ts';
import { rememberSecrets } from '../log/redact.ts';

/**
 * Method 2, STS token: a temporary credential fetched elsewhere. It is used until the service refuses it;
 * the user who set it has to set the next one.
 */
export function stsToken(credentials: {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken: string;
}): CredentialsProvider {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  requirePresent('STS token', { accessKeyId, accessKeySecret, securityToken });
  rememberSecrets(accessKeySecret, securityToken);
  return { getCredentials: async () => ({ accessKeyId, accessKeySecret, securityToken }) };
}
