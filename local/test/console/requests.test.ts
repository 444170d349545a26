import { assumeRole } from 'fc-kit/openapi';
import { OssClient } from 'fc-kit/oss';
import { SmqClient } from 'fc-kit/smq';
import type { TestCloud } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { RequestLog } from '#src/requests/request-log';
import { until } from '#src/testing/until';
import { type Acting, startActing } from './acting.ts';
import { seen, startTestConsole } from './fixture.ts';

type Signer = Acting['credentials'];

const smqOf = ({ region, accountId, environment }: TestCloud, credentials: Signer) =>
  new SmqClient({ region, accountId, credentials, env: environment });
const ossOf = ({ region, environment }: TestCloud, credentials: Signer) =>
  new OssClient({ region, bucket: 'photos', credentials, env: environment });
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

it('requests: who asked a service for what, and the statement that allowed it', async () => {
  const { cloud, get } = await startActing(async ({ credentials }) => {
    await smqOf(cloud, credentials).queue('orders').send('{"token":"t0p-s3cret"}');
    await ossOf(cloud, credentials).putObject('a/b.txt', 'text');
    return '';
  });
  const { requestId } = await cloud.function('publisher').invoke('{}');
  await code(ossOf(cloud, cloud.accessKey).getObject('none'));

  const page = await get('/requests');
  const text = seen(page);
  expect(text).toContain(
    'mns:SendMessage SMQ acs:mns:cn-hangzhou:1000000000000001:/queues/orders/messages 201',
  );
  expect(text).toMatch(/oss:PutObject OSS acs:oss:\*:1000000000000001:photos\/a\/b.txt 200/);
  expect(text).toContain('publisher role publisher');
  expect(text).toContain('statement 1 of policy "of-a-test" allows it');
  expect(text).toMatch(/user local oss:GetObject OSS \S+photos\/none 404 NoSuchKey/);
  expect(page.text).toContain(`href="/functions/publisher/invocations/${requestId}"`);
  for (const secret of ['t0p-s3cret', cloud.accessKey.accessKeySecret, 'CAIS'])
    expect(page.text).not.toContain(secret);

  const invocation = seen(await get(`/functions/publisher/invocations/${requestId}`));
  expect(invocation).toContain('2 requests');
  expect(invocation).not.toContain('photos/none');
});

it('requests: a refusal says which line of which role is missing', async () => {
  const { cloud, get } = await startActing(
    async ({ credentials }) =>
      `${await code(ossOf(cloud, credentials).putObject('a/b.txt', 'text'))} ${await code(
        smqOf(cloud, credentials)
          .queue('orders')
          .sendBatch([{ body: 'a' }, { body: 'b' }]),
      )}`,
    { publisher: ['oss:GetObject'] },
  );
  const { body } = await cloud.function('publisher').invoke('{}');
  expect(JSON.parse(String(body)).body).toBe('AccessDenied AccessDenied');
  await code(ossOf(cloud, cloud.accessKey).getObject('none'));

  const text = seen(await get('/requests?outcome=refused'));
  expect(text).toContain('no statement of its policies allows it');
  expect(text).toContain('under Statement in a policy of role publisher');
  expect(text).toContain(
    '- {"Effect":"Allow","Action":["oss:PutObject"],"Resource":["acs:oss:*:*:photos/a/*"]}',
  );
  expect(text).toContain('"Action":["mns:BatchSendMessage","mns:SendMessage"]');
  expect(text).not.toContain('NoSuchKey');
});

it('requests: the line that is given makes the refused request one that is allowed', async () => {
  const { cloud, get } = await startActing(
    ({ credentials }) => code(smqOf(cloud, credentials).topic('news').publish('text')),
    { publisher: ['oss:GetObject'] },
  );
  const said = async () =>
    JSON.parse(String((await cloud.function('publisher').invoke('{}')).body)).body;
  expect(await said()).toBe('AccessDenied');
  const [, line = ''] = /- (\{"Effect.*?\})\s/.exec(seen(await get('/requests'))) ?? [];
  cloud.role('publisher').define({
    trust: {
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['fc.aliyuncs.com'] } },
      ],
    },
    policies: [{ name: 'pasted', document: { Version: '1', Statement: [JSON.parse(line)] } }],
  });
  expect(await said()).toBe('done');
});

it('requests: an explicit deny is named, with no line that could not help', async () => {
  const { cloud, get } = await startActing(async () => '');
  cloud.role('publisher').define({
    trust: {
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['fc.aliyuncs.com'] } },
      ],
    },
    policies: [
      {
        name: 'both',
        document: {
          Version: '1',
          Statement: [
            { Effect: 'Allow', Action: '*', Resource: '*' },
            { Effect: 'Deny', Action: 'oss:PutObject', Resource: '*' },
          ],
        },
      },
    ],
  });
  const { expiration: _, ...credentials } = cloud.role('publisher').credentials();
  await code(ossOf(cloud, credentials).putObject('a', 'b'));
  const text = seen(await get('/requests?outcome=refused'));
  expect(text).toContain('statement 2 of policy "both" denies it');
  expect(text).toContain('A Deny outweighs every Allow');
  expect(text).not.toContain('"Effect"');
});

