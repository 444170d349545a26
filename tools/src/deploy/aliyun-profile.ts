import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  accessKey,
  type CredentialsProvider,
  credentialsUri,
  ecsRamRole,
  ramRoleArn,
  stsToken,
} from 'fc-kit/credentials';
import { LocalCloudError } from 'fc-local/project';

/**
 * Modes of `aliyun configure` whose credential is read here. CloudSSO and OAuth store a temporary one with
 * the mode.
 */
const MODES = ['AK', 'StsToken', 'RamRoleArn', 'EcsRamRole', 'CredentialsURI', 'CloudSSO', 'OAuth'];

type Profile = Record<string, unknown>;

/**
 * Returns the credential of a profile of the aliyun CLI (`~/.aliyun/config.json`): the named one, else the
 * current one. Throws LocalCloudError for a file or a profile that does not exist, for an incomplete
 * credential, and for a mode that runs a program or opens a browser.
 */
export function aliyunProfile(
  name: string | undefined,
  region: string,
  env: NodeJS.ProcessEnv,
): CredentialsProvider {
  const path = join(env.HOME?.trim() || homedir(), '.aliyun', 'config.json');
  if (!existsSync(path)) throw noAccess(`There is no file ${path}`, 'aliyun configure makes it');
  const file = parsed(path);
  const wanted = name ?? text(file.current);
  const profiles = Array.isArray(file.profiles) ? (file.profiles as Profile[]) : [];
  const profile = profiles.find((one) => one.name === wanted);
  if (!profile)
    throw noAccess(
      `${path} has no profile "${wanted}" (there is ${profiles.map((one) => one.name).join(', ') || 'none'})`,
      `aliyun configure --profile ${wanted || 'default'} makes it`,
    );
  return providerOf(profile, `profile "${wanted}" of ${path}`, region, env);
}

function providerOf(
  profile: Profile,
  where: string,
  region: string,
  env: NodeJS.ProcessEnv,
): CredentialsProvider {
  const mode = text(profile.mode) || 'AK';
  const need = (key: string) => {
    const value = text(profile[key]);
    if (value) return value;
    throw noAccess(`The ${where} has no ${key}`, `aliyun configure --mode ${mode} asks for it`);
  };
  const pair = () => ({
    accessKeyId: need('access_key_id'),
    accessKeySecret: need('access_key_secret'),
  });
  const longTerm = () => {
    const given = pair();
    if (!given.accessKeyId.startsWith('STS.')) return accessKey(given);
    throw noAccess(
      `The ${where} has a temporary id (STS.…) and no sts_token`,
      'aliyun configure --mode StsToken asks for the token that was handed out with it',
    );
  };
  const temporary = () => stsToken({ ...pair(), securityToken: need('sts_token') });
  switch (mode) {
    case 'AK':
      return longTerm();
    case 'StsToken':
    case 'CloudSSO':
    case 'OAuth':
      return temporary();
    case 'RamRoleArn':
      return ramRoleArn({
        roleArn: need('ram_role_arn'),
        sessionName: text(profile.ram_session_name) || undefined,
        base: text(profile.sts_token) ? temporary() : longTerm(),
        region,
        env,
      });
    case 'EcsRamRole':
      return ecsRamRole({ roleName: need('ram_role_name') });
    case 'CredentialsURI':
      return credentialsUri({ uri: need('credentials_uri') });
    default:
      throw noAccess(
        `The ${where} is of mode ${mode}, which is not read here`,
        `give one of ${MODES.join(', ')}, or set ALIBABA_CLOUD_ACCESS_KEY_ID and its kin`,
      );
  }
}

function parsed(path: string): Profile {
  try {
    return Object(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // The file holds a secret, and the parser's message may quote it.
    throw noAccess(`${path} is not JSON`, 'aliyun configure writes it again');
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function noAccess(message: string, remedy: string): LocalCloudError {
  return new LocalCloudError('NoAccess', message, remedy);
}
