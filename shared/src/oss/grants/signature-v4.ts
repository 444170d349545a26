import { createHash, createHmac } from 'node:crypto';
import { systemClock } from '../../clock/clock.ts';
import { rememberSecrets } from '../../log/redact.ts';
import type { Grantor } from './rules.ts';

const ALGORITHM = 'OSS4-HMAC-SHA256';

/** What every OSS signature of version 4 is made with. */
export interface SigningV4 {
  algorithm: typeof ALGORITHM;
  /** `yyyymmddTHHMMSSZ`. */
  date: string;
  /** `<access key id>/<scope>`. */
  credential: string;
  securityToken: string | undefined;
  /** Returns the hex HMAC of a text, such as a form's base64 policy. */
  sign(text: string): string;
  /** Returns the hex HMAC of a canonical request. */
  signRequest(canonicalRequest: string): string;
}

export function signingV4({ credentials, region, now = systemClock.now() }: Grantor): SigningV4 {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  rememberSecrets(accessKeySecret, securityToken);
  const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const steps = [date.slice(0, 8), region, 'oss', 'aliyun_v4_request'];
  const scope = steps.join('/');
  const key = steps.reduce<string | Buffer>(hmac, `aliyun_v4${accessKeySecret}`);
  const sign = (text: string) => hmac(key, text).toString('hex');
  return {
    algorithm: ALGORITHM,
    date,
    credential: `${accessKeyId}/${scope}`,
    securityToken,
    sign,
    signRequest: (canonicalRequest) =>
      sign([ALGORITHM, date, scope, sha256(canonicalRequest)].join('\n')),
  };
}

/** Encodes every byte except letters, digits and `-_.~` as %XX. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
