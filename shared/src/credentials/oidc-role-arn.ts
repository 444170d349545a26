import type { CredentialsProvider } from '../auth/credentials.ts';
import { CredentialsError } from '../errors/errors.ts';
import { rememberSecrets } from '../log/redact.ts';
import { checkSession } from '../openapi/session.ts';
import { assumeRoleWithOidc, type RoleSession } from '../openapi/sts.ts';
import { readText } from './read-text.ts';
import { type RefreshOptions, refreshing } from './refresh.ts';

export interface OidcRoleArnOptions extends RoleSession, RefreshOptions {
  oidcProviderArn: string;
  /** Path of the file with the OIDC token, read for each request because its writer rotates it. */
  oidcTokenFile: string;
  region: string;
  env?: NodeJS.ProcessEnv;
}

/**
 * Method 6, OIDCRoleARN: STS AssumeRoleWithOIDC, unsigned, for workloads with a token of an identity
 * provider (Kubernetes RRSA).
 */
export function oidcRoleArn(options: OidcRoleArnOptions): CredentialsProvider {
  checkSession(options);
  return refreshing(
    `AssumeRoleWithOIDC of ${options.roleArn}`,
    async () => {
      const oidcToken = (await readText(options.oidcTokenFile)).trim();
      rememberSecrets(oidcToken);
      if (oidcToken === '')
        throw new CredentialsError(`${options.oidcTokenFile} is empty`, {
          code: 'InvalidFile',
          remedy: 'check what writes the OIDC token',
        });
      return assumeRoleWithOidc({ ...options, oidcToken });
    },
    options,
  );
}
