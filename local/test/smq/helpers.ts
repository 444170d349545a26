import { createRequire } from 'node:module';
import { onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import type { AccessKey, AccessRequest, Authority, Decision } from '#src/identities/types';
import { type SmqOptions, type SmqServer, startSmq } from '#src/smq/server';
import { compactDate, signV2, signV4 } from '#src/smq/signature';
import { type Exchanged, exchange } from '../exchange.ts';

export const ACCOUNT = '1234567890123456';
export const NAMESPACE = 'xmlns="http://mns.aliyuncs.com/doc/v1"';

export function accessKey(overrides: Partial<AccessKey> = {}): AccessKey {
  const arn = `acs:ram::${ACCOUNT}:root`;
  const principal = { kind: 'account', accountId: ACCOUNT, arn } as const;
  return { accessKeyId: 'test-id', accessKeySecret: 'test-secret', principal, ...overrides };
}

/** Returns an account with these keys; `decide` answers for its policies. */
export function authorityOf(
  keys: AccessKey[],
  decide: (request: AccessRequest) => Decision = () => ({ allowed: true }),
): Authority {
  return {
    accountId: ACCOUNT,
    findAccessKey: (id) => keys.find((key) => key.accessKeyId === id),
    authorize: (_key, request) => decide(request),
  };
}

export interface Smq extends SmqServer {
  clock: DrivenClock;
}

/** Starts a server on a free port with a driven clock, closed when the test ends. */
export async function smqServer(options: Partial<Omit<SmqOptions, 'clock'>> = {}): Promise<Smq> {
  const clock = new DrivenClock();
  const authority = authorityOf([accessKey()]);
  const server = await startSmq({ clock, authority, region: 'cn-hangzhou', ...options });
  onTestFinished(() => server.close());
  return { ...server, clock };
}

/** Like `smqServer`, with a queue `q`. */
export async function withQueue(options: Parameters<typeof smqServer>[0] = {}): Promise<Smq> {
  const smq = await smqServer(options);
  await smq.service.createQueue('q');
  return smq;
}

/** Returns a `<Message>` with that body, which is not escaped, and more elements. */
export const message = (body: string, more = '') =>
  `<Message ${NAMESPACE}><MessageBody>${body}</MessageBody>${more}</Message>`;

export type Sent = Exchanged;

export interface SendOptions {
  body?: string | Buffer;
  headers?: Record<string, string>;
  key?: Pick<AccessKey, 'accessKeyId' | 'accessKeySecret' | 'securityToken'>;
  version?: 2 | 4;
  /** Makes the signed headers wrong. */
  tamper?(headers: Record<string, string>): void;
}

/** Sends one signed request and reads its answer. */
export async function send(
  { port, clock }: Smq,
  method: string,
  target: string,
  { body = '', headers = {}, key = accessKey(), version = 2, tamper }: SendOptions = {},
): Promise<Sent> {
  const all: Record<string, string> = {
    host: `127.0.0.1:${port}`,
    date: new Date(clock.now()).toUTCString(),
    'x-mns-version': '2015-06-06',
    'content-length': String(Buffer.byteLength(body)),
    ...(body.length > 0 && { 'content-type': 'text/xml' }),
    ...(key.securityToken && { 'security-token': key.securityToken }),
    ...headers,
  };
  all.authorization = authorization(method, target, all, key, version);
  tamper?.(all);
  return exchange(port, { method, path: target, headers: all, body });
}

/** Returns the text of the first element of that name. */
export function textOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

export function errorOf({ status, text }: Sent): string {
  return `${status} ${textOf(text, 'Code')}`;
}

function authorization(
  method: string,
  target: string,
  headers: Record<string, string>,
  key: Pick<AccessKey, 'accessKeyId' | 'accessKeySecret'>,
  version: 2 | 4,
): string {
  const request = { method, target, headers };
  const date = headers.date ?? '';
  if (version === 2) return `MNS ${key.accessKeyId}:${signV2(key.accessKeySecret, request, date)}`;
  const at = Date.parse(date);
  const scope = { day: compactDate(at).slice(0, 8), region: 'anywhere' };
  const signature = signV4(key.accessKeySecret, request, scope, at);
  return `MNS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope.day}/${scope.region}/mns/aliyun_v4_request,Signature=${signature}`;
}

interface SdkAnswer<T> {
  code: number;
  headers: Record<string, string>;
  body: T;
}

type Values = Record<string, string>;

/** The part of `@alicloud/mns` that these tests use; it has no types. */
export interface SdkClient {
  createQueue(name: string, params?: object): Promise<SdkAnswer<undefined>>;
  deleteQueue(name: string): Promise<SdkAnswer<undefined>>;
  listQueue(start?: string, limit?: number, prefix?: string): Promise<SdkAnswer<Values[]>>;
  getQueueAttributes(name: string): Promise<SdkAnswer<Values>>;
  setQueueAttributes(name: string, params: object): Promise<SdkAnswer<undefined>>;
  sendMessage(queue: string, params: object): Promise<SdkAnswer<Values>>;
  batchSendMessage(queue: string, params: object[]): Promise<SdkAnswer<Values[]>>;
  receiveMessage(queue: string, waitSeconds?: number): Promise<SdkAnswer<Values>>;
  batchReceiveMessage(
    queue: string,
    count: number,
    waitSeconds?: number,
  ): Promise<SdkAnswer<Values[]>>;
  peekMessage(queue: string): Promise<SdkAnswer<Values>>;
  batchPeekMessage(queue: string, count: number): Promise<SdkAnswer<Values[]>>;
  deleteMessage(queue: string, handle: string): Promise<SdkAnswer<undefined>>;
  batchDeleteMessage(queue: string, handles: string[]): Promise<SdkAnswer<Values[] | undefined>>;
  changeMessageVisibility(
    queue: string,
    handle: string,
    seconds: number,
  ): Promise<SdkAnswer<Values>>;
  createTopic(name: string, params?: object): Promise<SdkAnswer<undefined>>;
  listTopic(start?: string, limit?: number, prefix?: string): Promise<SdkAnswer<Values[]>>;
  getTopicAttributes(name: string): Promise<SdkAnswer<Values>>;
  setTopicAttributes(name: string, params: object): Promise<SdkAnswer<undefined>>;
  publishMessage(topic: string, params: object): Promise<SdkAnswer<Values>>;
}

export function sdkClient(server: SmqServer, key: Partial<AccessKey> = {}): SdkClient {
  const require = createRequire(import.meta.url);
  const Client: new (
    account: string,
    options: object,
  ) => SdkClient = require('@alicloud/mns/lib/client.js');
  const { accessKeyId, accessKeySecret, securityToken } = accessKey(key);
  const options = { accessKeyId, accessKeySecret, securityToken, endpoint: server.url };
  return new Client(ACCOUNT, options);
}
