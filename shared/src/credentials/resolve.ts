import type { CredentialsProvider } from '../auth/credentials.ts';
import type { FunctionContext } from '../context/function-context.ts';
import { CredentialsError } from '../errors/errors.ts';
import type { RoleSession } from '../openapi/session.ts';
import { variable } from './families.ts';
import { ramRoleArn } from './ram-role-arn.ts';
import { ROLE_VARIABLE, type Service, sourcesOf } from './sources.ts';

export type { Service } from './sources.ts';

export interface ResolveOptions {
  /** The handler's context, inside a function. */
  context?: FunctionContext;
  /** Default process.env. */
  env?: NodeJS.ProcessEnv;
  /** Region of the STS endpoint; default the context's, ALIBABA_CLOUD_REGION_ID, else cn-hangzhou. */
  region?: string;
  /** How the service's role is assumed, if its variable is set. */
  session?: Omit<RoleSession, 'roleArn'>;
}

/**
 * Returns the credential of a service, from the first of these sources that is present:
 * 1. the handler's context;
 * 2. the service's own variables: MNS_ACCESS_KEY_ID, OSS_ACCESS_KEY_ID or MPAAS_AK_ENV, with those that
 * belong to it;
 * 3. ALIBABA_CLOUD_ACCESS_KEY_ID with its secret and security token;
 * 4. OIDC: ALIBABA_CLOUD_OIDC_PROVIDER_ARN, _OIDC_TOKEN_FILE, _ROLE_ARN, _ROLE_SESSION_NAME;
 * 5. ALIBABA_CLOUD_CREDENTIALS_FILE, a config.ini;
 * 6. ALIBABA_CLOUD_ECS_METADATA, the name of the ECS instance's role;
 * 7. ALIBABA_CLOUD_CREDENTIALS_URI.
 *
 * Where OSS_STS_ROLE_ARN (for OSS) or RAM_ROLE_ARN (for mPaaS) is set, what was found only serves to assume
 * that role. Throws a CredentialsError: `BrokenCredentials` for an incomplete family, mixed families and
 * values with white space around them; `NoCredentials`, naming what was searched, when there is none.
 * Nothing is fetched before the first getCredentials().
 */
export function resolveCredentials(
  service: Service,
  options: ResolveOptions = {},
): CredentialsProvider {
  checkService(service);
  const { env = process.env } = options;
  const region = regionOf(options);
  const skipped: string[] = [];
  for (const source of sourcesOf(service, { ...options, env, region })) {
    const finding = source.look();
    if ('provider' in finding) return withRole(service, finding.provider, options);
    skipped.push(finding.skipped);
  }
  throw new CredentialsError(`No credential for ${service}: ${skipped.join('; ')}`, {
    code: 'NoCredentials',
    remedy: `npx fc-templates credentials setup --service ${service} prints the lines that set one`,
  });
}

function withRole(
  service: Service,
  base: CredentialsProvider,
  options: ResolveOptions,
): CredentialsProvider {
  const { env = process.env, session } = options;
  const name = ROLE_VARIABLE[service];
  const roleArn = name && variable(name, env);
  if (!roleArn) return base;
  return ramRoleArn({ ...session, roleArn, base, region: regionOf(options), env });
}

/** Region whose STS is asked. */
export function regionOf({ region, context, env = process.env }: ResolveOptions): string {
  return region ?? context?.region ?? (env.ALIBABA_CLOUD_REGION_ID?.trim() || 'cn-hangzhou');
}

/** Throws `UnknownService` unless the service is one of the three. */
export function checkService(service: string): void {
  if (service === 'smq' || service === 'oss' || service === 'mpaas') return;
  throw new CredentialsError(`Service is "${service}"`, {
    code: 'UnknownService',
    remedy: 'give smq, oss or mpaas',
  });
}
