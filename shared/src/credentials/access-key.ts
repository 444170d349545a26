import type { CredentialsProvider } from '../auth/credentials.ts';
import { requirePresent } from '../auth/require-present.ts';
import { CredentialsError } from '../errors/errors.ts';
import { rememberSecrets } from '../log/redact.ts';
import { parseIni } from './ini.ts';
import { readText } from './read-text.ts';

/**
 * Method 1, AccessKey pair: a long-term key of a RAM user. It does not expire; rotate it yourself, every
 * three months.
 */
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
 * `alibaba_cloud_access_key_secret`. Reads the file on each call, so that a rotated key is picked up.
 * Throws a CredentialsError that names the file and the line or key: `FileUnreadable`, `InvalidFile`,
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