it('requests: wrong keys and signatures count as refused, with whom they claim to be', async () => {
  const { cloud, get } = await startActing(async () => '');
  const wrong = { ...cloud.accessKey, accessKeySecret: 'wrong' };
  expect(await code(smqOf(cloud, wrong).queue('orders').send('a'))).toBe('SignatureDoesNotMatch');
  const unknown = { accessKeyId: 'who', accessKeySecret: 'wrong' };
  expect(await code(ossOf(cloud, unknown).getObject('a'))).toBe('InvalidAccessKeyId');
  const text = seen(await get('/requests?outcome=refused'));
  expect(text).toMatch(/user local mns:SendMessage SMQ \S+ 403 SignatureDoesNotMatch/);
  expect(text).toMatch(/unknown key who GET OSS \S+ 403 InvalidAccessKeyId/);
});

it('requests: by service and by caller', async () => {
  const { cloud, get } = await startActing(async ({ credentials }) => {
    await smqOf(cloud, credentials).queue('orders').send('a');
    return '';
  });
  await fetch(cloud.function('publisher').url, { method: 'POST', body: '{}' });
  await ossOf(cloud, cloud.accessKey).putObject('a', 'b');
  const smq = seen(await get('/requests?service=SMQ'));
  expect(smq).toContain('mns:SendMessage');
  expect(smq).not.toContain('oss:PutObject');
  const user = seen(await get(`/requests?caller=${encodeURIComponent('user local')}`));
  expect(user).toContain('oss:PutObject');
  expect(user).not.toContain('mns:SendMessage SMQ');
  expect(seen(await get('/requests?service=FC'))).toMatch(
    /no one fc:InvokeFunction FC \/publisher\/ 200/,
  );
});

it('requests: an invocation’s are those by its credential, by one that STS gave for it, and by its instance’s', async () => {
  let kept: Signer | undefined;
  const { cloud, get } = await startActing(async ({ credentials, environment, event }) => {
    kept ??= credentials;
    await smqOf(cloud, credentials).queue('orders').send(event);
    await ossOf(cloud, environment).putObject(`${event}/by-environment`, 'a');
    const { region, environment: env } = cloud;
    const roleArn = 'acs:ram::1000000000000001:role/recorder';
    const assumed = await assumeRole({ region, env, credentials, roleArn, sessionName: 'another' });
    await ossOf(cloud, assumed).putObject(`${event}/by-assumed-role`, 'a');
    return '';
  });
  const first = await cloud.function('publisher').invoke('first');
  const second = await cloud.function('publisher').invoke('second');
  expect(second).toMatchObject({ instanceId: first.instanceId, coldStart: false });
  if (kept) await ossOf(cloud, kept).putObject('after', 'a');

  const of = async (requestId: string) =>
    seen(await get(`/requests?invocation=${requestId}`)).split('Show')[1] ?? '';
  const [ofFirst, ofSecond] = [await of(first.requestId), await of(second.requestId)];
  for (const [text, name, other] of [
    [ofFirst, 'first', 'second'],
    [ofSecond, 'second', 'first'],
  ] as const) {
    expect(text).toContain(`photos/${name}/by-environment`);
    expect(text).toContain(`photos/${name}/by-assumed-role`);
    expect(text).toContain('sts:AssumeRole');
    expect(text).not.toContain(`photos/${other}`);
  }
  expect(ofFirst).toMatch(
    /publisher role publisher, after its end oss:PutObject OSS \S+:photos\/after/,
  );
  expect(ofSecond).not.toContain('photos/after');
});

it('requests: faults are named, and a broken connection has no status', async () => {
  const { cloud, get } = await startActing(async () => '', {}, { faults: () => 'reset-before' });
  await code(ossOf(cloud, cloud.accessKey).getObject('a'));
  const shown = async () => seen(await get('/requests'));
  await until(async () => (await shown()).includes('connection broke'));
  expect(await shown()).toContain('connection broke fault: reset-before');
});

it('requests: what waits for an answer is there already', async () => {
  const { cloud, get } = await startActing(async () => '');
  const stop = new AbortController();
  const waiting = smqOf(cloud, cloud.accessKey)
    .queue('orders')
    .receive({ waitSeconds: 30, signal: stop.signal });
  const shown = async () => seen(await get('/requests'));
  await until(async () => (await shown()).includes('ReceiveMessage SMQ'));
  expect(await shown()).toMatch(/ReceiveMessage SMQ \S+ and 1 more waits/);
  await cloud.queue('orders').send('a');
  await waiting;
  await until(async () => !(await shown()).includes(' waits'));
});

it('requests: a page shows 500, with a link to the older ones', async () => {
  const { get, requests, clock } = await startTestConsole();
  expect(requests).toBeInstanceOf(RequestLog);
  const { NotedRequest } = await import('#src/requests/noted-request');
  for (let n = 0; n < 501; n++)
    requests.add(new NotedRequest('OSS', clock.now(), 'GET', `/photos/object-${n}`));
  const page = await get('/requests?service=OSS');
  expect(page.text).toContain('/photos/object-500');
  expect(page.text).not.toContain('/photos/object-0<');
  expect(page.text).toContain('href="/requests?service=OSS&amp;from=500"');
  expect((await get('/requests?service=OSS&from=500')).text).toContain('/photos/object-0<');
});
