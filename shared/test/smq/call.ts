import type { SmqClient } from '#src/smq/client';
import type { Queue } from '#src/smq/queue';
import type { Topic } from '#src/smq/topic';
import { clientOf } from './local-smq.ts';

/** A call of one of SMQ's operations. */
export type Call = (on: { client: SmqClient; queue: Queue; topic: Topic }) => Promise<unknown>;

/** Returns clients of the server at that address. */
export function on(url: string) {
  const client = clientOf(url);
  return { client, queue: client.queue('q'), topic: client.topic('t') };
}
