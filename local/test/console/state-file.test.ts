import { describe, expect, it, vi } from 'vitest';
import { exchange } from '../exchange.ts';
import { seen, startTestConsole } from './fixture.ts';
import { contents, exported, importInto, resealed } from './state-fixture.ts';

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
    const text = await exported();
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
    const text = await exported();
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
    const text = await exported();
    const changed = resealed(text, (lines) =>
      lines.map((line) => line.replace(',"groupId":"g"', '')),
    );
    const answer = await importInto(await startTestConsole(), changed);
    expect([answer.status, seen(answer)]).toEqual([400, expect.stringContaining('no group')]);
  });

  it('cannot make an ordered queue of another one', async () => {
    const text = await exported();
    const to = await startTestConsole();
    await to.smq.createQueue('line');
    expect(seen(await importInto(to, text))).toContain('"line" is FIFO in one of file and account');
  });

  it('leaves messages as they were when objects cannot be written', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const text = await exported();
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
      const text = await exported();
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
