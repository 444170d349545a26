import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '#src/clock/clock';
import { accessKey } from '#src/credentials/access-key';
import { credentialsUri } from '#src/credentials/credentials-uri';
import { ecsRamRole } from '#src/credentials/ecs-ram-role';
import { fetchText, parseCredentials } from '#src/credentials/fetch-credentials';
import { ramRoleArn } from '#src/credentials/ram-role-arn';
import { oddServer, reply, silentServer } from '#test/odd-server';

const SECRET = 'do-not-print-me';
const json = { 'content-type': 'application/json' };
const whole = {
  Code: 'Success',
  AccessKeyId: 'STS.a',
  AccessKeySecret: SECRET,
  SecurityToken: 'token-of-the-source',
  Expiration: '2999-01-01T00:00:00Z',
};
const answer = (change: object) => reply(200, json, JSON.stringify({ ...whole, ...change }));
const failing = async (listener: Parameters<typeof oddServer>[0]) => {
  const uri = `${await oddServer(listener)}/?key=${SECRET}`;
  return credentialsUri({ uri })
    .getCredentials()
    .catch((error: Error) => error);
};

it.each([
  [
    'HTML',
    reply(200, { 'content-type': 'text/html' }, '<html>log in</html>'),
    'CredentialsUnavailable',
    /HTML or XML/,
  ],
  ['nothing', reply(200, json, ''), 'CredentialsUnavailable', /not a JSON object/],
  ['a list', reply(200, json, '"x"'), 'CredentialsUnavailable', /not a JSON object/],
  ['a refusal', answer({ Code: 'Failed' }), 'CredentialsUnavailable', /Code "Failed"/],
  ['a 400', reply(400, json, SECRET), 'CredentialsUnavailable', /answered 400(?!, a redirect)/],
  ['a 500', reply(500, json, SECRET), 'CredentialsUnavailable', /answered 500/],
  ['no secret', answer({ AccessKeySecret: '' }), 'InvalidCredentials', /without AccessKeyId/],
  ['no date', answer({ Expiration: 'soon' }), 'InvalidCredentials', /without Expiration/],
  [
    'an expired credential',
    answer({ Expiration: '2001-01-01T00:00:00Z' }),
    'ExpiredCredentials',
    /expired at 2001/,
  ],
])(
  'a source that answers %s is a typed error with a remedy and no secret',
  async (_, listener, code, message) => {
    const error = await failing(listener);
    expect(error).toMatchObject({
      name: 'CredentialsError',
      code,
      message: expect.stringMatching(message),
      remedy: expect.any(String),
    });
    expect(`${String(error)}${(error as Error).stack}${JSON.stringify(error)}`).not.toContain(
      SECRET,
    );
  },
);

it.each([300, 301, 302, 303, 307, 308, 399])(
  'a redirect with %i is not followed, and no header is passed on',
  async (status) => {
    const reached: string[] = [];
    const other = await oddServer((request, response) => {
      reached.push(JSON.stringify(request.headers));
      response.end(JSON.stringify(whole));
    });
    const redirecting = reply(status, { location: `${other}/role` }, '');
    expect(await failing(redirecting)).toMatchObject({
      code: 'CredentialsUnavailable',
      message: expect.stringMatching(`answered ${status}, a redirect, which is not followed`),
    });
    const endpoint = await oddServer((request, response) => {
      if (request.method === 'PUT') return response.end('session-token');
      return redirecting(request, response);
    });
    await expect(ecsRamRole({ endpoint, roleName: 'r' }).getCredentials()).rejects.toMatchObject({
      code: 'CredentialsUnavailable',
    });
    expect(reached).toEqual([]);
  },
);

