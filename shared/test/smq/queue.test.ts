import { describe, expect, it } from 'vitest';
import { ServiceError } from '#src/errors/errors';
import { localSmq } from './local-smq.ts';

describe('send and receive', () => {
  const bodies = {
    'markup and a CDATA end': '<a href="x">&amp; "quoted" \'too\' ]]></MessageBody><Priority>1',
    'line ends of every kind': ' a\r\nb\rc\n\td ',
    'white space alone': ' \n ',
    'an emoji and other planes': '😀 中文 é \u{10ffff} \u007f\u0085\u2028',
    JSON: JSON.stringify({ control: '\u0000\u001b', lone: '\ud800' }),
  };
  for (const [what, body] of Object.entries(bodies)) {
    it(`carries ${what} unchanged`, async () => {
      const { client } = await localSmq();
      const queue = client.queue('orders');
      const sent = await queue.send(body);
      const message = await queue.receive({ waitSeconds: 0 });
      expect(message?.body).toBe(body);
      expect(message?.messageId).toBe(sent.messageId);
      expect(message?.bodyMd5).toBe(sent.bodyMd5);
    });
  }

  it('carries a body of exactly 64 KB of escaped text', async () => {
    const { client } = await localSmq();
    const queue = client.queue('orders');
    const body = `${'&'.repeat(13_107)}x`; // 5 bytes each, and one more
    await queue.send(body);
    expect((await queue.receive({ waitSeconds: 0 }))?.body).toBe(body);
  });

  it('returns every value of a message in its type', async () => {
    const { client, clock } = await localSmq();
    const queue = client.queue('orders');
    const { messageId } = await queue.send('hello', { priority: 3 });
    const now = clock.now();
    expect(await queue.receive({ waitSeconds: 0 })).toEqual({
      messageId,
      body: 'hello',
      bodyMd5: '5D41402ABC4B2A76B9719D911017C592',
      receiptHandle: expect.any(String),
      enqueueTime: now,
      firstDequeueTime: now,
      nextVisibleTime: now + 30_000,
      dequeueCount: 1,
      priority: 3,
      userProperties: {},
    });
  });

  it('carries user properties of each type', async () => {
    const { client } = await localSmq();
    const queue = client.queue('orders');
    const userProperties = {
      text: 'a <b> & c',
      number: -1.5,
      yes: true,
      no: false,
      bytes: Buffer.from([0, 1, 254, 255]),
    };
    await queue.send('hello', { userProperties });
    expect((await queue.receive({ waitSeconds: 0 }))?.userProperties).toEqual(userProperties);
  });

  it('leaves options that are undefined to the queue', async () => {
    const { client, orders } = await localSmq();
    await orders.create({ delaySeconds: 5 });
    const queue = client.queue('orders');
    const sent = await queue.send('later');
    expect(sent.receiptHandle).toEqual(expect.any(String));
    expect(await queue.receive({ waitSeconds: 0 })).toBeUndefined();
  });

  it('returns undefined or an empty list for an empty queue', async () => {
    const { client } = await localSmq();
    const queue = client.queue('orders');
    expect(await queue.receive({ waitSeconds: 0 })).toBeUndefined();
    expect(await queue.receiveBatch({ max: 16, waitSeconds: 0 })).toEqual([]);
    expect(await queue.peek()).toBeUndefined();
    expect(await queue.peekBatch(16)).toEqual([]);
  });

  it('peeks without a lease', async () => {
    const { client } = await localSmq();
    const queue = client.queue('orders');
    await queue.send('hello');
    const peeked = await queue.peek();
    expect(peeked).toMatchObject({ body: 'hello', dequeueCount: 0, firstDequeueTime: undefined });
    expect(peeked).not.toHaveProperty('receiptHandle');
    expect(await queue.receive({ waitSeconds: 0 })).toMatchObject({ dequeueCount: 1 });
  });

  it('peeks at a message that was received before, with the time of that receive', async () => {
    const { client, clock } = await localSmq();
    const queue = client.queue('orders');
    await queue.send('hello');
    const received = await queue.receive({ waitSeconds: 0 });
    await queue.changeVisibility(received?.receiptHandle ?? '', 1);
    await clock.advance(1000);
    expect(await queue.peek()).toMatchObject({
      dequeueCount: 1,
      firstDequeueTime: received?.firstDequeueTime,
    });
  });
});

