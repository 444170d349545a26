import { readFile } from 'node:fs/promises';
import { CredentialsError } from '../errors.ts';
import { rememberSecrets } from '../redact.ts';
import { parseIni } from './ini.ts';
import type { CredentialsProvider } from './types.ts';

/** Method 1, AccessKey pair: a long-term key of a RAM user. Does not expire; rotate it yourself, every three months. */
export function accessKey(pair: {
  accessKeyId: string;
  accessKeySecret: string;
}): CredentialsProvider {
  const { accessKeyId, accessKeySecret } = pair;
  requirePresent('AccessKey pair', { accessKeyId, accessKeySecret });
  rememberSecrets(accessKeySecret);
  return { getCredentials: async () => ({ accessKeyId, accessKeySecret }) };
}

const SECTION = 'credentials';
const ID = 'alibaba_cloud_access_key_id';
const SECRET = 'alibaba_cloud_access_key_secret';

/**
 * Method 1 from a `config.ini`: section `[credentials]` with `alibaba_cloud_access_key_id` and
 * `alibaba_cloud_access_key_secret`. Read on each call, so that a rotated key is taken up. Throws a
 * CredentialsError naming the file and the line or key: `FileUnreadable`, `InvalidFile`,
 * `MissingCredentials`.
 */
export function accessKeyFile(path: string): CredentialsProvider {
  return {
    async getCredentials() {
      const section = parseIni(await readText(path), path).get(SECTION);
      if (!section)
        throw new CredentialsError(`${path} has no section [${SECTION}]`, {
          code: 'InvalidFile',
          remedy: `put ${ID} and ${SECRET} under [${SECTION}]`,
        });
      const accessKeyId = section.get(ID) ?? '';
      const accessKeySecret = section.get(SECRET) ?? '';
      requirePresent(path, { [ID]: accessKeyId, [SECRET]: accessKeySecret });
      rememberSecrets(accessKeySecret);
      return { accessKeyId, accessKeySecret };
    },
  };
}

/** Throws `MissingCredentials` that names each blank value. */
export function requirePresent(where: string, values: Record<string, string>): void {
  const missing = Object.keys(values).filter((name) => !values[name]?.trim());
  if (missing.length === 0) return;
  throw new CredentialsError(`${where} lacks ${missing.join(', ')}`, {
    code: 'MissingCredentials',
    remedy: 'give every one of them',
  });
}

/** A text file, or a CredentialsError (`FileUnreadable`) that says which and why. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CredentialsError(`${path} cannot be read (${code})`, {
      code: 'FileUnreadable',
      cause,
      remedy: 'check the path and its permissions',
    });
  }
}
