import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Credentials } from '#src/auth/credentials';
import { CredentialsError, ServiceError } from '#src/errors/errors';
import { SmqClient, smqClient } from '#src/smq/client';
import { fakeContext } from '#test/fake-context';
import { ACCOUNT, OWNER, REGION } from '#test/local-account';
import { localSmq } from './local-smq.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe('smqClient', () => {
  it('works with the credential of the context', async () => {
    const { context, server } = await localSmq();
    vi.stubEnv('SMQ_ENDPOINT', server.url);
    const { messageId } = await smqClient(context()).queue('orders').send('hello');
    expect(messageId).toMatch(/^[0-9A-F]{32}$/);
  });

  it('is the same client for the same credential, and another one for another', () => {
    const credentials = { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'token' };
    const first = smqClient(fakeContext({ credentials }));
    expect(smqClient(fakeContext({ credentials: { ...credentials } }))).toBe(first);
    for (const changed of [
      { ...credentials, securityToken: 'token 2' },
      { ...credentials, accessKeyId: 'id 2' },
      { ...credentials, accessKeySecret: 'secret 2' },
    ])
      expect(smqClient(fakeContext({ credentials: changed }))).not.toBe(first);
    expect(smqClient(fakeContext({ credentials }))).not.toBe(first); // it was dropped
  });

  it('is another client for another region, account or endpoint', () => {
    vi.stubEnv('SMQ_ENDPOINT', '');
    const client = smqClient(fakeContext());
    expect(smqClient(fakeContext({ region: 'cn-shanghai' }))).not.toBe(client);
    expect(smqClient(fakeContext({ accountId: '2000000000000002' }))).not.toBe(client);
    vi.stubEnv('SMQ_ENDPOINT', 'http://127.0.0.1:1');
    expect(smqClient(fakeContext())).not.toBe(client);
  });

  const complete = { accessKeyId: 'id', accessKeySecret: 'sec', securityToken: 'tok' };
  const lacking = {
    accessKeyId: { credentials: { ...complete, accessKeyId: undefined } },
    accessKeySecret: { credentials: { ...complete, accessKeySecret: '' } },
    securityToken: { credentials: { ...complete, securityToken: undefined } },
    region: { region: undefined },
    accountId: { accountId: undefined },
  };
  for (const [name, options] of Object.entries(lacking)) {
    it(`says that the context lacks ${name}, and nothing else`, () => {
      const error = catchError(() => smqClient(fakeContext(options)));
      expect(error).toBeInstanceOf(CredentialsError);
      const named = Object.keys(lacking).filter((other) =>
        new RegExp(`context\\.(credentials\\.)?${other} missing`).test(String(error)),
      );
      expect(named).toEqual([name]);
    });
  }

  it('asks for a role when the context has no credential at all', () => {
    const error = catchError(() => smqClient(fakeContext({ credentials: undefined })));
    expect(String(error)).toMatch(/accessKeyId.*accessKeySecret.*securityToken.*role in s\.yaml/);
  });
});

