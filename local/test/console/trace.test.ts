import { randomBytes } from 'node:crypto';
import { OssClient } from 'fc-kit/oss';
import { SmqClient } from 'fc-kit/smq';
import { DrivenClock, type TestCloud, type TestCloudOptions } from 'fc-local/testing';
import { describe, expect, it } from 'vitest';
import { until } from '#src/testing/until';
import { type Acting, startActing } from './acting.ts';
import { linkOf, seen, startTestConsole } from './fixture.ts';

const parentOf = (traceId: string): string => `00-${traceId}-00f067aa0ba902b7-01`;
const newTraceId = (): string => randomBytes(16).toString('hex');

const smqOf = ({ region, accountId, environment }: TestCloud, { credentials }: Acting) =>
  new SmqClient({ region, accountId, credentials, env: environment });
const ossOf = ({ region, environment }: TestCloud, { credentials }: Acting) =>
  new OssClient({ region, bucket: 'photos', credentials, env: environment });

/**
 * Handles orders like a plain handler: each is published, received, stored, and its object
 * recorded. `propagates`: with a traceparent.
 */
async function handleOrders(
  acting: Acting,
  cloud: TestCloud,
  propagates: boolean,
): Promise<string> {
  const smq = smqOf(cloud, acting);
  if (acting.functionName === 'publisher') {
    const { headers, body } = JSON.parse(acting.event);
    const traceparent = headers.Traceparent ?? headers.traceparent;
    if (!propagates) {
      await smq.queue('orders').send(body);
      return 'published';
    }
    await smq.topic('news').publish(body, { userProperties: { traceparent } });
    return 'published';
  }
  if (acting.functionName === 'recorder') return 'recorded';
  const messages = await smq.queue('orders').receiveBatch({ max: 16, waitSeconds: 0 });
  const lines: string[] = [];
  for (const { body, receiptHandle, userProperties } of messages) {
    const key = `orders/${body}.json`;
    await ossOf(cloud, acting).putObject(key, body);
    await smq.queue('orders').delete(receiptHandle);
    const traceId = String(userProperties?.traceparent).split('-')[1];
    lines.push(JSON.stringify({ level: 'info', message: 'Stored order', key, traceId }));
  }
  return lines.join('\n');
}

interface Options extends TestCloudOptions {
  propagates?: boolean;
}

async function started({ propagates = true, ...options }: Options = {}) {
  const { cloud, get } = await startActing(
    (acting, running) => handleOrders(acting, running, propagates),
    {},
    options,
  );
  const order = async (id: string, traceId: string): Promise<string> => {
    const response = await fetch(cloud.function('publisher').url, {
      method: 'POST',
      body: id,
      headers: { traceparent: parentOf(traceId) },
    });
    expect(response.status).toBe(200);
    return response.headers.get('x-fc-request-id') ?? '';
  };
  const recorded = (count: number) =>
    until(() => cloud.function('recorder').invocations().length === count);
  return { cloud, get, order, recorded };
}

