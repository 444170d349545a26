import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import OSS from 'ali-oss';
import { DrivenClock } from '#src/clock';
import type { AccessKey, AccessRequest, Authority, Decision } from '#src/identities/types';
import { fromBytes, toBytes } from '#src/oss/bytes';
import { type OssServer, startOss } from '#src/oss/server';
import type { QueryParameter } from '#src/oss/signature/request';
import { canonicalRequestV4, signingKeyV4, signV4, stringToSignV4 } from '#src/oss/signature/v4';
import { percentEncodeBytes } from '#src/percent';

export const ACCOUNT = '1234567890123456';
export const BUCKET = 'box';
const principal = {
  kind: 'account',
  accountId: ACCOUNT,
  arn: `acs:ram::${ACCOUNT}:root`,
} as const;

export const OWNER: AccessKey = {
  accessKeyId: 'LTAIowner',
  accessKeySecret: 'the-secret-of-the-owner',
  principal,
};

/** An account of a few keys; `may` decides for all of them except the owner's. */
export class TestAuthority implements Authority {
  readonly accountId = ACCOUNT;
  readonly keys = new Map([[OWNER.accessKeyId, OWNER]]);
  readonly asked: AccessRequest[] = [];
  may: (request: AccessRequest) => Decision = () => ({ allowed: true });

  findAccessKey(accessKeyId: string): AccessKey | undefined {
    return this.keys.get(accessKeyId);
  }

  authorize(key: AccessKey, request: AccessRequest): Decision {
    this.asked.push(request);
    return key === OWNER ? { allowed: true } : this.may(request);
  }

  /** Issues a temporary key. */
  issue(expiration: number): Required<AccessKey> {
    const key = {
      accessKeyId: `STS.${this.keys.size}`,
      accessKeySecret: 'a-temporary-secret',
      securityToken: 'a+token/with=signs',
      expiration,
      principal,
    };
    this.keys.set(key.accessKeyId, key);
    return key;
  }
}

export interface TestCloud {
  oss: OssServer;
  clock: DrivenClock;
  authority: TestAuthority;
  /** Returns the official SDK as the account's owner, unless options change that. */
  client(options?: Partial<OSS.Options>): Client;
  close(): Promise<void>;
}

export type Client = OSS & {
  getObjectMeta(name: string): Promise<{ status: number; res: { headers: IncomingHttpHeaders } }>;
  /** Returns the hex signature of a policy by version 4. */
  signPostObjectPolicyV4(policy: object, date: Date): string;
  getBucketStat(name: string): Promise<{ stat: Record<string, string> }>;
};

/** Starts a server with one bucket, in memory unless a folder is given. */
export async function startTestCloud(
  data?: string,
  options: { sync?: boolean } = {},
): Promise<TestCloud> {
  const clock = new DrivenClock();
  const authority = new TestAuthority();
  const oss = await startOss({
    clock,
    authority,
    region: 'cn-hangzhou',
    ...(data && { data }),
    ...options,
  });
  await oss.service.apply({
    buckets: [{ name: BUCKET, acl: 'private', blockPublicAccess: false }],
  });
  return {
    oss,
    clock,
    authority,
    client: (options) =>
      new OSS({
        endpoint: `http://localhost:${oss.port}`,
        sldEnable: true,
        authorizationV4: true,
        region: 'oss-cn-hangzhou',
        bucket: BUCKET,
        accessKeyId: OWNER.accessKeyId,
        accessKeySecret: OWNER.accessKeySecret,
        refreshSTSTokenInterval: 1e9,
        ...options,
      }) as Client,
    close: () => oss.close(),
  };
}

export interface Exchange {
  method?: string;
  /** With query, as sent. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
  /** Returns the content of the first element of that name in the body, or in x-oss-err. */
  element(name: string): string | undefined;
}

/** Sends one request unchanged, unsigned unless the caller signed it. */
export function send(cloud: TestCloud, exchange: Exchange): Promise<Reply> {
  const { method = 'GET', path, headers = {}, body } = exchange;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const request = httpRequest(
      {
        port: cloud.oss.port,
        method,
        path,
        headers: { ...length, ...headers },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const whole = Buffer.concat(chunks);
          const error = String(response.headers['x-oss-err'] ?? '');
          const text = error ? Buffer.from(error, 'base64').toString() : whole.toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: whole,
            text,
            element: (name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1],
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

export interface Signed {
  method?: string;
  /** Empty for the service as a whole. */
  bucket?: string | undefined;
  key?: string | undefined;
  query?: Record<string, string | undefined>;
  headers?: Record<string, string>;
  body?: string | Buffer;
  as?: AccessKey;
  /** Stated time of the signature; default: the server's time. */
  time?: number;
}

/**
 * Sends one request of the account's owner in path style, signed by version 4. Header values are
 * bytes.
 */
export function sendSigned(cloud: TestCloud, signed: Signed): Promise<Reply> {
  const { method = 'GET', bucket = BUCKET, key, query = {}, body, as = OWNER } = signed;
  const timestamp = timestampOf(signed.time ?? cloud.clock.now());
  const headers: Record<string, string> = {
    'x-oss-date': timestamp,
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    ...(as.securityToken === undefined ? {} : { 'x-oss-security-token': as.securityToken }),
    ...signed.headers,
  };
  const parameters = Object.entries(query).map(([name, value]) => ({
    name: toBytes(name),
    value: value === undefined ? undefined : toBytes(value),
  }));
  const keyBytes = key === undefined ? '' : toBytes(key);
  const request = {
    method,
    bucket: bucket || undefined,
    key: keyBytes,
    query: parameters,
    headers,
  };
  const date = timestamp.slice(0, 8);
  const scope = { accessKeyId: as.accessKeyId, date, region: 'cn-hangzhou', product: 'oss' };
  const stringToSign = stringToSignV4(canonicalRequestV4(request), timestamp, scope);
  const signature = signV4(signingKeyV4(as.accessKeySecret, scope), stringToSign);
  const credential = `${as.accessKeyId}/${date}/cn-hangzhou/oss/aliyun_v4_request`;
  headers.authorization = `OSS4-HMAC-SHA256 Credential=${credential},Signature=${signature}`;
  const inPath = `${bucket && `/${bucket}`}/${percentEncodeBytes(keyBytes).replaceAll('%2F', '/')}`;
  const path = `${inPath}${queryText(parameters)}`;
  return send(cloud, { method, path, headers, ...(body === undefined ? {} : { body }) });
}

function queryText(parameters: QueryParameter[]): string {
  const pairs = parameters.map(({ name, value }) =>
    value === undefined
      ? percentEncodeBytes(name)
      : `${percentEncodeBytes(name)}=${percentEncodeBytes(value)}`,
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Formats a time as `yyyymmddTHHMMSSZ`. */
export function timestampOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** Decodes a header value of UTF-8 bytes to text. */
export function headerText(value: string | string[] | undefined): string {
  return fromBytes(String(value));
}
