import type { Clock, Timer } from '../../clock.ts';
import { LocalCloudError } from '../../errors.ts';
import type { FunctionSpec } from '../../project/types.ts';
import { FcError } from '../errors.ts';
import type { InvocationResult } from '../invocation.ts';
import type { AsyncOutcome } from './outcome.ts';
import type { AsyncStore, Pending } from './store/types.ts';

/** Maximum event size of an asynchronous invocation. */
const MAX_ASYNC_PAYLOAD_BYTES = 128 * 1024;

const DEFAULT_RETRIES = 3;
const DEFAULT_MAX_AGE_SECONDS = 86_400;

/**
 * Maximum of maxAsyncEventAgeInSeconds: an older event whose function no longer exists is dropped.
 */
const MAX_EVENT_AGE_MS = 604_800_000;

/**
 * Delay before the first retry; each later one is twice as long. Documented for throttled
 * invocations, and used for a function's errors too.
 */
const FIRST_DELAY_MS = 500;

export interface AsyncInvocationsOptions {
  clock: Clock;
  /** Returns the function as currently deployed. Throws when it is not. */
  find(name: string): FunctionSpec;
  run(
    name: string,
    event: Buffer,
    how: { requestId: string; retryCount: number; notAfter: number },
  ): Promise<InvocationResult>;
  functionArn(name: string): string;
  /**
   * Sends each outcome, after a success or after the last retry, and resolves when it is sent.
   * Never rejects.
   */
  onOutcome(fn: FunctionSpec, outcome: AsyncOutcome): Promise<void>;
  say(functionName: string, text: string, requestId: string): void;
}

/** An event stored under a number. */
interface Kept extends Pending {
  key: number;
}

/**
 * The queue of asynchronous invocations: retries failed ones, gives up by number of attempts and by
 * age. Waiting events are in the store, from before they are accepted until their outcome has been
 * sent, and continue when the next runtime opens that store: at least once, with their age and
 * number of attempts.
 */
export class AsyncInvocations {
  readonly #options: AsyncInvocationsOptions;
  readonly #store: AsyncStore;
  readonly #timers = new Set<Timer>();
  /** Writes and outcomes in progress. */
  readonly #settling = new Set<Promise<void>>();
  /** Events from an earlier runtime whose function is not deployed yet. */
  #left: Kept[];
  #next: number;
  #state: 'open' | 'stopping' | 'closed' = 'open';

  constructor(options: AsyncInvocationsOptions, store: AsyncStore) {
    this.#options = options;
    this.#store = store;
    this.#left = [...store.read()].map(({ key, value }) => ({ ...value, key }));
    this.#next = (this.#left.at(-1)?.key ?? 0) + 1;
  }

