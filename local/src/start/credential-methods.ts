import type { Clock } from '../clock.ts';
import { ADMINISTRATOR_ACCESS } from '../identities/administrator-access.ts';
import { ECS_SERVICE, FC_SERVICE, type Identities } from '../identities/identities.ts';
import { type OidcIssuer, oidcIssuer } from '../identities/oidc/issuer.ts';
import type { TemporaryCredentials } from '../identities/types.ts';
import type { Project } from '../project/types.ts';
import type { Watchdog } from '../watchdog.ts';
import { functionOf, issueCredentials } from './credentials.ts';
import { keepTokenFile } from './token-file.ts';

/** The role that a RAM user of the account, a token of the provider, an instance and a function may assume. */
const ROLE = 'fc-local';
const PROVIDER = 'fc-local';
const ISSUER = 'https://oidc.fc-local.example';
const AUDIENCE = 'sts.aliyuncs.com';
const SUBJECT = 'system:serviceaccount:default:fc-local';
const SESSION_SECONDS = 3600;
const MAX_SESSION_SECONDS = 43_200;

/** Values that each way to a credential needs from a running cloud. */
export interface CredentialMethods {
  accountId: string;
  region: string;
  /** Addresses of the services, by the variables that clients read. */
  environment: Record<string, string>;
  /** Key pair of the RAM user who may do everything. */
  user: { accessKeyId: string; accessKeySecret: string };
  /** The account's own key pair, with which STS refuses to assume a role. */
  owner: { accessKeyId: string; accessKeySecret: string };
  /** ARN of a role that the user can assume. */
  roleArn: string;
  /** A fresh credential of that role. */
  session: TemporaryCredentials;
  oidc: { providerArn: string; roleArn: string; tokenFile: string };
  /** Name of the role attached to the instance. */
  instanceRole: string;
  credentialsUri: string;
  /** The credential in a function's context: of the named function's role, or of the role above. */
  context: TemporaryCredentials;
}

/**
 * Creates the role and the provider for trying out credentials in an account. Returns the issuer of
 * the provider's tokens, and the name of the role for the instance.
 */
export function defineCredentialMethods(identities: Identities): {
  issuer: OidcIssuer;
  instanceRole: string;
} {
  const { accountId } = identities;
  const issuer = oidcIssuer('ES256', ISSUER);
  const providerArn = `acs:ram::${accountId}:oidc-provider/${PROVIDER}`;
  const allow = { Effect: 'Allow', Action: 'sts:AssumeRole' };
  const conditions = { 'oidc:iss': ISSUER, 'oidc:aud': AUDIENCE, 'oidc:sub': SUBJECT };
  identities.defineOidcProvider({
    name: PROVIDER,
    issuer: ISSUER,
    clientIds: [AUDIENCE],
    keys: [issuer.jwk],
  });
  identities.defineRole({
    name: ROLE,
    maxSessionDuration: MAX_SESSION_SECONDS,
    trust: {
      Version: '1',
      Statement: [
        { ...allow, Principal: { RAM: [`acs:ram::${accountId}:root`] } },
        { ...allow, Principal: { Service: [ECS_SERVICE, FC_SERVICE] } },
        {
          ...allow,
          Principal: { Federated: [providerArn] },
          Condition: { StringEquals: conditions },
        },
      ],
    },
    policies: [ADMINISTRATOR_ACCESS],
  });
  return { issuer, instanceRole: ROLE };
}

export interface CredentialMethodsOptions {
  clock: Clock;
  identities: Identities;
  region: string;
  issuer: OidcIssuer;
  instanceRole: string;
  user: { accessKeyId: string; accessKeySecret: string };
  owner: { accessKeyId: string; accessKeySecret: string };
  environment: Record<string, string>;
  project: Project | undefined;
  /** Folder of the token file; absent: a temporary one. */
  data: string | undefined;
  watchdog: Watchdog;
}

/**
 * Maintains the token file and answers with each method's current values. `describe` throws an
 * Error for a function that does not exist or has no role.
 */
export async function keepCredentialMethods(options: CredentialMethodsOptions): Promise<{
  describe(functionName?: string): CredentialMethods;
  close(): Promise<void>;
}> {
  const { clock, identities, region, issuer, environment, project } = options;
  const { accountId } = identities;
  const file = await keepTokenFile({
    clock,
    issuer,
    audience: AUDIENCE,
    subject: SUBJECT,
    folder: options.data,
    watchdog: options.watchdog,
  });
  const session = (sessionName: string): TemporaryCredentials =>
    identities.assumeRole({ role: ROLE, sessionName, durationSeconds: SESSION_SECONDS });
  const roleArn = `acs:ram::${accountId}:role/${ROLE}`;
  return {
    describe: (functionName) => ({
      accountId,
      region,
      environment,
      user: options.user,
      owner: options.owner,
      roleArn,
      session: session('fc-local'),
      oidc: {
        providerArn: `acs:ram::${accountId}:oidc-provider/${PROVIDER}`,
        roleArn,
        tokenFile: file.path,
      },
      instanceRole: options.instanceRole,
      credentialsUri: `${environment.STS_ENDPOINT}/credentials`,
      context:
        functionName === undefined
          ? session('context')
          : ofFunction(identities, project, functionName),
    }),
    close: () => file.close(),
  };
}

function ofFunction(
  identities: Identities,
  project: Project | undefined,
  name: string,
): TemporaryCredentials {
  const fn = functionOf(project, name);
  const issued = fn && issueCredentials(identities, fn, 'local');
  if (issued) return issued;
  const known = project?.functions.filter(({ role }) => role !== undefined) ?? [];
  const names = known.map(({ resource }) => resource).join(', ') || 'none';
  throw new Error(`No function "${name}" with a role; there are ${names}`);
}
