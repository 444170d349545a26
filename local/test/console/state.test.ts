import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { exchange } from '../exchange.ts';
import { seen, startTestConsole } from './fixture.ts';

type Test = Awaited<ReturnType<typeof startTestConsole>>;

function importInto(
  { port, url }: Test,
  body: string | Buffer,
  headers: Record<string, string> = {},
) {
  const sent = Buffer.from(body);
  return exchange(port, {
    method: 'POST',
    path: '/import',
    headers: {
      origin: url,
      'content-type': 'application/x-ndjson',
      'content-length': String(sent.length),
      ...headers,
    },
    body: sent,
  });
}

/** Returns everything that an export must contain. */
async function contents({ smq, oss }: Test) {
  const queues = smq
    .listQueues()
    .items.map(({ createTime: _, lastModifyTime: __, ...queue }) => queue);
  return {
    queues,
    messages: queues.map(({ name }) => smq.inspect(name)),
    topics: smq.listTopics().items.map(({ name, topicType }) => ({ name, topicType })),
    subscriptions: smq
      .listTopics()
      .items.flatMap(({ name }) =>
        smq
          .listSubscriptions(name)
          .items.map(({ createTime: _, lastModifyTime: __, ...one }) => one),
      ),
    buckets: oss.buckets.list(),
    objects: await Promise.all(
      oss.buckets.list().flatMap(({ name }) =>
        oss.listObjects(name).map(async ({ segments: _, ...object }) => ({
          ...object,
          content:
            object.target === undefined
              ? (await oss.readObject(name, object.key)).toString('base64')
              : '',
        })),
      ),
    ),
  };
}

const BINARY = Buffer.from(
  Array.from({ length: 500_000 }, (_, nth) => (nth * 31 + (nth >> 8)) % 256),
);
const CALLER = { requestId: 'R1' };

async function filled(): Promise<Test> {
  const test = await startTestConsole();
  const { smq, oss, store } = test;
  await smq.createQueue('line', { queueType: 'fifo', visibilityTimeout: 77 });
  await smq.setDeadLetter('orders', { queue: 'dead', maxReceiveCount: 1 });
  await smq.send('orders', { body: 'poison' });
  await smq.receive('orders');
  await test.clock.advance(31_000);
  const userProperties = [
    { name: 'n', value: '1', type: 'NUMBER' },
    { name: 'b', value: 'AAE=', type: 'BINARY' },
  ] as const;
  await smq.send('orders', {
    body: '汉 "<b>"\n',
    priority: 2,
    userProperties: [...userProperties],
  });
  await smq.receive('orders');
  await smq.send('orders', { body: 'later', delaySeconds: 600 });
  for (const body of ['1', '2']) await smq.send('line', { body, groupId: 'g' });
  await smq.createTopic('more', { topicType: 'fifo' });
  const endpoint = 'acs:mns:cn-hangzhou:1234567890:queues/orders';
  await smq.subscribe('news', 'to-orders', {
    endpoint,
    filterTag: 'x',
    notifyContentFormat: 'JSON',
  });
  const cors = {
    rules: [
      { allowedOrigins: ['*'], allowedMethods: ['GET'], allowedHeaders: [], exposeHeaders: [] },
    ],
    responseVary: false,
  };
  await oss.buckets.set('photos', { cors });
  await store('in/汉 & "x".bin', BINARY, { 'content-type': 'image/png' });
  await store('empty', '');
  await store('text', 'hello');
  await oss.objects.link(
    { bucket: 'photos', key: 'link' },
    'text',
    {
      properties: {
        headers: {},
        meta: {},
        acl: 'default',
        storageClass: 'Standard',
        tags: [['a', 'b']],
      },
    },
    CALLER,
  );
  return test;
}

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

/** Decodes the content of objects to text. */
function readable(text: string): string {
  return text.replace(/"data":"([^"]*)"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString(),
  );
}

/** Returns the lines of an export, changed, with a last line that fits. */
function resealed(text: string, change: (lines: string[]) => string[]): string {
  const lines = change(text.trimEnd().split('\n').slice(0, -1));
  const body = lines.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(body).digest('hex');
  return `${body}${JSON.stringify({ kind: 'end', lines: lines.length, sha256, hidden: 0 })}\n`;
}

