import * as z from 'zod';
import { Deadline } from '#src/context/deadline';
import { createLog } from '#src/log/log';
import { OssClient } from '#src/oss/bucket/client';
import { SmqClient } from '#src/smq/client';
import type { Queue } from '#src/smq/queue';
import { ACCOUNT, localAccount, OWNER, REGION } from '#test/local-account';
import { BUCKET } from '#test/oss/local-oss';

export const schema = z.object({ n: z.number() });
export const numbers = (count: number) =>
  Array.from({ length: count }, (_, n) => JSON.stringify({ n }));

/**
 * Makes a queue with these bodies (leases of 60 seconds), a bucket on the same clock, and options for drain
 * with what it has logged.
 */
export async function queueOf(
  bodies: string[],
  { visibilityTimeout = 60, strictHandles = true }: Record<string, number | boolean> = {},
) {
  const resources = {
    buckets: [{ name: BUCKET, acl: 'private' as const }],
    queues: [
      { name: 'dead' },
      {
        name: 'q',
        visibilityTimeout: Number(visibilityTimeout),
        deadLetter: { queue: 'dead', maxReceiveCount: 20 },
      },
    ],
  };
  const { cloud, clock } = await localAccount({
    resources,
    strictHandles: strictHandles === true,
  });
  for (const body of bodies) await cloud.queue('q').send(body);
  const at = { accountId: ACCOUNT, region: REGION, credentials: OWNER, env: cloud.environment };
  const client = new SmqClient(at);
  const bucket = new OssClient({ ...at, bucket: BUCKET });
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const options = (timeout = 60) => ({
    schema,
    clock,
    log: createLog({ level: 'info', destination }),
    deadline: new Deadline({ function: { memory: 512, timeout } }, () => clock.now()),
    handle: async () => {},
    random: () => 1,
  });
  return {
    clock,
    bucket,
    lines,
    client,
    queue: client.queue('q'),
    options,
    left: (name = 'q') => cloud.queue(name).messages(),
    objects: async (prefix: string) => cloud.bucket(BUCKET).keys(prefix),
  };
}

/**
 * Whether a receive has found nothing, which ends a drain that does not wait: it receives no more then,
 * however far the clock moves.
 */
export function emptied(queue: Queue): () => boolean {
  let empty = false;
  const receiveBatch = queue.receiveBatch.bind(queue);
  queue.receiveBatch = async (asked) => {
    const messages = await receiveBatch(asked);
    empty ||= messages.length === 0;
    return messages;
  };
  return () => empty;
}

export const COUNTS = { received: 0, handled: 0, failed: 0, returned: 0, dead: 0 };
