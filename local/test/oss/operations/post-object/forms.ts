import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import type { AccessKey } from '#src/identities/types';
import { signingKeyV4, signV4 } from '#src/oss/signature/v4';
import { BUCKET, OWNER, type Reply, send, type TestCloud, timestampOf } from '../../helpers.ts';

export const HOUR = 60 * 60_000;
export const BOUNDARY = '----form-7d9';

interface Part {
  name: string;
  value: string | Buffer;
  head?: string;
}

export const file = (
  value: string | Buffer = 'content',
  filename = 'photo.jpg',
  type = 'image/jpeg',
): Part => ({
  name: 'file',
  value,
  head: `; filename="${filename}"\r\nContent-Type: ${type}`,
});

export function encode(parts: Part[]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(({ name, value, head = '' }) => [
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${head}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
}

interface Signing {
  as?: AccessKey;
  conditions?: unknown[];
  expiration?: string;
  /** Replaces the whole policy. */
  document?: unknown;
  time?: number;
}

export const encodePolicy = (document: unknown) =>
  Buffer.from(JSON.stringify(document)).toString('base64');

export const outcome = (reply: Reply) => [reply.status, reply.element('Code'), reply.element('EC')];

const anHourAfter = (now: number) => new Date(now + HOUR).toISOString();

function signedV1(
  now: number,
  { as = OWNER, conditions = [{ bucket: BUCKET }], expiration, document }: Signing = {},
) {
  const policy = encodePolicy(
    document ?? { expiration: expiration ?? anHourAfter(now), conditions },
  );
  return {
    OSSAccessKeyId: as.accessKeyId,
    policy,
    Signature: createHmac('sha1', as.accessKeySecret).update(policy).digest('base64'),
    ...(as.securityToken && { 'x-oss-security-token': as.securityToken }),
  };
}

function signedV4(
  now: number,
  { as = OWNER, conditions = [], time = now, document }: Signing = {},
) {
  const timestamp = timestampOf(time);
  const date = timestamp.slice(0, 8);
  const scope = { accessKeyId: as.accessKeyId, date, region: 'cn-hangzhou', product: 'oss' };
  const fields = {
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${as.accessKeyId}/${date}/cn-hangzhou/oss/aliyun_v4_request`,
    'x-oss-date': timestamp,
    ...(as.securityToken && { 'x-oss-security-token': as.securityToken }),
  };
  const policy = encodePolicy(
    document ?? {
      expiration: anHourAfter(now),
      conditions: [
        ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
        ...conditions,
      ],
    },
  );
  return {
    ...fields,
    policy,
    'x-oss-signature': signV4(signingKeyV4(as.accessKeySecret, scope), policy),
  };
}

function postBody(
  cloud: TestCloud,
  body: Buffer,
  contentType = `multipart/form-data; boundary=${BOUNDARY}`,
): Promise<Reply> {
  return send(cloud, {
    method: 'POST',
    path: `/${BUCKET}/`,
    headers: { 'content-type': contentType },
    body,
  });
}

/**
 * Returns forms for the running test's cloud, signed by its clock, and reads what they leave in its
 * bucket.
 */
export function formsFor(cloud: () => TestCloud) {
  const now = () => cloud().clock.now();
  return {
    inAnHour: () => anHourAfter(now()),
    signedV1: (signing?: Signing) => signedV1(now(), signing),
    signedV4: (signing?: Signing) => signedV4(now(), signing),
    post: (fields: Record<string, string>, last: Part[] = [file()]) =>
      postBody(
        cloud(),
        encode([...Object.entries(fields).map(([name, value]) => ({ name, value })), ...last]),
      ),
    postBody: (body: Buffer, contentType?: string) => postBody(cloud(), body, contentType),
    stored: (key: string) => cloud().oss.service.objects.find({ bucket: BUCKET, key }),
    nothingStored: () => expect(cloud().oss.service.listObjects(BUCKET)).toEqual([]),
  };
}
