import { contextCredentials } from '../auth/context-credentials.ts';
import { CredentialScope } from '../auth/credential-scope.ts';
import type { CredentialsProvider } from '../auth/credentials.ts';
import type { FunctionContext } from '../context/function-context.ts';
import type { RoleSession } from '../openapi/session.ts';
import { resolveCredentials, type Service } from './resolve.ts';

const providers = new CredentialScope<CredentialsProvider>();

/** Key of what was resolved from the environment when the context has no credential. */
const NO_CONTEXT = { accessKeyId: '', accessKeySecret: '' };

/**
 * Returns a service's credential as resolveCredentials finds it, and keeps it between invocations while the
 * context's credential is the same: a role is assumed once an hour, not once an invocation. Throws as
 * resolveCredentials does.
 */
export function invocationCredentials(
  service: Service,
  context: FunctionContext,
  session: Omit<RoleSession, 'roleArn'> = {},
): CredentialsProvider {
  const credentials = context.credentials ? contextCredentials(context) : NO_CONTEXT;
  return providers.get(credentials, JSON.stringify([service, context.region, session]), () =>
    resolveCredentials(service, { context, session }),
  );
}