describe('a file that cannot be imported', () => {
  const cut = (text: string, share: number) => text.slice(0, Math.floor(text.length * share));
  const flipped = (text: string, share: number) => {
    const bytes = Buffer.from(text);
    const at = Math.floor(bytes.length * share);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString('latin1');
  };

  it.each<[string, (text: string) => string, RegExp]>([
    ['is empty', () => '', /it is empty/],
    ['is of another kind', () => 'hello\n', /no state of a local cloud/],
    ['is JSON of another kind', () => '{"a":1}\n', /no state of a local cloud/],
    [
      'is of a later version',
      (text) =>
        resealed(text, ([head = '', ...rest]) => [
          head.replace('"version":1', '"version":2'),
          ...rest,
        ]),
      /of version 2, and this fc-local reads 1/,
    ],
    ['is cut in a line', (text) => cut(text, 0.5), /cannot be imported/],
    [
      'is cut after a line',
      (text) => text.slice(0, text.indexOf('\n', text.length / 2) + 1),
      /without its last line/,
    ],
    [
      'lacks its last line',
      (text) => text.slice(0, text.trimEnd().lastIndexOf('\n') + 1),
      /without its last line/,
    ],
    [
      'has a line less',
      (text) =>
        text
          .split('\n')
          .filter((_, nth) => nth !== 3)
          .join('\n'),
      /changed or damaged/,
    ],
    [
      'has another order',
      (text) => {
        const [head = '', a = '', b = '', ...rest] = text.split('\n');
        return [head, b, a, ...rest].join('\n');
      },
      /changed or damaged/,
    ],
    ['goes on after its end', (text) => `${text}{"kind":"queue"}\n`, /something follows/],
    ['was edited', (text) => text.replace('poison', 'poisoN'), /changed or damaged/],
    ['has a changed byte early', (text) => flipped(text, 0.1), /cannot be imported/],
    ['has a changed byte in an object', (text) => flipped(text, 0.6), /cannot be imported/],
    ['has a changed byte late', (text) => flipped(text, 0.95), /cannot be imported/],
    [
      'has a message of no queue',
      (text) =>
        resealed(text, (lines) =>
          lines.map((line) =>
            line.replace('"kind":"message","queue":"line"', '"kind":"message","queue":"gone"'),
          ),
        ),
      /no queue "gone"/,
    ],
    [
      'has an object of no bucket',
      (text) =>
        resealed(text, (lines) => lines.filter((line) => !line.includes('"kind":"bucket"'))),
      /no bucket "photos"/,
    ],
    [
      'has a queue of an impossible name',
      (text) =>
        resealed(text, (lines) => lines.map((line) => line.replaceAll('"line"', '"l ine"'))),
      /InvalidQueueName/,
    ],
    [
      'has a queue that gives up to one that is not there',
      (text) =>
        resealed(text, (lines) =>
          lines.map((line) =>
            line.replace('"deadLetter":{"queue":"dead"', '"deadLetter":{"queue":"gone"'),
          ),
        ),
      /QueueNotExist/,
    ],
    [
      'has a bucket of an impossible name',
      (text) =>
        resealed(text, (lines) => lines.map((line) => line.replaceAll('"photos"', '"PHOTOS"'))),
      /InvalidBucketName/,
    ],
    [
      'has a key that leads up',
      (text) =>
        resealed(text, (lines) =>
          lines.map((line) => line.replace('"key":"text"', '"key":"/text"')),
        ),
      /InvalidObjectName/,
    ],
    [
      'has a record without a name',
      (text) => resealed(text, (lines) => lines.map((line) => line.replace('"name":"line",', ''))),
      /has no name/,
    ],
    [
      'has a record of an unknown kind',
      (text) => resealed(text, (lines) => [...lines, '{"kind":"constructor"}']),
      /of no kind that is known/,
    ],
    [
      'has content of no object',
      (text) =>
        resealed(text, ([head = '', ...rest]) => [
          head,
          '{"kind":"content","data":"AA=="}',
          ...rest,
        ]),
      /content of no object/,
    ],
    [
      'has other content than its checksum says',
      (text) =>
        resealed(text, (lines) =>
          lines.map((line) => line.replace('"data":"aGVsbG8="', '"data":"aGVsbG9v"')),
        ),
      /checksum/,
    ],
    ['has an endless line', () => `{"format":"${'x'.repeat(3_000_000)}`, /longer than/],
  ])('and %s is refused, and the account stays as it was', async (_, change, reason) => {
    const { text } = await (await filled()).get('/export');
    const to = await startTestConsole();
    await to.smq.send('orders', { body: 'mine' });
    await to.store('mine', 'x');
    const before = await contents(to);
    const changed = change(text);
    expect(changed).not.toBe(text);
    const answer = await importInto(to, changed);
    expect([answer.status, seen(answer)]).toEqual([
      expect.any(Number),
      expect.stringMatching(reason),
    ]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(await contents(to)).toEqual(before);
  });

  it.each<[string, string, string]>([
    ['format', 'exportedAt', '1e400'],
    ['format', 'exportedAt', '-1e300'],
    ['queue', 'deadLetter', '{}'],
    ['queue', 'deadLetter', 'null'],
    ['queue', 'visibilityTimeout', '-5'],
    ['subscription', 'filterTag', 'null'],
    ['message', 'id', '"<b>"'],
    ['message', 'priority', '-5'],
    ['message', 'visibleAt', '1e400'],
    ['message', 'enqueueTime', '-1'],
    ['message', 'userProperties', '{}'],
    ['message', 'userProperties', '[null]'],
    ['message', 'systemProperties', '[{"name":1}]'],
    ['message', 'groupId', '5'],
    ['bucket', 'acl', '"any"'],
    ['bucket', 'cors', '{"rules":[{}]}'],
    ['bucket', 'lifecycle', '[null]'],
    ['bucket', 'tags', '[["a"]]'],
    ['object', 'key', '"a\\ud800"'],
    ['object', 'headers', '{"x":"a\\r\\nb"}'],
    ['object', 'headers', '{"x":5}'],
    ['object', 'meta', '{"a b":"x"}'],
    ['object', 'meta', '[]'],
    ['object', 'tags', '[null]'],
    ['object', 'eTag', '"\\r\\n"'],
    ['object', 'lastModified', '1e400'],
    ['object', 'restored', '{"ready":"x"}'],
  ])('whose %s has as %s a value that cannot be one is refused: %s', async (kind, name, value) => {
    const { text } = await (await filled()).get('/export');
    const changed = resealed(text, (lines) =>
      lines.map((line) => {
        const { [name]: _, ...rest } = JSON.parse(line);
        const isMeant = kind === 'format' ? 'format' in rest : rest.kind === kind;
        return isMeant ? JSON.stringify(rest).replace(/\}$/, `,"${name}":${value}}`) : line;
      }),
    );
    const to = await startTestConsole();
    await to.smq.send('orders', { body: 'mine' });
    const before = await contents(to);
    const { status, text: page } = await importInto(to, changed);
    expect([status, page]).toEqual([400, expect.stringMatching(/cannot be|Invalid/)]);
    expect(await contents(to)).toEqual(before);
  });

  it('has a message of a FIFO queue without a group', async () => {
    const { text } = await (await filled()).get('/export');
    const changed = resealed(text, (lines) =>
      lines.map((line) => line.replace(',"groupId":"g"', '')),
    );
    const answer = await importInto(await startTestConsole(), changed);
    expect([answer.status, seen(answer)]).toEqual([400, expect.stringContaining('no group')]);
  });

  it('cannot make an ordered queue of another one', async () => {
    const { text } = await (await filled()).get('/export');
    const to = await startTestConsole();
    await to.smq.createQueue('line');
    expect(seen(await importInto(to, text))).toContain('"line" is FIFO in one of file and account');
  });

  it('leaves messages as they were when objects cannot be written', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { text } = await (await filled()).get('/export');
    const to = await startTestConsole();
    await to.smq.send('orders', { body: 'mine' });
    const before = await contents(to);
    vi.spyOn(to.oss.snapshot, 'put').mockRejectedValueOnce(new Error('the disk is full'));
    expect((await importInto(to, text)).status).toBe(500);
    expect(await contents(to)).toEqual(before);
  });

  it.each([{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])(
    'is one that another site sends: %j',
    async (headers) => {
      const { text } = await (await filled()).get('/export');
      const to = await startTestConsole();
      const sent = Buffer.from(text);
      const answer = await exchange(to.port, {
        method: 'POST',
        path: '/import',
        headers: {
          'content-type': 'application/x-ndjson',
          'content-length': String(sent.length),
          ...headers,
        } as Record<string, string>,
        body: sent,
      });
      expect(answer.status).toBe(403);
      expect(to.smq.listQueues().items).toHaveLength(2);
    },
  );
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
