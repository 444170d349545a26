import type { ContextCredentials, FunctionContext } from '../context/function-context.ts';
import { CredentialsError } from '../errors/errors.ts';
import type { Credentials } from './credentials.ts';
import { requirePresent } from './require-present.ts';

/**
 * Returns the credential FC hands to this invocation: that of the function's role. Throws a
 * CredentialsError that names each missing value (`MissingCredentials`), or the value with white space or
 * quotes around it (`BrokenCredentials`). The token is valid for 36 hours: longer than any single run, but
 * not longer than a busy instance lives. Ask again on each invocation; never keep it at module level.
 */
export function contextCredentials(
  context: FunctionContext,
): Required<Omit<Credentials, 'expiration'>> {
  const { accessKeyId, accessKeySecret, securityToken } = context.credentials ?? {};
  if (accessKeyId && accessKeySecret && securityToken) {
    const found = { accessKeyId, accessKeySecret, securityToken };
    requirePresent('context.credentials', found);
    return found;
  }

  const values: ContextCredentials = { accessKeyId, accessKeySecret, securityToken };
  const missing = Object.entries(values)
    .filter(([, value]) => !value)
    .map(([name]) => `context.credentials.${name}`);
  throw new CredentialsError(`${missing.join(', ')} missing`, {
    code: 'MissingCredentials',
    remedy: context.credentials
      ? 'FC passes all three or none: look for code that changes context.credentials, or for a fake context that leaves one out'
      : 'give the function a role (role in s.yaml) that trusts fc.aliyuncs.com',
  });
}

/**
 * Returns the context's `region` and `accountId`, which endpoints are built from. Throws a CredentialsError
 * that names what is missing.
 */
export function contextLocation(context: FunctionContext): { region: string; accountId: string } {
  const { region, accountId } = context;
  if (region && accountId) return { region, accountId };
  const missing = [!region && 'context.region', !accountId && 'context.accountId'];
  throw new CredentialsError(`${missing.filter(Boolean).join(', ')} missing`, {
    code: 'MissingLocation',
    remedy: 'FC passes both on every invocation: complete the fake context',
  });
}