describe.each(['Asia/Shanghai', 'America/New_York'])('in the zone %s', (zone) => {
  it.each([
    ['2999-01-01T00:00:00Z', '2999-01-01T00:00:00.000Z'],
    ['2999-01-01T00:00:00', '2999-01-01T00:00:00.000Z'],
    ['2999-01-01 00:00:00', '2999-01-01T00:00:00.000Z'],
    ['2999-01-01T08:00:00.5+08:00', '2999-01-01T00:00:00.500Z'],
    ['Jan 1 2999 00:00:00', undefined],
    ['2999-13-01T00:00:00', undefined],
    ['2999', undefined],
    [253402300799000, undefined],
  ])('an Expiration of %j is %s', async (Expiration, expected) => {
    vi.stubEnv('TZ', zone);
    onTestFinished(() => void vi.unstubAllEnvs());
    const STS_ENDPOINT = await oddServer(
      reply(200, json, JSON.stringify({ Credentials: { ...whole, Expiration } })),
    );
    const uri = await oddServer(answer({ Expiration }));
    const base = accessKey({ accessKeyId: 'LTAIx', accessKeySecret: SECRET });
    const role = {
      base,
      roleArn: 'acs:ram::1:role/r',
      region: 'cn-hangzhou',
      env: { STS_ENDPOINT },
    };
    for (const provider of [credentialsUri({ uri }), ramRoleArn(role)]) {
      const { expiration } = await provider
        .getCredentials()
        .catch((): { expiration?: number } => ({}));
      expect(expiration && new Date(expiration).toISOString()).toBe(expected);
    }
  });
});

it('a source that hangs is abandoned after its time limit', async () => {
  const { url } = await silentServer();
  const error = await ecsRamRole({ endpoint: url, timeoutMs: 50 })
    .getCredentials()
    .catch((thrown: Error) => thrown);
  expect(error).toMatchObject({
    code: 'CredentialsUnavailable',
    message: expect.stringMatching(/did not answer within 50 ms/),
  });
});

it.each([
  ['a credentials URI', 5000, (uri: string) => credentialsUri({ uri })],
  ['a metadata server', 2000, (endpoint: string) => ecsRamRole({ endpoint })],
])('%s that hangs is abandoned after %i ms', async (_, limit, make) => {
  const { url, arrived } = await silentServer();
  const after = vi.spyOn(systemClock, 'after');
  onTestFinished(() => after.mockRestore());
  const failing = make(url)
    .getCredentials()
    .catch((thrown: Error) => thrown);
  await arrived;
  expect(after.mock.calls.map(([ms]) => ms)).toEqual([limit]);
  after.mock.calls[0]?.[1]();
  expect(await failing).toMatchObject({
    message: expect.stringMatching(`did not answer within ${limit} ms`),
  });
});

it('an endless answer is abandoned at its size limit, not at its time limit', async () => {
  const url = await oddServer((_request, response) => {
    const more = () => {
      while (response.write('{'.repeat(16_384)));
    };
    response.on('drain', more);
    more();
  });
  await expect(credentialsUri({ uri: url }).getCredentials()).rejects.toMatchObject({
    code: 'CredentialsUnavailable',
    message: expect.stringMatching(/answered more than 65536 bytes/),
  });
});

it('an address without a server is reported as unreachable, with the reason', async () => {
  const url = await oddServer((request) => request.socket.resetAndDestroy());
  await expect(credentialsUri({ uri: url }).getCredentials()).rejects.toMatchObject({
    message: expect.stringMatching(/at 127\.0\.0\.1:\d+ could not be reached \(ECONNRESET\)/),
  });
});

it.each([
  '',
  'nonsense',
  'file:///etc/passwd',
  'ftp://host/',
  `http://me:${SECRET}@127.0.0.1/`,
  `http://${SECRET}@127.0.0.1/`,
])('a credentials URI of %j is refused and not quoted', (uri) => {
  const act = () => credentialsUri({ uri });
  expect(act).toThrow(expect.objectContaining({ code: 'InvalidCredentialsUri' }));
  expect(act).not.toThrow(SECRET);
});

