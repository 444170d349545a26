import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type { default as Fc3Client } from '@alicloud/fc20230330';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import { describe, expect, it } from 'vitest';
import { signFc } from '#local/fc/api/signature';
import { signAcs3 } from '#local/openapi/signature/acs3';
import type { HttpTriggerSpec } from '#local/project/types';
import { until } from '#test/until';
import { ACCOUNT, REGION, startWithServices } from '../services.ts';

const require = createRequire(import.meta.url);
/** Both official SDKs are CommonJS; the older has no types. */
const Fc3: { default: typeof Fc3Client } & Record<
  'InvokeFunctionRequest' | 'InvokeFunctionHeaders',
  new (
    fields: object,
  ) => never
> = require('@alicloud/fc20230330');
const Fc2: new (
  account: string,
  config: object,
) => {
  invokeFunction(
    service: string,
    name: string,
    event: string,
    headers?: object,
    qualifier?: string,
  ): Promise<{ headers: Record<string, string>; data: string }>;
} = require('@alicloud/fc2');

const ALICE = { accessKeyId: 'LTAI-alice', accessKeySecret: 'alice-secret' };
const ECHO = `exports.handler = async (event, context) => {
  console.log('ran'); if (String(event) === 'fail') throw new Error('no stock');
  return 'you sent ' + event; };`;

/** A function, and a user who may do what `resource` says, `*` being everything. */
async function start(resource = '*', triggers: HttpTriggerSpec[] = []) {
  const services = await startWithServices();
  const { deploy, identities, runtime } = services;
  await deploy(ECHO, { triggers });
  const statement = { Effect: 'Allow', Action: ['fc:InvokeFunction'], Resource: [resource] };
  const policy = { name: 'invoke', document: { Version: '1', Statement: [statement] } };
  identities.defineUser({ name: 'alice', ...ALICE, policies: [policy] });
  identities.defineRole({
    name: 'caller',
    trust: {
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['fc.aliyuncs.com'] } },
      ],
    },
    policies: [policy],
  });
  const temporary = identities.assumeRole({
    role: 'caller',
    sessionName: 'test',
    durationSeconds: 3600,
  });
  return { ...services, temporary, url: runtime.url };
}

type Keys = { accessKeyId: string; accessKeySecret: string; securityToken?: string };

async function invoke3(url: string, keys: Keys, event: string, headers = {}, name = 'sample') {
  const config = new $OpenApiUtil.Config({
    ...keys,
    endpoint: url.replace('http://', ''),
    protocol: 'http',
    regionId: REGION,
  });
  const client = new Fc3.default(config as never);
  const answer = await client.invokeFunctionWithOptions(
    name,
    new Fc3.InvokeFunctionRequest({ body: Readable.from([Buffer.from(event)]) }),
    new Fc3.InvokeFunctionHeaders(headers),
    {} as never,
  );
  const chunks: Buffer[] = [];
  if (answer.body) for await (const chunk of answer.body) chunks.push(Buffer.from(chunk));
  return { ...answer, text: Buffer.concat(chunks).toString() };
}

function client2(url: string, { accessKeyId, ...keys }: Keys) {
  return new Fc2(ACCOUNT, { accessKeyID: accessKeyId, ...keys, region: REGION, endpoint: url });
}