/** Returns the rows of the waterfall as a reader sees them. */
function rowsIn(text: string): string[] {
  return [...text.matchAll(/<tr><td class="depth.*?<\/tr>/gs)].map(([row]) =>
    seen({ status: 200, headers: {}, text: row }).trim(),
  );
}

describe('a trace', () => {
  it('follows an order through HTTP, topic, queue, consumer and object to its event', async () => {
    const { cloud, get, order, recorded } = await started();
    const traceId = newTraceId();
    const requestId = await order('one', traceId);
    await cloud.function('consumer').fireTimer();
    await recorded(1);

    const page = await get(`/traces/${traceId}`);
    expect(page.status).toBe(200);
    const rows = rowsIn(page.text);
    const kinds = [
      /^publisher .* 200/,
      /^mns:PublishMessage .*topics\/news\/messages .* 201/,
      /^message in topic news /,
      /^message in queue orders .* deleted after 1 receive/,
      /^lease 1 .* deleted/,
      /^consumer .* 200/,
      /^mns:BatchReceiveMessage .* 200/,
      /^oss:PutObject photos\/orders\/one.json .* 200/,
      /^mns:DeleteMessage .* 204/,
      /^recorder .* 200/,
    ];
    for (const kind of kinds) expect(rows).toContainEqual(expect.stringMatching(kind));
    expect(rows).toHaveLength(kinds.length);
    expect(rows[0]).toMatch(/^publisher/);
    expect(rows.at(-1)).toMatch(/^recorder/);
    expect(seen(page)).toContain('Stored order');
    expect(page.text).not.toMatch(/style=|NaN|Infinity|undefined/);

    // Each invocation links to it, and by the id of the first request it is the same page.
    const invocation = await get(`/functions/publisher/invocations/${requestId}`);
    expect(linkOf(invocation, traceId)).toBe(`/traces/${traceId}`);
    expect(rowsIn((await get(`/traces/${requestId}`)).text)).toHaveLength(kinds.length);
    expect(linkOf(await get('/traces'), traceId)).toBe(`/traces/${traceId}`);
  });

  it('has of a batch what belongs to its order, and says how much may be another’s', async () => {
    const { cloud, get, order, recorded } = await started();
    const [first, second] = [newTraceId(), newTraceId()];
    await order('one', first);
    await order('two', second);
    await cloud.function('consumer').fireTimer();
    await recorded(2);
    for (const [traceId, own, other] of [
      [first, 'one', 'two'],
      [second, 'two', 'one'],
    ] as const) {
      const page = await get(`/traces/${traceId}`);
      const rows = rowsIn(page.text);
      expect(rows).toContainEqual(
        expect.stringMatching(`^oss:PutObject photos/orders/${own}.json`),
      );
      expect(rows.filter((row) => row.startsWith('recorder'))).toHaveLength(1);
      expect(rows.filter((row) => row.startsWith('mns:DeleteMessage'))).toHaveLength(1);
      expect(rows.join()).not.toContain(`orders/${other}.json`);
      expect(seen(page)).not.toContain(`"orders/${other}.json"`);
      expect(seen(page)).toContain('consumer took part in other traces too: 1 request');
    }
  });

  it('shows a message that waits, one that is leased, and a lease that ended', async () => {
    const clock = new DrivenClock(Date.now());
    const { cloud, get, order } = await started({ clock });
    const traceId = newTraceId();
    await order('one', traceId);
    const rows = async () => rowsIn((await get(`/traces/${traceId}`)).text);
    expect(await rows()).toContainEqual(
      expect.stringMatching(/^message in queue orders .* goes on active, 0 receives/),
    );
    const smq = new SmqClient({ ...cloud, credentials: cloud.accessKey, env: cloud.environment });
    const queue = smq.queue('orders');
    await queue.receive({ waitSeconds: 0 });
    expect(await rows()).toContainEqual(expect.stringMatching(/^lease 1 .* goes on held/));
    await clock.advance(31_000);
    expect(await rows()).toContainEqual(expect.stringMatching(/^lease 1 .* 30.0 s ended/));
    const message = await queue.receive({ waitSeconds: 0 });
    await queue.changeVisibility(message?.receiptHandle ?? '', 600);
    await clock.advance(40_000);
    const again = await rows();
    expect(again).toContainEqual(expect.stringMatching(/^lease 1 .* ended/));
    expect(again).toContainEqual(expect.stringMatching(/^lease 2 .* goes on held/));
    expect(again).toContainEqual(expect.stringMatching(/inactive, 2 receives/));
  });

  it('of a handler that names none is followed by the ids of messages and requests', async () => {
    const { cloud, get, recorded } = await started({ propagates: false });
    const url = cloud.function('publisher').url;
    const response = await fetch(url, { method: 'POST', body: 'one' });
    await cloud.function('consumer').fireTimer();
    await recorded(1);
    const page = await get(`/traces/${response.headers.get('x-fc-request-id')}`);
    expect(seen(page)).toContain('nothing named one trace');
    const rows = rowsIn(page.text).join('\n');
    for (const part of ['publisher', 'message in queue orders', 'consumer', 'recorder'])
      expect(rows).toContain(part);
  });

  it('shows refusals on the way', async () => {
    const { cloud, get } = await startActing(
      (acting, running) => handleOrders(acting, running, true),
      { publisher: ['oss:GetObject'] },
    );
    const traceId = newTraceId();
    const response = await fetch(cloud.function('publisher').url, {
      method: 'POST',
      body: 'one',
      headers: { traceparent: parentOf(traceId) },
    });
    expect(response.status).toBe(502);
    const rows = rowsIn((await get(`/traces/${traceId}`)).text);
    expect(rows).toContainEqual(expect.stringMatching(/^mns:PublishMessage .* 403 AccessDenied/));
    expect(rows).toHaveLength(2);
  });

  it('that is not stored is a 404', async () => {
    const { get } = await started();
    expect((await get(`/traces/${newTraceId()}`)).status).toBe(404);
    expect((await get('/traces/none')).status).toBe(404);
    expect(seen(await get('/traces'))).toContain('No invocation named a trace yet.');
  });

  it('is linked from a message that names it', async () => {
    const { get, order } = await started();
    const traceId = newTraceId();
    await order('one', traceId);
    expect(linkOf(await get('/queues/orders'), parentOf(traceId))).toBe(`/traces/${traceId}`);
  });
});

it('a trace of very many messages shows the first five hundred, and says that there are more', async () => {
  const { smq, get } = await startTestConsole();
  await smq.createQueue('more');
  const traceId = newTraceId();
  const traceparent = { name: 'traceparent', value: parentOf(traceId), type: 'STRING' } as const;
  const send = (queue: string) => smq.send(queue, { body: 'x', userProperties: [traceparent] });
  const fill = async (queue: string, count: number) => {
    await Promise.all(Array.from({ length: count }, () => send(queue)));
  };
  for (const queue of ['dead', 'more']) await fill(queue, 200);
  await fill('orders', 100);
  const all = await get(`/traces/${traceId}`);
  expect(rowsIn(all.text)).toHaveLength(500);
  expect(all.text).not.toContain('It has more messages');
  await fill('orders', 1);
  const part = await get(`/traces/${traceId}`);
  expect(rowsIn(part.text)).toHaveLength(500);
  expect(part.text).toContain('It has more messages than these');
});
