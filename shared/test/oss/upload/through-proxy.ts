import { randomBytes } from 'node:crypto';
import type { Credentials } from '#src/auth/credentials';
import { OssClient } from '#src/oss/bucket/client';
import type { UploadOptions } from '#src/oss/upload/types';
import { OWNER, REGION } from '#test/local-account';
import { BUCKET, localOss } from '../local-oss.ts';
import { type Exchange, proxy } from '../proxy.ts';

export const KIB = 1024;
export const PART = 100 * KIB;
/** Three parts and a half. */
export const LARGE = randomBytes(350 * KIB);
export const SMALL = Buffer.from('small');

/** Yields pieces of uneven sizes, as a network delivers them. */
export function* pieces(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = ((size * 7) % 70_001) + 1)
    yield bytes.subarray(at, at + size);
}

export async function* slowly(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (const piece of pieces(bytes)) yield await Promise.resolve(new Uint8Array(piece));
}

/** Starts a local OSS with a client that reaches it through a proxy. Also returns what is left of uploads in it. */
export async function throughProxy(
  meddle: (exchange: Exchange) => Promise<boolean | undefined> | boolean | undefined,
  credentials: Credentials = OWNER,
) {
  const oss = await localOss();
  const seen: Exchange[] = [];
  const url = await proxy(oss.server.url, (exchange) => {
    seen.push(exchange);
    return meddle(exchange);
  });
  const env = { OSS_ENDPOINT: url };
  const client = new OssClient({ bucket: BUCKET, region: REGION, credentials, env });
  return {
    ...oss,
    direct: oss.client,
    client,
    env,
    seen,
    partsSent: () => seen.flatMap(({ part }) => part ?? []),
    left: async () => (await (await oss.client.sdk()).listUploads({ 'max-uploads': 100 })).uploads,
  };
}

export const options = (more: UploadOptions = {}): UploadOptions => ({ partSize: PART, ...more });
export const never = (): boolean => false;
export const fail = ({ response }: Exchange, status: number): boolean => {
  response.writeHead(status, { 'x-oss-request-id': 'A'.repeat(24) }).end();
  return true;
};
