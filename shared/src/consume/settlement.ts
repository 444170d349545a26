import { MIN_VISIBILITY_SECONDS } from '../smq/limits.ts';
import type { Queue } from '../smq/queue.ts';
import type { Message } from '../smq/types.ts';
import { type BackOff, backOffSeconds } from './back-off.ts';
import type { Consumption } from './consumption.ts';
import { Deletes } from './deletes.ts';
import { logBusy, type Verdict } from './handle-one.ts';
import type { Lease, Receipt } from './lease.ts';
import type { Incoming } from './message.ts';
import type { ConsumeOptions, ConsumeReport } from './options.ts';

export type Outcome = Exclude<keyof ConsumeReport, 'received'>;

/** What became of a message, and when it is visible again; undefined when it never will be. */
export interface Settled {
  outcome: Outcome;
  visibleAt?: number;
}

/** A message that was handled, and when it was received. */
interface Handled {
  message: Message;
  incoming: Incoming;
  lease: Lease;
  receivedAt: number;
}

interface SettlementOptions<Payload> extends Pick<ConsumeOptions<Payload>, 'log'> {
  backOff?: BackOff;
  random?: () => number;
}

/** Deletes the messages of a queue that are done, and gives back the others. */
export class Settlement<Payload> {
  readonly #queue: Queue;
  readonly #options: SettlementOptions<Payload>;
  readonly #consumption: Consumption<Payload>;
  readonly #deletes: Deletes;

  constructor(
    queue: Queue,
    options: SettlementOptions<Payload>,
    consumption: Consumption<Payload>,
  ) {
    this.#queue = queue;
    this.#options = options;
    this.#consumption = consumption;
    this.#deletes = new Deletes(queue, consumption.clock);
  }

  /** Deletes a message that was handled or quarantined, and gives back one that failed. */
  async settle(
    { message, incoming, lease, receivedAt }: Handled,
    verdict: Verdict,
  ): Promise<Settled> {
    const { outcome, log, attempt } = verdict;
    const poison = outcome === 'poison' && !lease.lost;
    const aside = poison && (await this.#consumption.setAside(incoming, verdict, receivedAt));
    if (outcome === 'poison') verdict.release();
    const receipt = await lease.release();
    const { clock } = this.#consumption;
    if (!receipt) {
      log.warn({ attempt, outcome }, 'Lease lost, message left to its next receiver');
      return { outcome: 'failed', visibleAt: clock.now() };
    }
    if (outcome === 'handled' || aside) {
      const result = await this.#deletes.delete(receipt);
      if (!result.ok) {
        log.warn({ attempt, error: result.error }, 'Not deleted');
        return { outcome: 'failed', visibleAt: receipt.ends };
      }
      return { outcome: aside ? 'dead' : 'handled' };
    }
    const { backOff, random } = this.#options;
    const seconds = backOffSeconds(message.dequeueCount, backOff, random);
    if (outcome === 'busy') logBusy(verdict);
    if ('error' in verdict)
      log.error({ attempt, error: verdict.error, backInSeconds: seconds }, 'Message failed');
    const visibleAt = await this.giveBack(receipt, message, seconds);
    return { outcome: outcome === 'busy' ? 'returned' : 'failed', visibleAt };
  }

  /** Gives back a message that was not started, to come no earlier than in `heldFor` milliseconds. */
  async pass(message: Message, lease: Lease, heldFor: number): Promise<Settled> {
    const receipt = await lease.release();
    const seconds = Math.max(MIN_VISIBILITY_SECONDS, Math.ceil(heldFor / 1000));
    const visibleAt = receipt
      ? await this.giveBack(receipt, message, seconds)
      : this.#consumption.clock.now();
    return { outcome: 'returned', visibleAt };
  }

  /** Returns when the message is visible again: after `seconds`, or if that fails, when its lease ends. */
  async giveBack(
    { handle, ends }: Receipt,
    { messageId }: Message,
    seconds: number,
  ): Promise<number> {
    const visibleAt = this.#consumption.clock.now() + seconds * 1000;
    try {
      await this.#queue.changeVisibility(handle, seconds);
      return visibleAt;
    } catch (error) {
      this.#options.log.warn({ messageId, error }, 'Not given back, comes when its lease ends');
      return ends;
    }
  }
}
