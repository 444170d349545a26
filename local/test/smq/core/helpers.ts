import { DrivenClock } from '#src/clock';
import type { ReceivedMessage } from '#src/smq/core/message';
import { SmqService } from '#src/smq/core/service';
import type { ServiceOptions } from '#src/smq/core/service-options';
import { memoryStore } from '#src/smq/store/memory';

/** Returns an account in memory, with a clock that the test moves. */
export function service(options: Partial<ServiceOptions> = {}): {
  clock: DrivenClock;
  smq: SmqService;
} {
  const clock = new DrivenClock(1_000_000_000_000);
  const smq = new SmqService({ clock, store: memoryStore(), accountId: '1', ...options });
  return { clock, smq };
}

export async function receiveOne(smq: SmqService, queue = 'q'): Promise<ReceivedMessage> {
  const [message] = await smq.receive(queue);
  if (!message) throw new Error('nothing to receive');
  return message;
}

export function bodies(messages: { body: string }[]): string[] {
  return messages.map(({ body }) => body);
}
