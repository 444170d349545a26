import {
  accessKey,
  type Credentials,
  type CredentialsProvider,
  resolveCredentials,
  stsToken,
} from 'fc-kit/credentials';
import { hasCode } from 'fc-kit/handler';
import { getCallerIdentity } from 'fc-kit/openapi';
import { LocalCloudError, readDotEnv } from 'fc-local/project';
import { publicNetwork } from '../cloud/endpoints.ts';
import { toolHome } from '../deploy-tool/home.ts';
import { readAccessFile } from './access-file.ts';
import { aliyunProfile } from './aliyun-profile.ts';

/** The parts of a key pair that the deploy tool needs, by its own names. */
const PARTS = ['AccountID', 'AccessKeyID', 'AccessKeySecret'] as const;
const TOKEN = 'SecurityToken';

/**
 * An alias of this form is the name of a variable that holds the parts as JSON: the only form in which the
 * deploy tool (3.1.10) accepts a security token.
 */
const VARIABLE = /_serverless_devs_key$/;

/** The alias, and the variable, in which a credential is passed. */
const HANDED_OVER = 'ci_serverless_devs_key';

/** This alias means the aliyun CLI's current profile. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the deploy tool's own name for it.
const ALIYUN_CLI = '${aliyun-cli}';

export interface AccessOptions {
  project: string;
  /** The value of `--access`; it takes precedence over everything. */
  chosen?: string | undefined;
  /** The alias in env.yaml or s.yaml. */
  alias: string;
  region: string;
  /** The shell's variables and those of `.env`. */
  env: NodeJS.ProcessEnv;
}

/** The account and credential to deploy with. */
export interface Access {
  accountId: string;
  credentials: CredentialsProvider;
  /** Where the credential was found, for a person to read; holds no secret. */
  source: string;
}

interface Found {
  credentials: CredentialsProvider;
  accountId: string | undefined;
  source: string;
}

/**
 * Returns the credential to deploy with, and its account. Searches in this order: the value of `--access`;
 * the deploy tool's variables AccountID, AccessKeyID, AccessKeySecret, with SecurityToken for a temporary
 * one; the alias of env.yaml or s.yaml; ALIBABA_CLOUD_PROFILE, a profile of the aliyun CLI;
 * ALIBABA_CLOUD_ACCESS_KEY_ID and related variables, OIDC and the other sources of resolveCredentials. An
 * account id that is not given is requested from STS. Throws LocalCloudError (`NoAccess`) if there is no
 * credential or an incomplete one, and for a temporary id without its token, before anything is sent.
 */
export async function resolveAccess(options: AccessOptions): Promise<Access> {
  const found = search(options);
  const accountId = found.accountId || options.env.ALIBABA_CLOUD_ACCOUNT_ID?.trim();
  return { ...found, accountId: accountId || (await askForAccount(found, options)) };
}

function search(options: AccessOptions): Found {
  const { chosen, alias, env } = options;
  const found =
    (chosen !== undefined && underAlias(chosen, options)) ||
    inVariables(env) ||
    (chosen === undefined && (underAlias(alias, options) || inGeneralVariables(options)));
  if (found) return found;
  const there = [...readAccessFile(toolHome(env)).keys()].join(', ') || 'none';
  throw noAccess(
    `There is no key pair under the alias "${chosen ?? alias}" (there is ${there}), and none in the environment`,
    `npx s config add -a ${chosen ?? alias} asks for a RAM user's pair and the account's id; a CI sets ALIBABA_CLOUD_ACCESS_KEY_ID and its kin, or ${PARTS.join(', ')}`,
  );
}

function underAlias(alias: string, { region, env }: AccessOptions): Found | undefined {
  if (alias === ALIYUN_CLI)
    return {
      credentials: aliyunProfile(undefined, region, publicNetwork(env)),
      accountId: undefined,
      source: 'the current profile of the aliyun CLI',
    };
  const text = VARIABLE.test(alias) ? env[alias] : undefined;
  if (text !== undefined)
    return whole(jsonOf(alias, text), `The variable ${alias}`, `the variable ${alias}`);
  const parts = readAccessFile(toolHome(env)).get(alias);
  return parts && whole(parts, `The key pair for the alias "${alias}"`, `the alias "${alias}"`);
}

/** Reads the deploy tool's own three variables, which apply to every alias. */
function inVariables(env: NodeJS.ProcessEnv): Found | undefined {
  if (!env.AccessKeyID && !env.AccessKeySecret) return undefined;
  return whole(env, 'AccountID, AccessKeyID and AccessKeySecret', 'the variable AccessKeyID');
}

