import { type Clock, systemClock, type Timer } from '../clock/clock.ts';
import { AppError } from '../errors/errors.ts';
import { withFields } from '../log/log.ts';
import { retrying } from '../retry/retry.ts';
import { ClaimMemory } from './claim-memory.ts';
import { handleOne, type Verdict } from './handle-one.ts';
import type { Incoming } from './message.ts';
import type { ConsumeOptions, ConsumeReport } from './options.ts';
import { quarantineEntry } from './quarantine.ts';

const RESERVE_MS = 10_000;
const MAX_GRACE_MS = 2000;
const MAX_CLAIM_BYTES = 64 * 1024 * 1024;

/** A handler's signal and what fires it: a Lease or an AbortController. */
export interface Abortable {
  readonly signal: AbortSignal;
  abort(reason: Error): void;
}

/**
 * What draining a queue and handling a pushed batch share: the time left, ending the handlers, quarantine
 * and the report.
 */
export class Consumption<Payload> {
  readonly clock: Clock;
  readonly report: ConsumeReport = { received: 0, handled: 0, failed: 0, returned: 0, dead: 0 };
  readonly #options: ConsumeOptions<Payload>;
  readonly #reserve: number;
  readonly #claimMemory: ClaimMemory;
  /** Functions that each end one running handler. */
  readonly #stops = new Set<(reason: Error) => void>();
  #over = false;
  readonly #end: Timer;

  constructor(options: ConsumeOptions<Payload>) {
    const { clock = systemClock, deadline, reserveMs = RESERVE_MS } = options;
    this.clock = clock;
    this.#options = options;
    this.#claimMemory = new ClaimMemory(options.maxClaimBytes ?? MAX_CLAIM_BYTES);
    const total = deadline.remaining();
    this.#reserve = Math.min(reserveMs, total / 2);
    const grace = Math.min(MAX_GRACE_MS, this.#reserve / 4);
    this.#end = clock.after(Math.max(0, total - grace), () => {
      const message = 'Invocation is about to end';
      const remedy = "raise the function's timeout in s.yaml, or do less for each message";
      this.#over = true;
      const reason = new AppError(message, { code: 'DeadlineExceeded', remedy });
      for (const stop of this.#stops) stop(reason);
    });
  }

  /** Time left, in ms, in which another message may be started. */
  get left(): number {
    return this.#over ? 0 : this.#options.deadline.remaining() - this.#reserve;
  }

  /**
   * Handles a message as handleOne does. A handler that does not end in time is aborted, counts as failed,
   * and is no longer waited for.
   */
  handle(incoming: Incoming, work: Abortable): Promise<Verdict> {
    return new Promise((resolve) => {
      const stop = (error: Error) => {
        work.abort(error);
        const { messageId, attempt = 1 } = incoming;
        const log = withFields(this.#options.log, { messageId });
        resolve({ outcome: 'failed', error, attempt, traceId: '', log });
      };
      this.#stops.add(stop);
      const { signal } = work;
      void handleOne(incoming, this.#options, signal, this.#claimMemory).then((verdict) => {
        this.#stops.delete(stop);
        resolve(verdict);
      });
    });
  }

  /** Puts a poison message into quarantine. Returns false when that failed, or when there is no quarantine. */
  async setAside(
    incoming: Incoming,
    { error, attempt, traceId, log, payload }: Verdict & { outcome: 'poison' },
    receivedAt: number,
  ): Promise<boolean> {
    const { quarantine } = this.#options;
    if (!quarantine) return false;
    const seen = { dequeueCount: attempt, receivedAt, traceId, payload };
    const entry = quarantineEntry(incoming, error, seen);
    try {
      const where = await retrying(() => quarantine.put(entry), { clock: this.clock });
      log.error({ attempt, error, quarantine: where }, 'Quarantined message');
      return true;
    } catch (reason) {
      log.error({ error: reason }, 'Quarantine failed');
      return false;
    }
  }

  end(): void {
    this.#end.cancel();
  }
}