describe('@alicloud/fc20230330', () => {
  it('invokes a function, with a pair and with a temporary credential', async () => {
    const { url, temporary } = await start();
    for (const keys of [ALICE, temporary]) {
      const { statusCode, headers, text } = await invoke3(url, keys, 'hello');
      expect([statusCode, text]).toEqual([200, 'you sent hello']);
      expect(headers?.['x-fc-request-id']).toMatch(/^1-/);
    }
  });

  it('gets the error of a function with status 200, and its log when it asks for the tail', async () => {
    const { url } = await start();
    const { statusCode, headers, text } = await invoke3(url, ALICE, 'fail', { xFcLogType: 'Tail' });
    expect(statusCode).toBe(200);
    expect(headers?.['x-fc-error-type']).toBe('UnhandledInvocationError');
    expect(JSON.parse(text)).toMatchObject({ errorMessage: 'no stock', errorType: 'Error' });
    const log = Buffer.from(headers?.['x-fc-log-result'] ?? '', 'base64').toString();
    expect(log).toMatch(/ \[info\] ran\n/);
  });

  it('invokes asynchronously: 202 at once, retries later', async () => {
    const { url, printed } = await start();
    const { statusCode, headers, text } = await invoke3(url, ALICE, 'fail', {
      xFcInvocationType: 'Async',
    });
    expect([statusCode, text]).toEqual([202, '']);
    const line = await printed('retry 1 of 3');
    expect(line.requestId).toBe(headers?.['x-fc-request-id']);
  });

  it('is refused what the policy does not allow, and is told which function is not there', async () => {
    const { url } = await start(`acs:fc:${REGION}:${ACCOUNT}:functions/other`);
    await expect(invoke3(url, ALICE, 'x')).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(invoke3(url, ALICE, 'x', {}, 'other')).rejects.toMatchObject({
      code: 'FunctionNotFound',
      statusCode: 404,
    });
  });

  it.each([
    ['an unknown key', { ...ALICE, accessKeyId: 'LTAI-nobody' }, 'InvalidAccessKeyID'],
    ['a wrong secret', { ...ALICE, accessKeySecret: 'wrong' }, 'SignatureNotMatch'],
    ['a token that is none', { ...ALICE, securityToken: 'x' }, 'InvalidSecurityToken'],
  ])('is refused with %s', async (_, keys, code) => {
    const { url } = await start();
    await expect(invoke3(url, keys, 'x')).rejects.toMatchObject({ code, statusCode: 403 });
  });

  it('is refused a temporary credential without its token, and once it has expired', async () => {
    const { url, temporary, clock } = await start();
    const { securityToken: _, ...bare } = temporary;
    await expect(invoke3(url, bare, 'x')).rejects.toMatchObject({ code: 'InvalidSecurityToken' });
    await clock.advance(3_600_000);
    await expect(invoke3(url, temporary, 'x')).rejects.toMatchObject({
      code: 'SecurityTokenExpired',
    });
  });
});

