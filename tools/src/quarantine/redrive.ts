import { setTimeout as pause } from 'node:timers/promises';
import type { Source } from 'fc-kit/consume';
import { UNKNOWN_SOURCE } from 'fc-kit/consume';
import { decodeBody } from 'fc-kit/events';
import { checkIn, parseClaim } from 'fc-kit/publish';
import type { Clients } from './clients.ts';
import type { KeptMessage } from './kept-message.ts';

export interface Redriven {
  sent: number;
  /** Messages left in quarantine, each with the reason. */
  left: { id: string; reason: string }[];
}

export interface RedriveOptions {
  /** Messages a second. */
  rate: number;
  /** The queue to send them to; default that which each came from. */
  to?: string | undefined;
  /** Sends the text of bodies that are base64 of JSON, which a consumer without `encoding` cannot handle. */
  decode?: boolean | undefined;
  /** Milliseconds since the epoch; default the real time. */
  now?(): number;
  /** Resolves in `ms` milliseconds. */
  sleep?(ms: number): Promise<void>;
}

/**
 * Sends messages back to the queues they came from, `rate` a second, and then removes each from quarantine:
 * if this is interrupted in between, a message is sent twice, never lost.
 */
export async function redrive(
  { bucket, smq }: Clients,
  messages: AsyncIterable<KeptMessage>,
  { rate, to, decode = false, now = Date.now, sleep = pause }: RedriveOptions,
): Promise<Redriven> {
  const result: Redriven = { sent: 0, left: [] };
  let next = now();
  for await (const message of messages) {
    await sleep(Math.max(0, next - now()));
    next = Math.max(next, now()) + 1000 / rate;
    try {
      const { source, body: kept, payload, userProperties, messageGroupId } = await message.read();
      const body = decode ? decodeBody(kept, 'auto') : kept;
      const queue = smq.queue(to ?? originOf(source));
      // The object of the original claim may be gone.
      const again = payload !== undefined && parseClaim(body) && (await checkIn(bucket, payload));
      await queue.send(again ? again.body : body, {
        userProperties,
        ...(messageGroupId !== undefined && { messageGroupId }),
      });
      await message.remove();
      result.sent++;
    } catch (error) {
      result.left.push({ id: message.id, reason: (error as Error).message });
    }
  }
  return result;
}

function originOf({ kind, name }: Source): string {
  if (kind === 'topic')
    throw new Error(`came from the topic "${name}", which others get it from too; give --to QUEUE`);
  if (name === UNKNOWN_SOURCE) throw new Error('does not say where it came from; give --to QUEUE');
  return name;
}
