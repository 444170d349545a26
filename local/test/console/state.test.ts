import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { exchange } from '../exchange.ts';
import { seen, startTestConsole } from './fixture.ts';
import { CALLER, contents, filled, importInto, readable } from './state-fixture.ts';

describe('an exported state', () => {
  it('is imported unchanged into another account', async () => {
    const from = await filled();
    const { text, headers } = await from.get('/export');
    expect(headers['content-type']).toBe('application/x-ndjson');
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="state-\d{8}T\d{6}Z\.ndjson"$/,
    );
    const to = await startTestConsole();
    const answer = await importInto(to, text);
    expect([answer.status, answer.text]).toEqual([
      200,
      'Imported 3 queues, 2 topics, 1 bucket, 5 messages, 4 objects\n',
    ]);
    const [before, after] = [await contents(from), await contents(to)];
    const apart = to.clock.now() - from.clock.now();
    const moved = before.messages.map((all) =>
      all.map((one) => ({
        ...one,
        enqueueTime: one.enqueueTime + apart,
        visibleAt: one.visibleAt + apart,
      })),
    );
    expect(after).toEqual({
      ...before,
      messages: moved,
      buckets: before.buckets.map((one) => ({ ...one, created: one.created + apart })),
      objects: before.objects.map((one) => ({ ...one, lastModified: one.lastModified + apart })),
    });
    expect((await to.smq.receive('line')).map(({ body }) => body)).toEqual(['1']);
  });

  it('replaces the previous state, and unnamed resources stay, empty', async () => {
    const from = await startTestConsole();
    await from.smq.send('orders', { body: 'theirs' });
    const { text } = await from.get('/export');
    const to = await startTestConsole();
    await to.smq.createQueue('mine');
    for (const queue of ['mine', 'orders']) await to.smq.send(queue, { body: 'mine' });
    await to.store('mine', 'x');
    expect((await importInto(to, text)).status).toBe(200);
    expect([to.bodies('orders'), to.bodies('mine')]).toEqual([['theirs'], []]);
    expect(to.oss.listObjects('photos')).toEqual([]);
  });

  it('has not grown old on its way, so that nothing in it is too old', async () => {
    const from = await startTestConsole();
    await from.smq.send('orders', { body: 'a' });
    const { text } = await from.get('/export');
    const to = await startTestConsole();
    await to.clock.advance(30 * 24 * 3_600_000);
    await importInto(to, text);
    expect(to.bodies('orders')).toEqual(['a']);
  });

  it('is imported by the form of the page too, which reports the result', async () => {
    const { get, url, port } = await startTestConsole();
    const { text } = await get('/export');
    const body = Buffer.from(
      `--b\r\nContent-Disposition: form-data; name="file"; filename="s"\r\n\r\n${text}\r\n--b--\r\n`,
    );
    const { status, headers } = await exchange(port, {
      method: 'POST',
      path: '/import',
      headers: {
        origin: url,
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': String(body.length),
      },
      body,
    });
    expect(status).toBe(303);
    expect(seen(await get(headers.location ?? ''))).toContain(
      'Imported 2 queues, 1 topic, 1 bucket, 0 messages, 0 objects',
    );
  });

  it('holds no secret unless that is asked for, and no key of the account in any case', async () => {
    const from = await startTestConsole();
    const { smq, store, get, identities } = from;
    const secrets = ['s3cr3t-body', 's3cr3t-property', 's3cr3t-object', 's3cr3t-endpoint'];
    await smq.send('orders', {
      body: '{"orderId":1,"accessKeySecret":"s3cr3t-body"}',
      userProperties: [{ name: 'token', value: 's3cr3t-property', type: 'STRING' }],
    });
    await store('config.json', '{"password":"s3cr3t-object","open":1}');
    await smq.subscribe('news', 'web', { endpoint: 'http://me:s3cr3t-endpoint@127.0.0.1:1/' });
    identities.defineUser({
      name: 'u',
      accessKeyId: 'user-key-id',
      accessKeySecret: 'user-key-secret',
      policies: [],
    });
    const { text } = await get('/export');
    for (const secret of [...secrets, 'owner-secret', 'user-key', 'owner-id'])
      expect(readable(text)).not.toContain(secret);
    expect(text).toContain('"hidden":2}');
    const kept = readable((await get('/export?secrets=keep')).text);
    for (const secret of secrets) expect(kept).toContain(secret);
    expect(kept).not.toContain('owner-secret');
    const to = await startTestConsole();
    expect((await importInto(to, text)).text).toContain(
      'in 2 of them, what was named like a secret is left out',
    );
    expect((await to.oss.readObject('photos', 'config.json')).toString()).toBe(
      '{"password":"(hidden)","open":1}',
    );
    expect(to.oss.objects.require({ bucket: 'photos', key: 'config.json' }).size).toBe(32);
  });
});