it.each<[string, RequestListener, string, RegExp]>([
  [
    'HTML',
    reply(200, { 'content-type': 'text/html' }, '<html></html>'),
    'UnexpectedAnswer',
    /^AssumeRole got an answer from http:\S+ that is not JSON: .*proxy/,
  ],
  [
    'half a credential',
    reply(
      200,
      json,
      JSON.stringify({ Credentials: { AccessKeyId: 'STS.a', AccessKeySecret: SECRET } }),
    ),
    'UnexpectedAnswer',
    /^STS answered without a whole credential/,
  ],
  ['a 503 page', reply(503, {}, '<html></html>'), 'UnexpectedAnswer', /is not JSON/],
  [
    'nothing, and hangs up',
    (request) => request.socket.destroy(),
    'ConnectionFailed',
    /^AssumeRole on http:\S+ failed, socket hang up: check the endpoint/,
  ],
  [
    'a refusal with the string to sign',
    reply(
      400,
      json,
      JSON.stringify({
        Code: 'SignatureDoesNotMatch',
        RequestId: 'R-1',
        Message: `The signature is wrong. server string to sign is: ${SECRET}`,
      }),
    ),
    'SignatureDoesNotMatch',
    /^AssumeRole failed with SignatureDoesNotMatch \(The signature is wrong\): check the access key secret$/,
  ],
  [
    'that the account itself asked',
    reply(
      403,
      json,
      JSON.stringify({
        Code: 'NoPermission',
        RequestId: 'R-1',
        Message: 'Roles may not be assumed by root accounts.',
      }),
    ),
    'NoPermission',
    /^AssumeRole failed with NoPermission \(Roles may not be assumed by root accounts\.?\): use the key pair of a RAM user/,
  ],
  [
    'that the caller may not',
    reply(
      403,
      json,
      JSON.stringify({ Code: 'NoPermission', RequestId: 'R', Message: 'You are not authorized.' }),
    ),
    'NoPermission',
    /: grant sts:AssumeRole to the caller, and name it in the role’s trust policy$/,
  ],
])('an STS that answers %s is a typed error', async (_, listener, code, message) => {
  const env = { STS_ENDPOINT: await oddServer(listener) };
  const base = accessKey({ accessKeyId: 'LTAIx', accessKeySecret: SECRET });
  const provider = ramRoleArn({ base, roleArn: 'acs:ram::1:role/r', region: 'cn-hangzhou', env });
  const error = await provider.getCredentials().catch((thrown: Error) => thrown);
  expect(error).toMatchObject({
    name: 'ServiceError',
    service: 'sts',
    code,
    message: expect.stringMatching(message),
    remedy: expect.any(String),
  });
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
});

it.each([
  ['[', 'answered something that is not a JSON object'],
  [' <html>', 'answered HTML or XML that is not a JSON object'],
  [JSON.stringify({ Code: 'x'.repeat(150) }), `answered Code "${'x'.repeat(100)}"`],
])('quotes only the useful part of an odd answer: %s', (text, message) => {
  expect(() => parseCredentials('The source', text)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(`The source ${message}`) }),
  );
});

it('names the code of a request that could not be made, and no code where there is none', async () => {
  const failed = (headers: Record<string, string>) =>
    fetchText('Source', 'http://127.0.0.1/', { headers, timeoutMs: 1000 });
  await expect(failed({ 'x-token': 'a\nb' })).rejects.toMatchObject({
    code: 'CredentialsUnavailable',
    message: expect.stringMatching(/^Source could not be reached \(ERR_INVALID_CHAR\)/),
  });
  const unreadable = new Proxy<Record<string, string>>(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );
  await expect(failed(unreadable)).rejects.toMatchObject({
    code: 'CredentialsUnavailable',
    message: expect.stringMatching(/^Source could not be reached(?! \()/),
    remedy: 'check the address and the network',
  });
});
