import { sleep } from '../clock/clock.ts';
import { isTransient } from '../errors/errors.ts';
import { MAX_BATCH, MIN_VISIBILITY_SECONDS } from '../smq/limits.ts';
import type { Queue } from '../smq/queue.ts';
import type { Message } from '../smq/types.ts';
import type { BackOff } from './back-off.ts';
import { Consumption } from './consumption.ts';
import { Groups } from './groups.ts';
import { Lease } from './lease.ts';
import type { Incoming } from './message.ts';
import type { ConsumeOptions, ConsumeReport } from './options.ts';
import { Pace } from './pace.ts';
import { type Outcome, type Settled, Settlement } from './settlement.ts';
import { Slots } from './slots.ts';

export interface DrainOptions<Payload> extends ConsumeOptions<Payload> {
  /** Seconds, 0 to 30, that the queue must have been empty before draining ends, spent in one long poll; default 0. */
  waitSeconds?: number;
  /** Whether leases of messages in hand are extended; default true. Needs mns:ChangeMessageVisibility. */
  heartbeat?: boolean;
  /** When a failed message comes back. */
  backOff?: BackOff;
  /** Source of randomness for the back-off; default Math.random. */
  random?: () => number;
}

/** Consecutive failed receives before draining gives up: one more ends it. */
const MAX_FAILED_RECEIVES = 5;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 1000;

/**
 * Receives, handles and deletes, all three at the same time, until the queue is empty or the deadline is
 * near: `concurrency` handlers, as many receives as they can take, deletes in batches.
 *
 * - While the queue has plenty and handlers are short, messages are received ahead, so that none of the
 * handlers waits for a receive. Their leases are held meanwhile: without `heartbeat` none is received ahead.
 * - A message is deleted after its handler has succeeded, never before, by its newest receipt handle.
 * - A failed message comes back after a back-off that grows with its DequeueCount.
 * - A poison message (not JSON, invalid by the schema, failed too often) is quarantined, then deleted.
 * - A message received but not started before the deadline is given back at once.
 * - When a message's lease is lost, its handler's signal fires and the message is not deleted.
 * - Messages of a group (`messageGroupId`) are handled one after the other, their leases held meanwhile.
 * After one that is not done, the others are given back unstarted until that one is visible again.
 *
 * Whatever goes wrong, a message may be handled twice (pass `idempotency`) but is never lost. Rejects when
 * the queue cannot be received from, after the messages in hand are finished.
 */
export async function drain<Payload>(
  queue: Queue,
  options: DrainOptions<Payload>,
): Promise<ConsumeReport> {
  return new Drain(queue, options).run();
}

class Drain<Payload> {
  readonly #queue: Queue;
  readonly #options: DrainOptions<Payload>;
  readonly #consumption: Consumption<Payload>;
  readonly #settlement: Settlement<Payload>;
  readonly #groups: Groups;
  readonly #slots: Slots;
  readonly #pace: Pace;
  readonly #concurrency: number;
  /** Messages received and not yet deleted, given back or set aside. */
  #inHand = 0;
  /** Messages that pending receives may bring. */
  #asked = 0;
  #receives = 0;
  /** The last answer was full, so there is more. */
  #plenty = false;
  #emptySince: number | undefined;
  #done = false;
  /** Nothing was received while a message of a group is in hand: receives pause until one is done. */
  #heldBack = false;
  #failures = 0;
  #failure: unknown;
  #wake = () => {};

  constructor(queue: Queue, options: DrainOptions<Payload>) {
    this.#queue = queue;
    this.#options = options;
    this.#consumption = new Consumption(options);
    this.#settlement = new Settlement(queue, options, this.#consumption);
    this.#groups = new Groups(this.#consumption.clock);
    this.#concurrency = options.concurrency ?? MAX_BATCH;
    this.#slots = new Slots(this.#concurrency, this.#consumption);
    this.#pace = new Pace(this.#concurrency);
  }

