import type { Credentials } from '../auth/credentials.ts';
import { requireUnpadded } from '../auth/require-present.ts';
import { CredentialsError } from '../errors/errors.ts';

/** Three variables that belong together. */
export interface Family {
  id: string;
  secret: string;
  /** Absent if the docs name none. */
  token?: string;
}

export const MNS: Family = {
  id: 'MNS_ACCESS_KEY_ID',
  secret: 'MNS_ACCESS_KEY_SECRET',
  token: 'MNS_SESSION_TOKEN',
};
export const OSS: Family = {
  id: 'OSS_ACCESS_KEY_ID',
  secret: 'OSS_ACCESS_KEY_SECRET',
  token: 'OSS_SESSION_TOKEN',
};
export const MPAAS: Family = { id: 'MPAAS_AK_ENV', secret: 'MPAAS_SK_ENV' };
export const GENERAL: Family = {
  id: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
  secret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  token: 'ALIBABA_CLOUD_SECURITY_TOKEN',
};
const FAMILIES = [MNS, OSS, MPAAS, GENERAL];

/** Names that samples and other tools use for id and secret, and that nothing here reads. */
const UNREAD: readonly [id: string, secret: string][] = [
  ['ACCESS_KEY_ID', 'ACCESS_KEY_SECRET'], // mPaaS' own sample
  ['ALICLOUD_ACCESS_KEY', 'ALICLOUD_SECRET_KEY'], // Terraform
  ['ALIBABACLOUD_ACCESS_KEY_ID', 'ALIBABACLOUD_ACCESS_KEY_SECRET'], // older SDKs
  ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET'],
];

/** Says that a family is skipped because it is not set, and names similar variables that are. */
export function notSet(family: Family, env: NodeJS.ProcessEnv): string {
  const { id, secret } = family;
  const found = UNREAD.find((names) => names.some((name) => env[name]));
  const unread = found?.filter((name) => env[name]).join(' and ');
  return `${id} and ${secret} are not set${
    unread
      ? `, and ${unread}, which ${unread.includes(' ') ? 'are' : 'is'} set, not read: name the pair ${id} and ${secret}`
      : ''
  }`;
}

/**
 * Returns a variable's value; an empty one counts as not set. Throws a CredentialsError that names the
 * variable for white space or quotes around the value (cmd keeps those of `set X="…"`).
 */
export function variable(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const value = env[name];
  if (!value) return undefined;
  requireUnpadded(name, value);
  return value;
}

/**
 * Returns the family's credential, or undefined when none of its variables is set. Throws a
 * CredentialsError (`BrokenCredentials`) that names the variables for an incomplete family, two families
 * mixed, and a token that does not belong to its id.
 */
export function readFamily(family: Family, env: NodeJS.ProcessEnv): Credentials | undefined {
  const accessKeyId = variable(family.id, env);
  const accessKeySecret = variable(family.secret, env);
  const securityToken = family.token && variable(family.token, env);
  if (!accessKeyId && !accessKeySecret && !securityToken) return undefined;
  if (!accessKeyId || !accessKeySecret) throw halfFamily(family, env);

  if (!securityToken && accessKeyId.startsWith('STS.'))
    throw broken(
      `${family.id} is a temporary id, without a security token`,
      family.token ? `set ${family.token}` : `give ${family.id} the id of a RAM user's own pair`,
    );
  if (securityToken && accessKeyId.startsWith('LTAI'))
    throw broken(
      `${family.id} is a long-term id, and ${family.token} is set`,
      `unset ${family.token}, or set all three from the same STS answer`,
    );
  return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
}

function halfFamily(family: Family, env: NodeJS.ProcessEnv): CredentialsError {
  const { id, secret, token } = family;
  const names = token === undefined ? [id, secret] : [id, secret, token];
  const set = names.filter((name) => env[name]);
  const missing = [id, secret].filter((name) => !env[name]);
  const other = FAMILIES.find(
    (one) => one !== family && Boolean(env[one.id]) !== Boolean(env[one.secret]),
  );
  if (other) {
    const found = env[other.id] ? other.id : other.secret;
    return broken(
      `${set.join(' and ')} set with ${found}, which is of another family`,
      `set ${missing.join(' and ')}, or unset ${set.join(' and ')}`,
    );
  }
  return halfSet(set, missing);
}

/** Makes the error for variables that only work together, some of which are not set. */
export function halfSet(set: string[], missing: string[]): CredentialsError {
  return broken(
    `${set.join(' and ')} set without ${missing.join(' and ')}`,
    'set all of them or none',
  );
}

function broken(message: string, remedy: string): CredentialsError {
  return new CredentialsError(message, { code: 'BrokenCredentials', remedy });
}