describe('leases', () => {
  it('deletes a message by a handle with characters that mean something in a URL', async () => {
    const { client, orders } = await localSmq();
    const queue = client.queue('orders');
    await queue.send('hello');
    const message = await queue.receive({ waitSeconds: 0 });
    expect(message?.receiptHandle).toMatch(/[=+/]/);
    await queue.delete(message?.receiptHandle ?? '');
    expect(orders.messages()).toEqual([]);
  });

  it('returns a new handle with a new end of the lease', async () => {
    const { client, clock } = await localSmq();
    const queue = client.queue('orders');
    await queue.send('hello');
    const message = await queue.receive({ waitSeconds: 0 });
    const changed = await queue.changeVisibility(message?.receiptHandle ?? '', 90);
    expect(changed.nextVisibleTime).toBe(clock.now() + 90_000);
    await clock.advance(60_000);
    await queue.delete(changed.receiptHandle);
  });

  it('refuses a handle whose lease has ended, and says what to do', async () => {
    const { client, clock } = await localSmq();
    const queue = client.queue('orders');
    await queue.send('hello');
    const message = await queue.receive({ waitSeconds: 0 });
    await clock.advance(31_000);
    const error = await queue.delete(message?.receiptHandle ?? '').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ code: 'MessageNotExist', status: 404, retryable: false });
    expect(String(error)).toContain('DeleteMessage on queue "orders" failed with 404');
    expect(String(error)).toContain('visibility timeout');
  });
});

describe('batches', () => {
  it('sends and receives 16, in the order of their results', async () => {
    const { client } = await localSmq();
    const queue = client.queue('orders');
    const bodies = Array.from({ length: 16 }, (_, index) => `message <${index}>`);
    const results = await queue.sendBatch(bodies.map((body) => ({ body })));
    const messages = await queue.receiveBatch({ waitSeconds: 0 });
    const idOf = new Map(messages.map(({ body, messageId }) => [body, messageId]));
    expect(results).toEqual(
      bodies.map((body) => ({
        ok: true,
        value: { messageId: idOf.get(body), bodyMd5: expect.any(String) },
      })),
    );
  });

  it('reports a partly failed send item by item', async () => {
    const { client, orders } = await localSmq();
    await orders.create({ maximumMessageSize: 1024 });
    const results = await client
      .queue('orders')
      .sendBatch([{ body: 'small' }, { body: 'x'.repeat(2000) }, { body: 'small too' }]);
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
    const failed = results[1];
    expect(failed?.ok === false && failed.error).toBeInstanceOf(ServiceError);
    expect(orders.messages()).toHaveLength(2);
  });

  it('reports a partly failed delete item by item, in the order of the handles', async () => {
    const { client, orders } = await localSmq();
    const queue = client.queue('orders');
    await queue.sendBatch([{ body: 'a' }, { body: 'b' }, { body: 'c' }]);
    const handles = (await queue.receiveBatch({ waitSeconds: 0 })).map((m) => m.receiptHandle);
    await queue.delete(handles[1] ?? '');
    const results = await queue.deleteBatch(handles);
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(results[1]).toMatchObject({ error: { code: 'MessageNotExist', retryable: false } });
    expect(orders.messages()).toEqual([]);
  });

  it('reports a whole delete handle by handle', async () => {
    const { client, orders } = await localSmq();
    const queue = client.queue('orders');
    await queue.sendBatch([{ body: 'a' }, { body: 'b' }]);
    const handles = (await queue.receiveBatch({ waitSeconds: 0 })).map((m) => m.receiptHandle);
    expect(await queue.deleteBatch(handles)).toEqual(Array(2).fill({ ok: true, value: undefined }));
    expect(orders.messages()).toEqual([]);
  });

  it('refuses a batch that is empty, too long or too large before anything is sent', async () => {
    const { client, orders } = await localSmq();
    const queue = client.queue('orders');
    const code = (promise: Promise<unknown>) => promise.catch((error) => error.code);
    expect(await code(queue.sendBatch([]))).toBe('InvalidBatchSize');
    expect(await code(queue.sendBatch(Array(17).fill({ body: 'x' })))).toBe('InvalidBatchSize');
    expect(await code(queue.sendBatch(Array(2).fill({ body: 'x'.repeat(40_000) })))).toBe(
      'PayloadTooLarge',
    );
    expect(await code(queue.deleteBatch([]))).toBe('InvalidBatchSize');
    await expect(queue.deleteBatch([])).rejects.toThrow('Batch has 0 receiptHandles: give 1 to 16');
    await expect(queue.sendBatch([])).rejects.toThrow('Batch has 0 messages: give 1 to 16');
    expect(orders.messages()).toEqual([]);
  });
});

describe('attributes', () => {
  it('are numbers, flags and milliseconds, and change only where they are set', async () => {
    const { client } = await localSmq();
    const queue = client.queue('orders');
    await queue.setAttributes({ visibilityTimeout: 45, loggingEnabled: true });
    await queue.send('hello');
    const attributes = await queue.attributes();
    expect(attributes).toMatchObject({
      name: 'orders',
      delaySeconds: 0,
      maximumMessageSize: 65_536,
      messageRetentionPeriod: 345_600,
      visibilityTimeout: 45,
      pollingWaitSeconds: 0,
      loggingEnabled: true,
      activeMessages: 1,
      inactiveMessages: 0,
      delayMessages: 0,
    });
    expect(Math.abs(attributes.createTime - Date.now())).toBeLessThan(60_000);
  });
});