  async run(): Promise<ConsumeReport> {
    const { report } = this.#consumption;
    while (this.#receiveMore() || this.#inHand > 0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#consumption.end();
    this.#options.log.info({ queue: this.#queue.name, ...report }, 'Drained queue');
    if (this.#failure !== undefined) throw this.#failure;
    return report;
  }

  /**
   * Starts the receives there is room for. The first may wait; further ones run beside it only while
   * answers are full, each for a full batch, as is one while no handler is free. Returns whether one is
   * under way.
   */
  #receiveMore(): boolean {
    while (!this.#done && !this.#heldBack && this.#consumption.left > 0) {
      const room = this.#room();
      const least = this.#slots.free > 0 ? 1 : Math.min(MAX_BATCH, this.#concurrency);
      const first = this.#receives === 0 && room >= least;
      if (!first && !(this.#plenty && room >= MAX_BATCH)) break;
      void this.#receive(Math.min(MAX_BATCH, room), first ? this.#wait() : 0);
    }
    return this.#receives > 0;
  }

  /**
   * Room for messages: each needs a free handler, or a place among those received ahead while there are
   * plenty; and as many as there are handlers may wait for their delete.
   */
  #room(): number {
    const { heartbeat = true } = this.#options;
    const ahead = this.#plenty && heartbeat ? this.#pace.ahead(this.#consumption.left) : 0;
    const deletes = 2 * this.#concurrency - this.#inHand;
    return Math.min(this.#slots.free, deletes) + ahead - this.#asked;
  }

  /** Seconds of the next poll: no longer than the time left to start what it brings. */
  #wait(): number {
    const { waitSeconds = 0 } = this.#options;
    const empty =
      this.#emptySince === undefined ? 0 : this.#consumption.clock.now() - this.#emptySince;
    const wait = Math.min(waitSeconds - empty / 1000, this.#consumption.left / 1000);
    return Math.max(0, Math.floor(wait));
  }

  async #receive(max: number, waitSeconds: number): Promise<void> {
    const start = this.#consumption.clock.now();
    const grouped = this.#groups.busy;
    this.#receives++;
    this.#asked += max;
    let pause = 0;
    try {
      const messages = await this.#queue.receiveBatch({ max, waitSeconds });
      this.#asked -= max;
      this.#failures = 0;
      const isFull = messages.length === max;
      const took = this.#consumption.clock.now() - start;
      if (this.#plenty && isFull && messages.some((one) => wasThere(one, took)))
        this.#pace.received(took);
      this.#plenty = isFull;
      for (const message of messages) void this.#accept(message);
      if (messages.length === 0) pause = this.#foundNothing(start, grouped);
      else this.#emptySince = undefined;
    } catch (error) {
      this.#asked -= max;
      this.#plenty = false;
      pause = this.#failed(error);
    }
    if (pause > 0)
      await sleep(this.#consumption.clock, Math.min(pause, Math.max(0, this.#consumption.left)));
    this.#receives--;
    this.#wake();
  }

  /**
   * Ends draining once the queue has been empty for the requested time. Returns a pause in ms when SMQ
   * answered at once, as it does when there are too many polls at a time.
   */
  #foundNothing(start: number, grouped: boolean): number {
    if (grouped || this.#groups.busy) {
      // The queue may hold more of the group, withheld because one of it was in hand.
      this.#heldBack = this.#groups.busy;
      return 0;
    }
    this.#emptySince ??= start;
    const { waitSeconds = 0 } = this.#options;
    const now = this.#consumption.clock.now();
    this.#done = (now - this.#emptySince) / 1000 > waitSeconds - 1;
    return this.#done || now - start > MAX_PAUSE_MS ? 0 : MAX_PAUSE_MS;
  }

  #failed(error: unknown): number {
    const given = isTransient(error) && ++this.#failures <= MAX_FAILED_RECEIVES;
    if (given) {
      this.#options.log.warn({ error }, 'Receive failed, trying again');
      return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    }
    this.#done = true;
    this.#failure = error;
    return 0;
  }

  async #accept(message: Message): Promise<void> {
    const { report } = this.#consumption;
    report.received++;
    this.#inHand++;
    if (this.#consumption.left > 0) report[await this.#inTurn(message)]++;
    else {
      report.returned++;
      const receipt = { handle: message.receiptHandle, ends: message.nextVisibleTime };
      await this.#settlement.giveBack(receipt, message, MIN_VISIBILITY_SECONDS);
    }
    this.#inHand--;
    this.#heldBack = false;
    this.#wake();
  }

  /** Handles a message. One of a group waits, its lease held, until those before it are done. */
  async #inTurn(message: Message): Promise<Outcome> {
    const { clock } = this.#consumption;
    const { log, heartbeat = true } = this.#options;
    const receivedAt = clock.now();
    const lease = new Lease(this.#queue, message, { clock, log, heartbeat });
    const { messageGroupId } = message;
    if (messageGroupId === undefined)
      return (await this.#start(message, lease, receivedAt)).outcome;
    let outcome: Outcome = 'returned';
    await this.#groups.inTurn(messageGroupId, async ({ stopped, heldFor }) => {
      const done = stopped
        ? await this.#settlement.pass(message, lease, heldFor)
        : await this.#start(message, lease, receivedAt);
      outcome = done.outcome;
      return done.visibleAt;
    });
    return outcome;
  }

  /** Handles a message when a handler is free, or gives it back when no time is left before that. */
  async #start(message: Message, lease: Lease, receivedAt: number): Promise<Settled> {
    const taken = await this.#slots.take();
    if (!taken) return this.#settlement.pass(message, lease, 0);
    const start = this.#consumption.clock.now();
    const incoming = incomingOf(this.#queue, message);
    const verdict = await this.#consumption.handle(incoming, lease);
    this.#pace.handled(this.#consumption.clock.now() - start);
    this.#slots.release();
    this.#wake();
    return this.#settlement.settle({ message, incoming, lease, receivedAt }, verdict);
  }
}

/** Whether a message was in the queue when a receive began that took so long, by the service's own clock. */
function wasThere({ dequeueCount, firstDequeueTime, enqueueTime }: Message, ms: number): boolean {
  return dequeueCount === 1 && firstDequeueTime - enqueueTime >= ms;
}

function incomingOf({ name }: Queue, message: Message): Incoming {
  return {
    messageId: message.messageId,
    source: { kind: 'queue', name },
    body: message.body,
    userProperties: message.userProperties,
    systemProperties: message.systemProperties,
    messageGroupId: message.messageGroupId,
    attempt: message.dequeueCount,
    enqueueTime: message.enqueueTime,
  };
}
