import type { Credentials } from '../auth/credentials.ts';
import { parseExpiration } from '../auth/expiration.ts';
import { ServiceError } from '../errors/errors.ts';
import { rememberSecrets } from '../log/redact.ts';
import { stsEndpoint } from '../net/endpoints.ts';
import { callOpenApi, type OpenApiCall, type Remedies } from './client.ts';
import { checkSession, policyText, type RoleSession } from './session.ts';

export type { RoleSession } from './session.ts';

export interface StsOptions {
  region: string;
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
}

const SESSION_NAME = 'fc-templates';
const SESSION_SECONDS = 3600;

const REMEDIES: Remedies = {
  NoPermission: (message) =>
    /root account/i.test(message)
      ? 'use the key pair of a RAM user that may call sts:AssumeRole, or of a role: STS refuses the account’s own'
      : 'grant sts:AssumeRole to the caller, and name it in the role’s trust policy',
  'EntityNotExist.Role': 'check the role ARN',
  'InvalidParameter.DurationSeconds': 'ask for no more than the role’s longest session',
  'InvalidParameter.PolicyGrammar':
    'give Version "1" and a list of statements, as in a policy of RAM',
  'InvalidParameter.PolicySize': 'narrow by fewer statements: a session policy has 2048 characters',
  'AuthenticationFail.NoPermission':
    'name the identity provider in the role’s trust policy, with conditions that the token meets',
  'AuthenticationFail.OIDCToken.Invalid': 'check what writes the OIDC token',
  'AuthenticationFail.OIDCToken.Expired': 'check what writes the OIDC token: it has to renew it',
  'AuthenticationFail.OIDCToken.IssuerNotMatch':
    'check the issuer of the identity provider against the iss of the token',
  'AuthenticationFail.OIDCToken.AudienceNotMatch':
    'check the client ids of the identity provider against the aud of the token',
};

/**
 * STS AssumeRole: returns a temporary credential of a role, narrowed by `policy` if one is given. Call it
 * with a RAM user's pair or, from a function, with its own temporary credential (role chaining). Throws a
 * CredentialsError before the call for what STS would refuse, a ServiceError after it.
 */
export async function assumeRole(
  options: RoleSession & StsOptions & { credentials: Credentials },
): Promise<Credentials> {
  checkSession(options);
  return issued(
    await callSts('AssumeRole', options, {
      credentials: options.credentials,
      parameters: sessionParameters(options),
    }),
  );
}

/**
 * STS AssumeRoleWithOIDC: returns a temporary credential of a role for the bearer of an identity provider's
 * token. Not signed. Throws as assumeRole does.
 */
export async function assumeRoleWithOidc(
  options: RoleSession & StsOptions & { oidcProviderArn: string; oidcToken: string },
): Promise<Credentials> {
  checkSession(options);
  return issued(
    await callSts('AssumeRoleWithOIDC', options, {
      parameters: {
        OIDCProviderArn: options.oidcProviderArn,
        OIDCToken: options.oidcToken,
        ...sessionParameters(options),
      },
    }),
  );
}

/** The identity that a credential belongs to. */
export interface CallerIdentity {
  accountId: string;
  arn: string;
  /** `Account`, `RAMUser` or `AssumedRoleUser`. */
  identityType: string;
}

/** STS GetCallerIdentity: every credential may call it, so it shows whether one works. */
export async function getCallerIdentity(
  options: StsOptions & { credentials: Credentials },
): Promise<CallerIdentity> {
  const { AccountId, Arn, IdentityType } = await callSts('GetCallerIdentity', options, {
    credentials: options.credentials,
    parameters: {},
  });
  return { accountId: String(AccountId), arn: String(Arn), identityType: String(IdentityType) };
}

function callSts(
  action: string,
  { region, env, timeoutMs }: StsOptions,
  call: Pick<OpenApiCall, 'parameters' | 'credentials'>,
): Promise<Record<string, unknown>> {
  return callOpenApi({
    service: 'sts',
    endpoint: stsEndpoint({ region, ...(env && { env }) }),
    version: '2015-04-01',
    action,
    remedies: REMEDIES,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...call,
  });
}

function sessionParameters(session: RoleSession): OpenApiCall['parameters'] {
  return {
    RoleArn: session.roleArn,
    RoleSessionName: session.sessionName ?? SESSION_NAME,
    DurationSeconds: session.durationSeconds ?? SESSION_SECONDS,
    Policy: policyText(session.policy),
  };
}

function issued({ Credentials: value }: Record<string, unknown>): Credentials {
  const given = (value ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  const credentials = {
    accessKeyId: text('AccessKeyId'),
    accessKeySecret: text('AccessKeySecret'),
    securityToken: text('SecurityToken'),
    expiration: parseExpiration(given.Expiration),
  };
  rememberSecrets(credentials.accessKeySecret, credentials.securityToken);
  if (credentials.accessKeyId && credentials.accessKeySecret && credentials.securityToken)
    if (!Number.isNaN(credentials.expiration)) return credentials;
  throw new ServiceError('STS answered without a whole credential', {
    service: 'sts',
    code: 'UnexpectedAnswer',
    remedy: 'check STS_ENDPOINT: another service may have answered',
  });
}
