import { type Clock, sleep, systemClock } from '#shared/clock';
import { checkIn, parseClaim } from '#shared/publish/claims';
import type { Clients } from './clients.ts';
import { idOf, readEntry } from './entries.ts';

export interface Redriven {
  sent: number;
  /** Left in quarantine, each with the reason. */
  left: { id: string; reason: string }[];
}

/**
 * Sends messages back to the queues they came from, `rate` a second, and takes each out of
 * quarantine after that: one that is interrupted in between is sent twice, never lost.
 */
export async function redrive(
  { bucket, smq }: Clients,
  keys: AsyncIterable<string>,
  rate: number,
  clock: Clock = systemClock,
): Promise<Redriven> {
  const result: Redriven = { sent: 0, left: [] };
  let next = clock.now();
  for await (const key of keys) {
    await sleep(clock, next - clock.now());
    next = Math.max(next, clock.now()) + 1000 / rate;
    try {
      const { source, body, payload, userProperties } = await readEntry(bucket, key);
      if (source.kind !== 'queue')
        throw new Error(`came from the topic "${source.name}", which others get it from too`);
      // The object of the claim that came with it may be gone.
      const again = payload !== undefined && parseClaim(body) && (await checkIn(bucket, payload));
      await smq.queue(source.name).send(again ? again.body : body, { userProperties });
      await bucket.deleteObject(key);
      result.sent++;
    } catch (error) {
      result.left.push({ id: idOf(key), reason: (error as Error).message });
    }
  }
  return result;
}
