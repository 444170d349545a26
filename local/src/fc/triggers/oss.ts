import type { OssTriggerSpec } from '../../project/types.ts';
import type { EventSources, ObjectChange } from '../sources.ts';
import { type OssEventOptions, ossEvent } from './oss-event.ts';
import type { Trigger } from './trigger.ts';

export interface OssTriggerOptions extends OssEventOptions {
  trigger: OssTriggerSpec;
  sources: Pick<EventSources, 'onObjectChange'>;
  invokeAsync(event: Buffer): void;
  onError(error: unknown): void;
}

/**
 * Invokes the function asynchronously for each change that matches the trigger's events, prefix and
 * suffix.
 */
export class OssTrigger implements Trigger {
  readonly name: string;
  readonly #options: OssTriggerOptions;
  #end: (() => void) | undefined;

  constructor(options: OssTriggerOptions) {
    this.#options = options;
    this.name = options.trigger.name;
  }

  start(): void {
    this.#end = this.#options.sources.onObjectChange((change) => this.#take(change));
  }

  stop(): void {
    this.#end?.();
  }

  #take(change: ObjectChange): void {
    const { trigger, invokeAsync, onError } = this.#options;
    if (!matches(trigger, change)) return;
    try {
      invokeAsync(Buffer.from(JSON.stringify(ossEvent(change, this.#options))));
    } catch (error) {
      onError(error);
    }
  }
}

/** Returns whether a change matches; `oss:ObjectCreated:*` means every event of its kind. */
export function matches(
  trigger: Pick<OssTriggerSpec, 'bucket' | 'events' | 'prefix' | 'suffix'>,
  { bucket, key, name }: Pick<ObjectChange, 'bucket' | 'key' | 'name'>,
): boolean {
  const wanted = [`oss:${name}`, `oss:${name.split(':')[0]}:*`];
  return (
    bucket === trigger.bucket &&
    key.startsWith(trigger.prefix) &&
    key.endsWith(trigger.suffix) &&
    trigger.events.some((event) => wanted.includes(event))
  );
}
