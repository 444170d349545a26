import type { Clock, Timer } from '../../clock.ts';
import { firstAfter } from '../bytes.ts';
import type { Store } from '../store/types.ts';
import type { Buckets } from './buckets.ts';
import { isAbandoned, isExpired, untilNextRun } from './lifecycle-rules.ts';
import type { Objects } from './objects.ts';
import type { Uploads } from './uploads.ts';

export interface LifecycleParts {
  store: Store;
  buckets: Buckets;
  objects: Objects;
  uploads: Uploads;
  clock: Clock;
}

/** Applies the buckets' lifecycle rules at midnight UTC of each day, as OSS does. */
export class Lifecycle {
  readonly #parts: LifecycleParts;
  #timer: Timer | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  /** Waits for the next midnight if any bucket has rules. Call it after rules have changed. */
  schedule(): void {
    const { buckets, clock } = this.#parts;
    const wanted = buckets.list().some(({ lifecycle }) => lifecycle && lifecycle.length > 0);
    if (!wanted || this.#closed || this.#timer) return;
    this.#timer = clock.after(untilNextRun(clock.now()), () => {
      this.#timer = undefined;
      this.#running = this.run().finally(() => this.schedule());
      this.#running.catch((error: unknown) =>
        process.emitWarning(error instanceof Error ? error : String(error)),
      );
    });
  }

  /** Applies the rules now; also catches up on the midnights at which nothing ran. */
  async run(): Promise<void> {
    const { store, buckets, objects, uploads, clock } = this.#parts;
    const now = clock.now();
    for (const { name, lifecycle = [] } of buckets.list()) {
      if (lifecycle.length === 0) continue;
      const scope = [`${name}\0`, firstAfter(`${name}\0`)] as const;
      const expired = [...store.objects.range(...scope)]
        .map(([, object]) => object)
        .filter((object) => isExpired(lifecycle, object, now));
      for (const object of expired)
        await objects.removeIf(object, (current) => isExpired(lifecycle, current, now));
      const abandoned = [...store.uploads.range(...scope)]
        .map(([, upload]) => upload)
        .filter((upload) => isAbandoned(lifecycle, upload, now));
      for (const upload of abandoned) await uploads.abort(upload).catch(ignoreGone);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#running;
  }
}

/** Ignores an upload or object that is already gone. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'NoSuchUpload')) throw error;
}
