import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { onTestFinished } from 'vitest';
import { realClock } from '#src/clock';
import { startSmq } from '#src/smq/server';
import { signV2 } from '#src/smq/signature';
import { accessKey, authorityOf } from '#test/smq/helpers';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface RequestOptions {
  body?: string;
  headers?: Record<string, string>;
  /** Changes the headers after signing. */
  tamper?(headers: Record<string, string>): void;
}

/** The service that the contract is checked against. */
export interface Target {
  endpoint: string;
  call(method: string, target: string, options?: RequestOptions): Promise<Answer>;
  /**
   * Returns a unique name. A resource created under it at `/queues/` or `/topics/` is deleted when
   * the test ends.
   */
  name(kind: 'queues' | 'topics'): string;
  /** Creates a queue for this test. */
  queue(attributes?: string): Promise<string>;
  /** Creates a topic for this test. */
  topic(): Promise<string>;
}

/** True when the contract is checked against a real account: SMQ_CONTRACT_ENDPOINT is set, with SMQ_CONTRACT_ACCESS_KEY_ID, _SECRET and, for a temporary key, _TOKEN. */
export const isRemote = Boolean(process.env.SMQ_CONTRACT_ENDPOINT);

export async function smqTarget(): Promise<Target> {
  const { endpoint, key } = isRemote ? remote() : await local();
  const target: Target = {
    endpoint,
    call: (method, path, options = {}) => call(endpoint, key, method, path, options),
    name(kind) {
      const name = `contract-${randomBytes(6).toString('hex')}`;
      onTestFinished(async () => void (await target.call('DELETE', `/${kind}/${name}`)));
      return name;
    },
    async queue(attributes = '') {
      const name = target.name('queues');
      await made(target.call('PUT', `/queues/${name}`, { body: `<Queue>${attributes}</Queue>` }));
      return name;
    },
    async topic() {
      const name = target.name('topics');
      await made(target.call('PUT', `/topics/${name}`, { body: '<Topic/>' }));
      return name;
    },
  };
  return target;
}

interface Key {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
}

function remote(): { endpoint: string; key: Key } {
  const {
    SMQ_CONTRACT_ENDPOINT: endpoint = '',
    SMQ_CONTRACT_ACCESS_KEY_ID: accessKeyId,
    SMQ_CONTRACT_ACCESS_KEY_SECRET: accessKeySecret,
    SMQ_CONTRACT_ACCESS_KEY_TOKEN: securityToken,
  } = process.env;
  if (!accessKeyId || !accessKeySecret)
    throw new Error(
      'SMQ_CONTRACT_ENDPOINT is set without a key pair; set SMQ_CONTRACT_ACCESS_KEY_ID and SMQ_CONTRACT_ACCESS_KEY_SECRET',
    );
  return {
    endpoint: new URL(endpoint).origin,
    key: { accessKeyId, accessKeySecret, securityToken },
  };
}

async function local(): Promise<{ endpoint: string; key: Key }> {
  const authority = authorityOf([accessKey()]);
  const server = await startSmq({ clock: realClock, authority, region: 'cn-hangzhou' });
  onTestFinished(() => server.close());
  return { endpoint: server.url, key: accessKey() };
}

async function made(answer: Promise<Answer>): Promise<void> {
  const { status, text } = await answer;
  if (status !== 201) throw new Error(`Could not be made: ${status} ${text}`);
}

function call(
  endpoint: string,
  key: Key,
  method: string,
  path: string,
  { body = '', headers = {}, tamper }: RequestOptions,
): Promise<Answer> {
  const { protocol, hostname, port, host } = new URL(endpoint);
  const all: Record<string, string> = {
    host,
    date: new Date().toUTCString(),
    'x-mns-version': '2015-06-06',
    'content-length': String(Buffer.byteLength(body)),
    ...(body && { 'content-type': 'text/xml' }),
    ...(key.securityToken && { 'security-token': key.securityToken }),
    ...headers,
  };
  const signed = { method, target: path, headers: all };
  const signature = signV2(key.accessKeySecret, signed, all.date ?? '');
  all.authorization = `MNS ${key.accessKeyId}:${signature}`;
  tamper?.(all);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send({ hostname, port, method, path, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, text: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Returns the text of the first element of that name. */
export function element(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
}

/** Returns the names of the elements in order, the root first. */
export function elements(xml: string): string[] {
  return [...xml.matchAll(/<([A-Z]\w*)/g)].map(([, name = '']) => name);
}

export const message = (body: string, more = '') =>
  `<Message xmlns="http://mns.aliyuncs.com/doc/v1/"><MessageBody>${body}</MessageBody>${more}</Message>`;