  /**
   * Accepts an event; `onOutcome` gets its outcome. Resolves when it is stored; rejects when it
   * cannot be, and then it is not run. Throws FcError EntityTooLarge, and ServiceUnavailable after
   * `close`.
   */
  accept(name: string, event: Buffer, requestId: string, origin: string): Promise<void> {
    if (event.length > MAX_ASYNC_PAYLOAD_BYTES)
      throw new FcError(
        'EntityTooLarge',
        `payload size exceeds maximum allowed size (${MAX_ASYNC_PAYLOAD_BYTES} bytes)`,
      );
    if (this.#state === 'closed')
      throw new FcError('ServiceUnavailable', 'The runtime has been stopped');
    const accepted = this.#options.clock.now();
    const kept = { key: this.#next++, name, event, requestId, origin, accepted, attempts: 0 };
    return this.#settle(this.#put(kept).then(() => void this.#attempt(kept)));
  }

  /** Continues with an earlier runtime's events for the functions deployed by now. */
  resume(): void {
    const { clock, find, say } = this.#options;
    const left = this.#left;
    this.#left = [];
    for (const kept of left) {
      try {
        find(kept.name);
      } catch {
        if (clock.now() - kept.accepted > MAX_EVENT_AGE_MS)
          this.#keep(kept, this.#store.remove(kept.key));
        else this.#left.push(kept);
        continue;
      }
      say(kept.name, `${kept.origin}: continues after a restart`, kept.requestId);
      const ms = (kept.due ?? 0) - clock.now();
      if (ms > 0) this.#wait(kept, ms);
      else void this.#attempt(kept);
    }
  }

  /**
   * Starts nothing more, and resolves when all writes and outcomes in progress are done. Waiting
   * events stay in the store.
   */
  async close(): Promise<void> {
    this.#state = 'stopping';
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    while (this.#settling.size > 0) await Promise.allSettled(this.#settling);
    this.#state = 'closed';
    await this.#store.close();
  }

  #put({ key, ...pending }: Kept): Promise<void> {
    return this.#store.put(key, pending);
  }

  /** Records a promise that must settle before the end, and returns it. */
  #settle(promise: Promise<void>): Promise<void> {
    const over = (): void => void this.#settling.delete(promise);
    this.#settling.add(promise);
    promise.then(over, over);
    return promise;
  }

  #wait(pending: Kept, ms: number): void {
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      void this.#attempt(pending);
    });
    this.#timers.add(timer);
  }

  async #attempt(pending: Kept): Promise<void> {
    if (this.#state !== 'open') return;
    const { clock, run } = this.#options;
    const { name, event, requestId } = pending;
    const retryCount = pending.attempts++;
    try {
      const notAfter = pending.accepted + this.#maxAgeMs(name);
      if (clock.now() > notAfter)
        throw new FcError('AsyncEventTooOld', 'The event waited too long to be invoked');
      const result = await run(name, event, { requestId, retryCount, notAfter });
      if (this.#state !== 'open') return;
      if (result.errorType) this.#failed(pending, result);
      else this.#end(pending, result);
    } catch (error) {
      if (this.#state === 'open') this.#broken(pending, error);
    }
  }

  #failed(pending: Kept, result: InvocationResult): void {
    const { clock, find, say } = this.#options;
    const { asyncInvoke } = find(pending.name);
    const retries = asyncInvoke?.maxRetryAttempts ?? DEFAULT_RETRIES;
    const ageMs = this.#maxAgeMs(pending.name);
    const delay = FIRST_DELAY_MS * 2 ** (pending.attempts - 1);
    const text = `${pending.origin}: ${result.errorType}: ${result.body.toString()}`;
    const tooOld = clock.now() + delay - pending.accepted > ageMs;
    if (pending.attempts > retries || tooOld) {
      const why =
        retries === 0
          ? ''
          : tooOld
            ? `, no retry: older than ${ageMs / 1000} s`
            : ', no more retries';
      say(pending.name, `${text}${why}`, pending.requestId);
      this.#end(pending, result);
      return;
    }
    const nth = `retry ${pending.attempts} of ${retries} in ${delay / 1000} s`;
    say(pending.name, `${text}, ${nth}`, pending.requestId);
    pending.due = clock.now() + delay;
    this.#keep(pending, this.#put(pending));
    this.#wait(pending, delay);
  }

  /** Reports a failed write; the invocation continues. */
  #keep({ name, requestId }: Kept, written: Promise<void>): void {
    const { say } = this.#options;
    void this.#settle(
      written.catch((error) => say(name, `Cannot be stored: ${messageOf(error)}`, requestId)),
    );
  }

  #maxAgeMs(name: string): number {
    const { asyncInvoke } = this.#options.find(name);
    return (asyncInvoke?.maxEventAge ?? DEFAULT_MAX_AGE_SECONDS) * 1000;
  }

  /**
   * Ends an event whose function could not be reached: it is not retried, as documented for
   * internal errors.
   */
  #broken(pending: Kept, error: unknown): void {
    const remedy = error instanceof LocalCloudError ? `: ${error.remedy}` : '';
    this.#options.say(
      pending.name,
      `${pending.origin}: ${messageOf(error)}${remedy}`,
      pending.requestId,
    );
    const reason =
      error instanceof FcError || error instanceof LocalCloudError
        ? error.code
        : 'InternalServerError';
    this.#end(pending, undefined, reason);
  }

  #end(pending: Kept, result: InvocationResult | undefined, reason?: string): void {
    const { clock, find, functionArn, onOutcome } = this.#options;
    const { name, event, requestId, attempts } = pending;
    const at = clock.now();
    const sent = onOutcome(find(name), {
      requestId,
      functionArn: functionArn(name),
      at,
      attempts,
      event,
      result,
      reason,
    });
    this.#keep(
      pending,
      sent.then(() => this.#store.remove(pending.key)),
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