function inGeneralVariables({ region, env }: AccessOptions): Found | undefined {
  const profile = env.ALIBABA_CLOUD_PROFILE?.trim();
  if (profile)
    return {
      credentials: aliyunProfile(profile, region, publicNetwork(env)),
      accountId: undefined,
      source: `the profile "${profile}" of the aliyun CLI`,
    };
  // This is the credential for deploying, not the one for sending messages.
  const { MNS_ACCESS_KEY_ID, MNS_ACCESS_KEY_SECRET, MNS_SESSION_TOKEN, ...general } = env;
  try {
    const credentials = resolveCredentials('smq', { region, env: publicNetwork(general) });
    return { credentials, accountId: undefined, source: 'the variables ALIBABA_CLOUD_…' };
  } catch (error) {
    if (hasCode(error, 'NoCredentials')) return undefined;
    throw error;
  }
}

function whole(parts: Record<string, unknown>, what: string, source: string): Found {
  const part = (name: string) => String(parts[name] ?? '').trim();
  const missing = ['AccessKeyID', 'AccessKeySecret'].filter((name) => !part(name));
  if (missing.length > 0)
    throw noAccess(`${what} has no ${missing.join(', ')}`, `give all of ${PARTS.join(', ')}`);
  const pair = { accessKeyId: part('AccessKeyID'), accessKeySecret: part('AccessKeySecret') };
  const securityToken = part(TOKEN);
  if (!securityToken && pair.accessKeyId.startsWith('STS.'))
    throw noAccess(
      `${what} has a temporary id (STS.…) and no ${TOKEN}`,
      `give the ${TOKEN} that was handed out with it`,
    );
  return {
    credentials: securityToken ? stsToken({ ...pair, securityToken }) : accessKey(pair),
    accountId: part('AccountID') || undefined,
    source,
  };
}

function jsonOf(variable: string, text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    // The text holds a secret, and the parser's message may quote it.
    throw noAccess(
      `The variable ${variable} is not JSON`,
      `write {"${[...PARTS, TOKEN].join('": "…", "')}": "…"}`,
    );
  }
}

/** STS GetCallerIdentity, which every credential may call. */
async function askForAccount(
  { credentials, source }: Found,
  { region, env }: AccessOptions,
): Promise<string> {
  try {
    const asked = {
      region,
      env: publicNetwork(env),
      credentials: await credentials.getCredentials(),
    };
    return (await getCallerIdentity(asked)).accountId;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LocalCloudError(
      'NoAccess',
      `The account of ${source} is not given, and STS does not say it (${why})`,
      'set AccountID, or ALIBABA_CLOUD_ACCOUNT_ID, to the id of the account',
      { cause: error },
    );
  }
}

/**
 * Returns what passes the current credential to the deploy tool: the argument that names it, and the
 * variables for its run. The three plain variables are left out: they override every alias, and drop the
 * token. Throws LocalCloudError if `.env` has them, since the tool reads that file itself.
 */
export async function handOver(
  { accountId, credentials }: Access,
  { project, env }: { project: string; env: NodeJS.ProcessEnv },
): Promise<{ args: string[]; env: NodeJS.ProcessEnv }> {
  const given = await credentials.getCredentials();
  const dotEnv = readDotEnv(project);
  if (PARTS.every((name) => name in dotEnv) && !isSame(dotEnv, given))
    throw noAccess(
      `.env has ${PARTS.join(', ')}, which the deploy tool would take before the credential in use`,
      'take them out of .env',
    );
  const { AccountID, AccessKeyID, AccessKeySecret, [TOKEN]: token, ...others } = env;
  const parts = {
    AccountID: accountId,
    AccessKeyID: given.accessKeyId,
    AccessKeySecret: given.accessKeySecret,
    ...(given.securityToken && { [TOKEN]: given.securityToken }),
  };
  return {
    args: ['--access', HANDED_OVER],
    env: { ...others, [HANDED_OVER]: JSON.stringify(parts) },
  };
}

function isSame(dotEnv: NodeJS.ProcessEnv, given: Credentials): boolean {
  return (
    !given.securityToken &&
    dotEnv.AccessKeyID === given.accessKeyId &&
    dotEnv.AccessKeySecret === given.accessKeySecret
  );
}

function noAccess(message: string, remedy: string): LocalCloudError {
  return new LocalCloudError('NoAccess', message, remedy);
}
