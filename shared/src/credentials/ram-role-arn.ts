import type { CredentialsProvider } from '../auth/credentials.ts';
import { checkSession } from '../openapi/session.ts';
import { assumeRole, type RoleSession } from '../openapi/sts.ts';
import { type RefreshOptions, refreshing } from './refresh.ts';

export interface RamRoleArnOptions extends RoleSession, RefreshOptions {
  /**
   * The credential that requests the role: a RAM user's pair, or a function's own temporary one (role
   * chaining). STS refuses the account's own pair.
   */
  base: CredentialsProvider;
  /** Region of the STS endpoint. */
  region: string;
  env?: NodeJS.ProcessEnv;
}

/** Method 3, RAMRoleARN: STS AssumeRole, renewed ahead of its expiry. Throws at once for a role ARN, session name or duration that STS would refuse (`InvalidRoleArn`, `InvalidSessionName`, `InvalidDuration`). */
export function ramRoleArn(options: RamRoleArnOptions): CredentialsProvider {
  checkSession(options);
  return refreshing(
    `AssumeRole of ${options.roleArn}`,
    async () => assumeRole({ ...options, credentials: await options.base.getCredentials() }),
    options,
  );
}
