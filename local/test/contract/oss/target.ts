import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import OSS from 'ali-oss';
import { realClock } from '#src/clock';
import { toBytes } from '#src/oss/bytes';
import { startOss } from '#src/oss/server';
import { canonicalRequestV4, signingKeyV4, signV4, stringToSignV4 } from '#src/oss/signature/v4';
import { percentEncodeBytes } from '#src/percent';

/**
 * What the contract is checked against: the local OSS, or a real account when these are set:
 * OSS_CONTRACT_ENDPOINT (https://oss-cn-hangzhou.aliyuncs.com), OSS_CONTRACT_BUCKET,
 * OSS_CONTRACT_ACCESS_KEY_ID and OSS_CONTRACT_ACCESS_KEY_SECRET. Everything is written under a
 * separate prefix, which is emptied in the end, and in a bucket that is created and removed again;
 * the settings of the given bucket are not changed there.
 */
export interface Target {
  /** Whether it is a real account. */
  real: boolean;
  bucket: string;
  region: string;
  accessKeyId: string;
  accessKeySecret: string;
  client: Client;
  /** Returns the key under the prefix of this run. */
  key(name: string): string;
  send(request: ContractRequest): Promise<Reply>;
  close(): Promise<void>;
}

/** The client, with methods that its types omit. */
export type Client = Omit<OSS, 'listParts'> & {
  getObjectTagging(name: string): Promise<{ tag: Record<string, string> }>;
  putObjectTagging(name: string, tag: Record<string, string>): Promise<unknown>;
  deleteObjectTagging(name: string): Promise<unknown>;
  listParts(name: string, uploadId: string): Promise<{ parts: unknown[] }>;
};

export interface ContractRequest {
  method?: string;
  bucket?: string;
  /** Sent unchanged: see `Target.key`. */
  key?: string;
  query?: Record<string, string | undefined>;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** False for no signature; otherwise the differences from a correct signature. */
  sign?: false | { secret?: string; id?: string; region?: string; time?: number };
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Returns the content of the first element of that name in the body, or in x-oss-err. */
  element(name: string): string | undefined;
}

interface Place {
  /** Where to connect, and whether the bucket goes into the host. */
  url: URL;
  inHost: boolean;
  bucket: string;
  region: string;
  accessKeyId: string;
  accessKeySecret: string;
}

const { env } = process;
export const REAL = env.OSS_CONTRACT_ENDPOINT !== undefined;

export async function startTarget(): Promise<Target> {
  const { place, stop } = REAL ? realPlace() : await localPlace();
  const { bucket, region, accessKeyId, accessKeySecret, url } = place;
  const prefix = `fc-templates-contract/${randomBytes(6).toString('hex')}/`;
  const client = new OSS({
    endpoint: place.inHost ? url.origin : `http://localhost:${url.port}`,
    ...(!place.inHost && { sldEnable: true }),
    region: `oss-${region}`,
    authorizationV4: true,
    bucket,
    accessKeyId,
    accessKeySecret,
  }) as unknown as Client;
  return {
    real: REAL,
    bucket,
    region,
    accessKeyId,
    accessKeySecret,
    client,
    key: (name) => `${prefix}${name}`,
    send: (request) => exchange(place, request),
    async close() {
      if (REAL) await empty(client, prefix);
      await stop();
    },
  };
}

function realPlace(): { place: Place; stop: () => Promise<void> } {
  const wanted = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`Set ${name} as well`);
    return value;
  };
  const url = new URL(wanted('OSS_CONTRACT_ENDPOINT'));
  const region = /oss-([a-z0-9-]+?)(?:-internal)?\./.exec(url.hostname)?.[1];
  if (!region) throw new Error(`OSS_CONTRACT_ENDPOINT "${url}" names no region`);
  return {
    place: {
      url,
      inHost: true,
      region,
      bucket: wanted('OSS_CONTRACT_BUCKET'),
      accessKeyId: wanted('OSS_CONTRACT_ACCESS_KEY_ID'),
      accessKeySecret: wanted('OSS_CONTRACT_ACCESS_KEY_SECRET'),
    },
    stop: async () => {},
  };
}

async function localPlace(): Promise<{ place: Place; stop: () => Promise<void> }> {
  const principal = { kind: 'account', accountId: '1', arn: 'acs:ram::1:root' } as const;
  const pair = { accessKeyId: 'contract', accessKeySecret: 'contract-secret', principal };
  const server = await startOss({
    clock: realClock,
    authority: {
      accountId: '1',
      findAccessKey: (id) => (id === pair.accessKeyId ? pair : undefined),
      authorize: () => ({ allowed: true }),
    },
    region: 'cn-hangzhou',
  });
  await server.service.apply({ buckets: [{ name: 'contract', acl: 'private' }] });
  const place = {
    ...pair,
    url: new URL(server.url),
    inHost: false,
    bucket: 'contract',
    region: 'cn-hangzhou',
  };
  return { place, stop: () => server.close() };
}

async function empty(client: Client, prefix: string): Promise<void> {
  for (;;) {
    const { objects } = await client.listV2({ prefix, 'max-keys': '1000' }, {});
    if (!objects?.length) break;
    await client.deleteMulti(objects.map(({ name }) => name));
  }
  const { uploads = [] } = await client.listUploads({ prefix, 'max-uploads': 1000 });
  for (const { name, uploadId } of uploads) await client.abortMultipartUpload(name, uploadId);
}

function exchange(place: Place, wanted: ContractRequest): Promise<Reply> {
  const { method = 'GET', bucket = place.bucket, key = '', query = {}, body } = wanted;
  const { url, inHost } = place;
  const parameters = Object.entries(query).map(([name, value]) => ({
    name,
    value: value === undefined ? undefined : toBytes(value),
  }));
  const pairs = parameters.map(({ name, value }) =>
    value === undefined ? name : `${name}=${percentEncodeBytes(value)}`,
  );
  const keyBytes = toBytes(key);
  const path = `${inHost ? '' : `/${bucket}`}/${percentEncodeBytes(keyBytes).replaceAll('%2F', '/')}`;
  const headers: Record<string, string> = {
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    ...wanted.headers,
  };
  if (wanted.sign !== false) {
    const { id = place.accessKeyId, secret = place.accessKeySecret } = wanted.sign ?? {};
    const { region = place.region, time = Date.now() } = wanted.sign ?? {};
    const timestamp = `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    const date = timestamp.slice(0, 8);
    headers['x-oss-date'] = timestamp;
    headers['x-oss-content-sha256'] = 'UNSIGNED-PAYLOAD';
    const scope = { accessKeyId: id, date, region, product: 'oss' };
    const canonical = canonicalRequestV4({
      method,
      bucket,
      key: keyBytes,
      query: parameters,
      headers,
    });
    const signature = signV4(
      signingKeyV4(secret, scope),
      stringToSignV4(canonical, timestamp, scope),
    );
    headers.authorization = `OSS4-HMAC-SHA256 Credential=${id}/${date}/${region}/oss/aliyun_v4_request,Signature=${signature}`;
  }
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(
      {
        host: inHost ? `${bucket}.${url.hostname}` : url.hostname,
        port: url.port || undefined,
        method,
        path: pairs.length === 0 ? path : `${path}?${pairs.join('&')}`,
        headers,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(reply(response.statusCode, response.headers, chunks)));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function reply(status = 0, headers: IncomingHttpHeaders, chunks: Buffer[]): Reply {
  const body = Buffer.concat(chunks);
  const error = String(headers['x-oss-err'] ?? '');
  const text = error ? Buffer.from(error, 'base64').toString() : body.toString();
  const element = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return { status, headers, body, element };
}