describe('SmqClient', () => {
  it('asks its provider before each request and uses a changed credential', async () => {
    const { env, context } = await localSmq();
    const given: Credentials[] = [OWNER, { ...OWNER, accessKeySecret: 'wrong' }];
    const {
      accessKeyId = '',
      accessKeySecret = '',
      securityToken = '',
    } = context().credentials ?? {};
    given.push({ accessKeyId, accessKeySecret, securityToken });
    const credentials = { getCredentials: async () => given.shift() ?? OWNER };
    const client = new SmqClient({ accountId: ACCOUNT, region: REGION, credentials, env });

    const queue = client.queue('orders');
    await queue.send('as the owner');
    await expect(queue.send('x')).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
    await queue.send('as the role');
    expect(given).toEqual([]);
  });

  it('passes on what its provider throws', async () => {
    const failure = new CredentialsError('no credential', { code: 'NoCredentials' });
    const credentials = { getCredentials: () => Promise.reject(failure) };
    const client = new SmqClient({ accountId: ACCOUNT, region: REGION, credentials });
    await expect(client.queue('orders').send('x')).rejects.toBe(failure);
  });

  it('creates, lists and deletes queues and topics', async () => {
    const { client } = await localSmq();
    expect(await client.createQueue('a-queue', { visibilityTimeout: 60 })).toBe(true);
    expect(await client.createQueue('a-queue', { visibilityTimeout: 60 })).toBe(false);
    await expect(client.createQueue('a-queue', { visibilityTimeout: 61 })).rejects.toMatchObject({
      code: 'QueueAlreadyExist',
      status: 409,
    });
    expect(await client.queue('a-queue').attributes()).toMatchObject({ visibilityTimeout: 60 });
    expect(await client.createTopic('a-topic')).toBe(true);
    expect(await client.createTopic('a-topic')).toBe(false);

    expect(await client.listQueues()).toEqual({ names: ['a-queue', 'orders'] });
    expect(await client.listQueues({ prefix: 'o' })).toEqual({ names: ['orders'] });
    expect(await client.listQueues({ prefix: 'none' })).toEqual({ names: [] });
    expect(await client.listTopics({ max: 10 })).toEqual({ names: ['a-topic', 'news'] });
    const page = await client.listQueues({ max: 1 });
    expect(page).toEqual({ names: ['a-queue'], nextMarker: expect.any(String) });
    const marker = page.nextMarker ?? '';
    expect(await client.listQueues({ max: 1, marker })).toEqual({ names: ['orders'] });

    await client.deleteQueue('a-queue');
    await client.deleteTopic('a-topic');
    await client.deleteQueue('a-queue');
    expect(await client.listQueues()).toEqual({ names: ['orders'] });
    expect(await client.listTopics()).toEqual({ names: ['news'] });
  });

  it('refuses names that would change the path', async () => {
    const { client } = await localSmq();
    for (const name of ['', 'a/b', 'a?b', '../x', 'a b', 'é', '-a', 'a'.repeat(121)]) {
      const error = (kind: string) =>
        expect.objectContaining({
          code: 'InvalidName',
          message: expect.stringContaining(`${kind} name is "${name}": use letters`),
        });
      expect(() => client.queue(name)).toThrow(error('Queue'));
      expect(() => client.topic(name)).toThrow(error('Topic'));
    }
  });

  it('accepts names of 120 characters, and those that begin with a digit', async () => {
    const { client } = await localSmq();
    for (const name of ['2024-orders', '1', 'a'.repeat(120)])
      expect([client.queue(name).name, client.topic(name).name]).toEqual([name, name]);
  });

  it('says which permission is missing, and to which role it has to be granted', async () => {
    const { context, server } = await localSmq({ actions: ['mns:SendMessage'] });
    vi.stubEnv('SMQ_ENDPOINT', server.url);
    const queue = smqClient(context()).queue('orders');
    await queue.send('x');
    await expect(queue.receive({ waitSeconds: 0 })).rejects.toMatchObject({
      code: 'AccessDenied',
      status: 403,
      retryable: false,
      remedy: `grant mns:ReceiveMessage and mns:BatchReceiveMessage on acs:mns:${REGION}:${ACCOUNT}:/queues/orders/messages to the caller, such as the function's role`,
    });
  });

  it('points to the credential when its token is missing, wrong or expired', async () => {
    const { context, server, clock } = await localSmq();
    vi.stubEnv('SMQ_ENDPOINT', server.url);
    const wrong = context();
    if (wrong.credentials) wrong.credentials.securityToken = 'another token';
    const remedy = expect.stringMatching(
      /^check the credential's id, secret and token, .*current invocation's context.credentials/,
    );
    await expect(smqClient(wrong).queue('orders').send('x')).rejects.toMatchObject({
      status: 403,
      remedy,
    });
    const expired = context();
    await clock.advance(3600_000);
    // The server's clock is then an hour ahead of the request's date, which is refused first.
    vi.useFakeTimers({ now: clock.now(), toFake: ['Date'] });
    await expect(smqClient(expired).queue('orders').send('x')).rejects.toMatchObject({
      status: 403,
      remedy,
    });
  });

  it('shows nothing secret in an error or its causes', async () => {
    const { context, server } = await localSmq({ actions: ['mns:SendMessage'] });
    vi.stubEnv('SMQ_ENDPOINT', server.url);
    const ours = context();
    const error = await smqClient(ours)
      .queue('orders')
      .receive()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceError);
    const printed = inspect(error, { depth: 20, showHidden: true });
    for (const secret of [
      ours.credentials?.accessKeySecret,
      ours.credentials?.securityToken,
      'authorization',
      'MNS STS.',
    ])
      expect(printed.toLowerCase()).not.toContain(secret?.toLowerCase());
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it.each([
  [{ accountId: '', region: REGION }, 'SMQ client has no accountId'],
  [{ accountId: ACCOUNT, region: '' }, 'SMQ client has no region'],
])('names the half of its address that is missing: %j', (at, message) => {
  expect(() => new SmqClient({ ...at, credentials: OWNER })).toThrow(
    expect.objectContaining({ code: 'MissingLocation', message: expect.stringContaining(message) }),
  );
});
