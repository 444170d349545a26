import type { Clock } from '../../clock.ts';
import type { TopicTriggerSpec } from '../../project/types.ts';
import { pushWithRetries } from '../push-with-retries.ts';
import type { EventSources, TopicMessage } from '../sources.ts';
import { topicEvent } from './mns-topic-event.ts';
import type { Trigger } from './trigger.ts';

export interface TopicTriggerOptions {
  clock: Clock;
  trigger: TopicTriggerSpec;
  accountId: string;
  sources: Pick<EventSources, 'onPublish'>;
  /** Throws when the invocation is not accepted; it is then retried as notifyStrategy says. */
  /** Resolves when the event is accepted. */
  invokeAsync(event: Buffer): Promise<void>;
  onError(error: unknown): void;
}

/** Invokes the function asynchronously for each message published to a topic. notifyStrategy is for delivery only: once accepted, the function's own retries apply. */
export class TopicTrigger implements Trigger {
  readonly name: string;
  readonly #options: TopicTriggerOptions;
  readonly #stopped = new AbortController();
  #end: (() => void) | undefined;

  constructor(options: TopicTriggerOptions) {
    this.#options = options;
    this.name = options.trigger.name;
  }

  start(): void {
    const { sources, trigger } = this.#options;
    this.#end = sources.onPublish(trigger.topic, (message) => void this.#take(message));
  }

  stop(): void {
    this.#end?.();
    this.#stopped.abort();
  }

  async #take(message: TopicMessage): Promise<void> {
    const { clock, trigger, accountId, invokeAsync, onError } = this.#options;
    if (trigger.filterTag !== undefined && trigger.filterTag !== message.tag) return;
    const event = topicEvent(message, trigger, accountId);
    const { signal } = this.#stopped;
    try {
      await pushWithRetries(async () => invokeAsync(event), {
        clock,
        strategy: trigger.strategy,
        signal,
      });
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
  }
}
