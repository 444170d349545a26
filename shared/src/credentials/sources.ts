import { contextCredentials } from '../auth/context-credentials.ts';
import type { CredentialsProvider } from '../auth/credentials.ts';
import type { FunctionContext } from '../context/function-context.ts';
import { accessKey, accessKeyFile } from './access-key.ts';
import { credentialsUri } from './credentials-uri.ts';
import { ecsRamRole } from './ecs-ram-role.ts';
import {
  type Family,
  GENERAL,
  halfSet,
  MNS,
  MPAAS,
  notSet,
  OSS,
  readFamily,
  variable,
} from './families.ts';
import { oidcRoleArn } from './oidc-role-arn.ts';
import { stsToken } from './sts-token.ts';

export type Service = 'smq' | 'oss' | 'mpaas';

/** The methods by the names the docs give them. The eighth, custom, is never resolved: it is passed in. */
export type Method =
  | 'AccessKey pair'
  | 'STS token'
  | 'ECSRAMRole'
  | 'Function Compute context'
  | 'OIDCRoleARN'
  | 'CredentialsURI';

/** What a source has: a provider, or the reason why it is skipped. */
export type Finding = { method: Method; provider: CredentialsProvider } | { skipped: string };

export interface Source {
  name: string;
  /** Looks for a credential. Throws a CredentialsError if the source is present but broken. */
  look(): Finding;
}

export interface SourceOptions {
  context?: FunctionContext | undefined;
  env: NodeJS.ProcessEnv;
  region: string;
}

/** The service's own variables. */
const OWN_FAMILY: Record<Service, Family> = { smq: MNS, oss: OSS, mpaas: MPAAS };

/** The variable of the role that is assumed with what was found. */
export const ROLE_VARIABLE: Partial<Record<Service, string>> = {
  oss: 'OSS_STS_ROLE_ARN',
  mpaas: 'RAM_ROLE_ARN',
};

const OIDC = [
  'ALIBABA_CLOUD_OIDC_PROVIDER_ARN',
  'ALIBABA_CLOUD_OIDC_TOKEN_FILE',
  'ALIBABA_CLOUD_ROLE_ARN',
] as const;

/** Returns the sources of a credential in the order they are searched. */
export function sourcesOf(service: Service, options: SourceOptions): Source[] {
  const { env } = options;
  const own = OWN_FAMILY[service];
  return [
    { name: 'context.credentials', look: () => fromContext(options) },
    { name: own.id, look: () => fromFamily(own, env) },
    { name: GENERAL.id, look: () => fromFamily(GENERAL, env) },
    { name: OIDC[0], look: () => fromOidc(options) },
    { name: 'ALIBABA_CLOUD_CREDENTIALS_FILE', look: () => fromFile(env) },
    { name: 'ALIBABA_CLOUD_ECS_METADATA', look: () => fromMetadata(env) },
    { name: 'ALIBABA_CLOUD_CREDENTIALS_URI', look: () => fromUri(env) },
  ];
}

function fromContext({ context }: SourceOptions): Finding {
  if (!context) return { skipped: 'not inside a function: no context was given' };
  if (!context.credentials) return { skipped: 'the function has no role' };
  const credentials = contextCredentials(context);
  return {
    method: 'Function Compute context',
    provider: { getCredentials: async () => credentials },
  };
}

function fromFamily(family: Family, env: NodeJS.ProcessEnv): Finding {
  const found = readFamily(family, env);
  if (!found) return { skipped: notSet(family, env) };
  const { securityToken } = found;
  return securityToken
    ? { method: 'STS token', provider: stsToken({ ...found, securityToken }) }
    : { method: 'AccessKey pair', provider: accessKey(found) };
}

function fromOidc({ env, region }: SourceOptions): Finding {
  const [provider, file, role] = OIDC.map((name) => variable(name, env));
  // A role's ARN alone is no sign of OIDC: other tools read it too.
  if (!provider && !file) return { skipped: `${OIDC[0]} and ${OIDC[1]} are not set` };
  if (!provider || !file || !role) {
    const isSet = (name: string) => Boolean(env[name]);
    throw halfSet(
      OIDC.filter(isSet),
      OIDC.filter((name) => !isSet(name)),
    );
  }
  return {
    method: 'OIDCRoleARN',
    provider: oidcRoleArn({
      oidcProviderArn: provider,
      oidcTokenFile: file,
      roleArn: role,
      sessionName: variable('ALIBABA_CLOUD_ROLE_SESSION_NAME', env),
      region,
      env,
    }),
  };
}

function fromFile(env: NodeJS.ProcessEnv): Finding {
  const path = variable('ALIBABA_CLOUD_CREDENTIALS_FILE', env);
  if (!path) return { skipped: 'ALIBABA_CLOUD_CREDENTIALS_FILE is not set' };
  return { method: 'AccessKey pair', provider: accessKeyFile(path) };
}

function fromMetadata(env: NodeJS.ProcessEnv): Finding {
  const roleName = variable('ALIBABA_CLOUD_ECS_METADATA', env);
  if (!roleName) return { skipped: 'ALIBABA_CLOUD_ECS_METADATA names no role' };
  return { method: 'ECSRAMRole', provider: ecsRamRole({ roleName }) };
}

function fromUri(env: NodeJS.ProcessEnv): Finding {
  const uri = variable('ALIBABA_CLOUD_CREDENTIALS_URI', env);
  if (!uri) return { skipped: 'ALIBABA_CLOUD_CREDENTIALS_URI is not set' };
  return { method: 'CredentialsURI', provider: credentialsUri({ uri }) };
}
