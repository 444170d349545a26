import type { Credentials } from '../../auth/credentials.ts';
import { quote } from '../../errors/cut.ts';
import { InvalidInputError } from '../../errors/errors.ts';
import { objectKey } from '../bucket/object-key.ts';

/** Rules for an upload directly to OSS, whichever way it is granted. */
export interface GrantRules {
  /** Prefix of the keys: `uploads/`. */
  prefix: string;
  /** Media types, without parameters. */
  contentTypes: readonly string[];
  maxBytes: number;
  /**
   * Lifetime of the grant; an upload already started may finish. A signed URL is valid for at most 604,800
   * seconds (7 days), and nothing for longer than the credential that signed it.
   */
  expiresInSeconds: number;
  /** Whether an existing object of that key may be replaced; default false. */
  overwrite?: boolean;
  /** Called by OSS after the object is stored; the uploader gets its answer. */
  callback?: UploadCallback;
}

/** https://www.alibabacloud.com/help/en/oss/developer-reference/callback */
export interface UploadCallback {
  url: string;
  /** May use OSS's placeholders, such as the object's key and size. */
  body: string;
  contentType?: string;
}

/** What a client wants to upload. */
export interface UploadWish {
  /** The key without the prefix. */
  name: string;
  contentType: string;
  /** Bytes. */
  size: number;
}

/** The account, bucket and region that grant the upload. */
export interface Grantor {
  bucket: string;
  /** `cn-hangzhou`, without `oss-`. */
  region: string;
  credentials: Credentials;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds since the epoch; default now. */
  now?: number;
}

export interface GrantedUpload {
  key: string;
  contentType: string;
  size: number;
}

/**
 * In a policy's resource `*` and `?` are wildcards that cannot be escaped, and in a form's key
 * `${filename}` is replaced by the file's name.
 */
const SPECIAL = /[*?]|\$\{/;

/**
 * Returns the wish as it may be granted. Throws an InvalidInputError: `InvalidObjectKey`,
 * `UnsupportedMediaType`, `InvalidSize` if it is not a number of bytes, or `PayloadTooLarge`.
 */
export function checkWish(
  rules: GrantRules,
  { name, contentType, size }: UploadWish,
): GrantedUpload {
  const key = objectKey(rules.prefix, name);
  if (SPECIAL.test(name))
    throw new InvalidInputError('Object name has a *, a ? or a $ before {', {
      code: 'InvalidObjectKey',
      remedy: 'leave them out: policies and forms take them for more than themselves',
    });
  if (!rules.contentTypes.includes(contentType))
    throw new InvalidInputError(`Content type is ${quote(contentType)}`, {
      code: 'UnsupportedMediaType',
      status: 415,
      remedy: `send one of ${rules.contentTypes.join(', ')}`,
    });
  if (!Number.isSafeInteger(size) || size < 0)
    throw new InvalidInputError(`Size of the upload is ${size}`, {
      code: 'InvalidSize',
      remedy: 'give its bytes, a whole number from 0',
    });
  if (size > rules.maxBytes)
    throw new InvalidInputError(`Upload has ${size} bytes, over the limit of ${rules.maxBytes}`, {
      code: 'PayloadTooLarge',
      status: 413,
    });
  return { key, contentType, size };
}

/**
 * A callback that means none: by page 0007-00000004, in each language, an empty callbackUrl configures no
 * callback. It has a body, since OSS refuses an empty one (0007-00000011). Only these pages say so: no test
 * of Alibaba Cloud's SDKs and no recorded answer shows OSS with an empty callbackUrl, neither taken nor
 * refused.
 */
export const NO_CALLBACK = encodeCallback({ url: '', body: '{}' });

/** Encodes the callback as OSS takes it in a form field or header: base64 of its JSON. */
export function encodeCallback({ url, body, contentType }: UploadCallback): string {
  const fields = {
    callbackUrl: url,
    callbackBody: body,
    callbackBodyType: contentType ?? 'application/json',
  };
  return Buffer.from(JSON.stringify(fields)).toString('base64');
}