it('an export holds no secret of a body in base64, a binary property or a tag', async () => {
  const { smq, oss, store, get } = await startTestConsole();
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  await smq.send('orders', {
    body: base64('{"orderId":1,"password":"s3cr3t"}'),
    userProperties: [{ name: 'b', value: base64('{"token":"s3cr3t"}'), type: 'BINARY' }],
  });
  const plain = base64('{"orderId":2}');
  await smq.send('orders', { body: plain });
  await store('a', 'x');
  const { headers, meta, acl, storageClass } = oss.objects.require({ bucket: 'photos', key: 'a' });
  const tags = [
    ['api-key', 's3cr3t'],
    ['team', 'shop'],
  ] as const;
  await oss.objects.put(
    { bucket: 'photos', key: 'a' },
    Readable.from([Buffer.from('x')]),
    { properties: { headers, meta, acl, storageClass, tags } },
    CALLER,
  );
  await oss.buckets.set('photos', { tags: [['token', 's3cr3t']] });
  const { text } = await get('/export');
  expect(text).not.toContain('s3cr3t');
  expect(text).toContain(base64('{"orderId":1,"password":"(hidden)"}'));
  expect(text).toContain(base64('{"token":"(hidden)"}'));
  expect(text).toContain(plain);
  expect(text).toContain('[["api-key","hidden"],["team","shop"]]');
  expect(text).toContain('[["token","hidden"]]');
  expect(text).toContain('"hidden":2}');
  expect((await importInto(await startTestConsole(), text)).status).toBe(200);
});

it('an export counts an object whose metadata alone holds a secret', async () => {
  const { oss, get } = await startTestConsole();
  const properties = { headers: {}, acl: 'default', storageClass: 'Standard', tags: [] } as const;
  await oss.objects.put(
    { bucket: 'photos', key: 'a' },
    Readable.from([Buffer.from('hello')]),
    { properties: { ...properties, meta: { token: 's3cr3t' } } },
    CALLER,
  );
  const { text } = await get('/export');
  expect(text).not.toContain('s3cr3t');
  expect(text).toContain('"hidden":1}');
});

describe('the page of the state', () => {
  it('clears everything only once that is opened, and keeps declared resources', async () => {
    const test = await filled();
    const page = await test.get('/state');
    expect(page.text).toMatch(/<details class="confirm" id="clear"><summary>Clear everything…/);
    expect(seen(page)).toContain('Remove 5 messages and every object, for good');
    expect(seen(await test.submit('/clear'))).toContain('Everything is cleared');
    const { messages, objects, queues, buckets } = await contents(test);
    expect([messages, objects]).toEqual([[[], [], []], []]);
    expect([queues.length, buckets.length]).toEqual([3, 1]);
  });

  it('turns faults on and off', async () => {
    const { faults, submit, post, get } = await startTestConsole();
    const target = { service: 'oss', method: 'GET', path: '/', query: '' } as const;
    expect(seen(await get('/state'))).toContain('Off.');
    const on = await submit('/faults', [
      ['fault', 'error'],
      ['fault', 'bogus'],
      ['percent', '100'],
      ['seed', '7'],
    ]);
    expect(seen(on)).toContain('On: 100 %.');
    expect(faults.settings).toEqual({ rate: 1, faults: ['error'], seed: 7 });
    expect(faults.choose(target)).toBe('error');
    expect((await post('/faults', { percent: '101', fault: 'error' })).status).toBe(400);
    expect((await post('/faults', { percent: '5' })).status).toBe(400);
    await submit('/faults', { percent: '0' });
    expect(faults.choose(target)).toBeUndefined();
  });
});
