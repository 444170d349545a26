import type { Clock, Timer } from '../../clock.ts';
import { LocalCloudError } from '../../errors.ts';
import type { FunctionSpec } from '../../project/types.ts';
import { FcError } from '../errors.ts';
import type { InvocationResult } from '../invocation.ts';
import type { AsyncOutcome } from './outcome.ts';

/** Largest event of an asynchronous invocation. */
export const MAX_ASYNC_PAYLOAD_BYTES = 128 * 1024;

const DEFAULT_RETRIES = 3;
const DEFAULT_MAX_AGE_SECONDS = 86_400;

/** The wait before the first retry; each later one is twice as long. Documented for throttled invocations, and taken for a function's errors too. */
const FIRST_DELAY_MS = 500;

export interface AsyncInvocationsOptions {
  clock: Clock;
  /** The function as it is deployed now. Throws when it is not. */
  find(name: string): FunctionSpec;
  run(
    name: string,
    event: Buffer,
    how: { requestId: string; retryCount: number; notAfter: number },
  ): Promise<InvocationResult>;
  functionArn(name: string): string;
  /** Told of each outcome once: after a success, or when nothing more is tried. */
  onOutcome(fn: FunctionSpec, outcome: AsyncOutcome): void;
  say(functionName: string, text: string, requestId: string): void;
}

/** An event on its way. */
interface Pending {
  name: string;
  event: Buffer;
  requestId: string;
  /** What invoked it, for messages: `Timer trigger "tick"`. */
  origin: string;
  accepted: number;
  attempts: number;
}

/** The queue of asynchronous invocations: repeats what fails, gives up by number and by age. It is kept in memory: what waits when the runtime stops is gone. */
export class AsyncInvocations {
  readonly #options: AsyncInvocationsOptions;
  readonly #timers = new Set<Timer>();
  #closed = false;

  constructor(options: AsyncInvocationsOptions) {
    this.#options = options;
  }

  /** Takes an event; `onOutcome` hears what becomes of it. Throws FcError EntityTooLarge. */
  accept(name: string, event: Buffer, requestId: string, origin: string): void {
    if (event.length > MAX_ASYNC_PAYLOAD_BYTES)
      throw new FcError(
        'EntityTooLarge',
        `payload size exceeds maximum allowed size (${MAX_ASYNC_PAYLOAD_BYTES} bytes)`,
      );
    const accepted = this.#options.clock.now();
    void this.#attempt({ name, event, requestId, origin, accepted, attempts: 0 });
  }

  /** Gives up everything that waits. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  async #attempt(pending: Pending): Promise<void> {
    const { name, event, requestId } = pending;
    const retryCount = pending.attempts++;
    try {
      const notAfter = pending.accepted + this.#maxAgeMs(name);
      const result = await this.#options.run(name, event, { requestId, retryCount, notAfter });
      if (this.#closed) return;
      if (result.errorType) this.#failed(pending, result);
      else this.#end(pending, result);
    } catch (error) {
      if (!this.#closed) this.#broken(pending, error);
    }
  }

  #failed(pending: Pending, result: InvocationResult): void {
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
    const timer = clock.after(delay, () => {
      this.#timers.delete(timer);
      void this.#attempt(pending);
    });
    this.#timers.add(timer);
  }

  #maxAgeMs(name: string): number {
    const { asyncInvoke } = this.#options.find(name);
    return (asyncInvoke?.maxEventAge ?? DEFAULT_MAX_AGE_SECONDS) * 1000;
  }

  /** The function could not be reached: it is not repeated, as documented for internal errors. */
  #broken(pending: Pending, error: unknown): void {
    const remedy = error instanceof LocalCloudError ? `: ${error.remedy}` : '';
    const message = error instanceof Error ? error.message : String(error);
    this.#options.say(pending.name, `${pending.origin}: ${message}${remedy}`, pending.requestId);
    const reason =
      error instanceof FcError || error instanceof LocalCloudError
        ? error.code
        : 'InternalServerError';
    this.#end(pending, undefined, reason);
  }

  #end(pending: Pending, result: InvocationResult | undefined, reason?: string): void {
    const { clock, find, functionArn, onOutcome } = this.#options;
    const { name, event, requestId, attempts } = pending;
    const at = clock.now();
    onOutcome(find(name), {
      requestId,
      functionArn: functionArn(name),
      at,
      attempts,
      event,
      result,
      reason,
    });
  }
}
