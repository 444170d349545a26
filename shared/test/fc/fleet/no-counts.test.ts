import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { drain } from '#src/consume/drain';
import { runFleet } from '#src/fc/fleet/fleet';
import { createLog } from '#src/log/log';
import { OssClient } from '#src/oss/bucket/client';
import * as z from '#src/schema/index';
import { SmqClient } from '#src/smq/client';
import { ACCOUNT, localAccount, OWNER, REGION } from '#test/local-account';

/** SMQ as announced: the counts of messages in a queue's attributes are 0, however many are waiting. */
async function withoutCounts(url: string): Promise<string> {
  const server = createServer((asked, response) => {
    const { method, url: path, headers } = asked;
    const sent = request(url + path, { method, headers }, async (answer) => {
      const body = await text(answer);
      const counts = /<((?:Active|Inactive|Delay)Messages)>\d+</g;
      const { 'content-length': _length, ...rest } = answer.headers;
      response.writeHead(answer.statusCode ?? 500, rest).end(body.replace(counts, '<$1>0<'));
    });
    asked.pipe(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function waiting(messages: number) {
  const resources = {
    queues: [{ name: 'q' }],
    buckets: [{ name: 'places', acl: 'private' as const }],
  };
  const { cloud, clock } = await localAccount({ resources }, ['*']);
  for (let n = 0; n < messages; n++) await cloud.queue('q').send(String(n));
  const SMQ_ENDPOINT = await withoutCounts(cloud.smq.url);
  const env = { ...cloud.environment, SMQ_ENDPOINT };
  const at = { accountId: ACCOUNT, region: REGION, credentials: OWNER, env };
  const queue = new SmqClient(at).queue('q');
  expect(await queue.attributes()).toMatchObject({ activeMessages: 0, inactiveMessages: 0 });
  return { queue, clock, bucket: new OssClient({ ...at, bucket: 'places' }) };
}

const log = createLog({ level: 'silent' });

it('starts workers for waiting messages although the counts of the queue are 0', async () => {
  const { queue, clock, bucket } = await waiting(20);
  const options = { bucket, clock, log, maxWorkers: 8, workerSeconds: 120, workerRequests: 300 };
  const started: number[] = [];
  const run = () =>
    runFleet(queue, {
      ...options,
      deadline: { remaining: () => 0 },
      start: async (place) => void started.push(place),
    });
  expect(await run()).toEqual({ started: 1, workers: 1, backlog: true });
  expect(await run()).toEqual({ started: 1, workers: 2, backlog: true });
  expect(started).toEqual([1, 2]);
});

it('drains waiting messages although the counts of the queue are 0', async () => {
  const { queue } = await waiting(3);
  const handled: number[] = [];
  const report = await drain(queue, {
    schema: z.number(),
    deadline: { remaining: () => 60_000 },
    log,
    handle: async (number) => void handled.push(number),
  });
  expect(report).toMatchObject({ received: 3, handled: 3 });
  expect(handled.toSorted()).toEqual([0, 1, 2]);
});