describe('@alicloud/fc2', () => {
  it('invokes a function by service and name, with a pair and with a temporary credential', async () => {
    const { url, temporary } = await start(
      `acs:fc:${REGION}:${ACCOUNT}:services/shop/functions/sample`,
    );
    for (const keys of [ALICE, temporary])
      expect((await client2(url, keys).invokeFunction('shop', 'sample', 'hello')).data).toBe(
        'you sent hello',
      );
    await expect(client2(url, ALICE).invokeFunction('other', 'sample', 'x')).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('gets the error of a function as data, with its type in a header', async () => {
    const { url } = await start();
    const { headers, data } = await client2(url, ALICE).invokeFunction('shop', 'sample', 'fail');
    expect(headers['x-fc-error-type']).toBe('UnhandledInvocationError');
    expect(JSON.parse(data).errorMessage).toBe('no stock');
  });

  it('invokes asynchronously', async () => {
    const { url, lines } = await start();
    const headers = { 'x-fc-invocation-type': 'Async' };
    const { data } = await client2(url, ALICE).invokeFunction('shop', 'sample', 'x', headers);
    expect(data).toBe('');
    await until(() => lines.some(({ text }) => text.endsWith('ran')));
  });

  it.each([
    ['a wrong secret', { ...ALICE, accessKeySecret: 'wrong' }, 'SignatureNotMatch'],
    ['an unknown key', { ...ALICE, accessKeyId: 'LTAI-nobody' }, 'InvalidAccessKeyID'],
  ])('is refused with %s, in the form of 2.0', async (_, keys, code) => {
    const { url } = await start();
    const refusal = client2(url, keys).invokeFunction('shop', 'sample', 'x');
    await expect(refusal).rejects.toMatchObject({ code, name: `FC${code}Error` });
  });

  it.each([
    ['1', 'VersionNotFound'],
    ['prod', 'AliasNotFound'],
  ])('is told that there is no qualifier %s', async (qualifier, code) => {
    const { url } = await start();
    const refusal = client2(url, ALICE).invokeFunction('shop', 'sample', 'x', {}, qualifier);
    await expect(refusal).rejects.toMatchObject({ code });
  });
});

describe('a request by hand', () => {
  const path = '/2016-08-15/services/s/functions/sample/invocations';
  const signed = (date: string, headers: Record<string, string> = {}) => {
    const all: Record<string, string> = { date, ...headers };
    const signature = signFc(ALICE.accessKeySecret, { method: 'POST', path, headers: all });
    return { ...all, authorization: `FC ${ALICE.accessKeyId}:${signature}` };
  };

  it.each([
    ['no signature', () => ({}), 403, 'AccessDenied'],
    ['something else in Authorization', () => ({ authorization: 'Bearer x' }), 403, 'AccessDenied'],
    ['no date', () => signed(''), 400, 'MissingRequiredHeader'],
    ['a date that is none', () => signed('yesterday'), 400, 'InvalidArgument'],
    [
      'an old date',
      () => signed(new Date(Date.now() - 16 * 60_000).toUTCString()),
      403,
      'RequestTimeTooSkewed',
    ],
    [
      'the MD5 of another body',
      () => signed(new Date().toUTCString(), { 'content-md5': 'x' }),
      400,
      'InvalidArgument',
    ],
    [
      'an async task',
      () => signed(new Date().toUTCString(), { 'x-fc-async-task-id': 't' }),
      501,
      'NotImplemented',
    ],
  ])('is refused with %s', async (_, headers, status, code) => {
    const { url } = await start();
    const response = await fetch(url + path, { method: 'POST', headers: headers() });
    expect([response.status, await response.json()]).toMatchObject([status, { ErrorCode: code }]);
  });

  it('for anything but an invocation is NotImplemented', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/2023-03-30/functions`);
    expect([response.status, await response.json()]).toMatchObject([
      501,
      { Code: 'NotImplemented' },
    ]);
  });

  it('is taken once: the same nonce again is refused', async () => {
    const { url } = await start();
    const target = '/2023-03-30/functions/sample/invocations';
    const headers: Record<string, string> = {
      host: url.replace('http://', ''),
      'x-acs-date': new Date().toISOString(),
      'x-acs-signature-nonce': 'n1',
      'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    };
    const names = Object.keys(headers).sort();
    const request = { method: 'POST', path: target, query: [], headers };
    const signature = signAcs3(ALICE.accessKeySecret, request, names);
    headers.authorization = `ACS3-HMAC-SHA256 Credential=${ALICE.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
    const send = () => fetch(url + target, { method: 'POST', headers });
    expect((await send()).status).toBe(200);
    expect(await (await send()).json()).toMatchObject({ Code: 'SignatureNonceUsed' });
  });
});

describe('an HTTP trigger with authType function', () => {
  const web: HttpTriggerSpec = {
    type: 'http',
    name: 'web',
    authType: 'function',
    methods: ['GET', 'POST'],
  };

  /** Signed as the documentation shows it for HTTP triggers: the date and the token, and no hash of the body. */
  async function send(url: string, keys: Keys, path = '/sample/orders?b=2&a=1') {
    const headers: Record<string, string> = {
      'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      ...(keys.securityToken && { 'x-acs-security-token': keys.securityToken }),
    };
    const [pathname = '', query = ''] = path.split('?');
    const names = Object.keys(headers).sort();
    const request = { method: 'POST', path: pathname, query: new URLSearchParams(query), headers };
    const signature = signAcs3(keys.accessKeySecret, request, names);
    headers.authorization = `ACS3-HMAC-SHA256 Credential=${keys.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
    return fetch(url + path, { method: 'POST', headers, body: 'hello' });
  }

  it('takes a signed request of who may invoke the function', async () => {
    const { url, temporary } = await start(`acs:fc:${REGION}:${ACCOUNT}:functions/dev-sample`, [
      web,
    ]);
    for (const keys of [ALICE, temporary]) {
      const response = await send(url, keys);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('"rawPath":"/orders"');
    }
  });

  it('refuses one without a signature, with a wrong one, and of who may not', async () => {
    const { url } = await start('acs:fc:*:*:functions/other', [web]);
    const answers = [
      await fetch(`${url}/sample/`),
      await send(url, { ...ALICE, accessKeySecret: 'wrong' }),
      await send(url, ALICE),
    ];
    const codes = answers.map(async (one) => {
      const told: { Code?: string } = JSON.parse(await one.text());
      return [one.status, told.Code];
    });
    expect(await Promise.all(codes)).toEqual([
      [403, 'AccessDenied'],
      [403, 'SignatureNotMatch'],
      [403, 'AccessDenied'],
    ]);
  });
});
