import type { Clock, Timer } from '../../clock.ts';
import { LocalCloudError } from '../../errors.ts';
import { parseSchedule, type Schedule } from '../../project/schedule.ts';
import type { FunctionSpec, TimerTriggerSpec } from '../../project/types.ts';
import type { InvocationResult } from '../invocation.ts';
import { timerEvent } from './timer-event.ts';
import type { Trigger } from './trigger.ts';

export interface TimerTriggerOptions {
  clock: Clock;
  fn: FunctionSpec;
  trigger: TimerTriggerSpec;
  invoke(event: Buffer): Promise<InvocationResult>;
  /** A tick is an asynchronous invocation. */
  invokeAsync(event: Buffer): void;
  onError(error: unknown): void;
}

/** One timer trigger of a function. Ticks do not wait for each other. */
export class TimerTrigger implements Trigger {
  readonly name: string;
  readonly #options: TimerTriggerOptions;
  readonly #next: Schedule;
  #timer: Timer | undefined;

  /** Throws a LocalCloudError when the expression is not understood. */
  constructor(options: TimerTriggerOptions) {
    const { fn, trigger } = options;
    this.name = trigger.name;
    this.#options = options;
    try {
      this.#next = parseSchedule(trigger.cronExpression);
    } catch (cause) {
      throw new LocalCloudError(
        'InvalidCronExpression',
        `Timer trigger "${trigger.name}" of function "${fn.name}" (${trigger.source}) has cronExpression "${trigger.cronExpression}": ${(cause as Error).message}`,
        'give @every 5m, or six fields such as 0 */5 * * * *, with CRON_TZ=<zone> in front for another zone than UTC',
        { cause },
      );
    }
  }

  /** Starts to tick, unless the trigger is disabled. */
  start(): void {
    if (this.#options.trigger.enable) this.#schedule(this.#options.clock.now());
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** Invokes the function now, enabled or not, and resolves to the result. */
  fire(): Promise<InvocationResult> {
    return this.#options.invoke(this.#event());
  }

  #event(): Buffer {
    const { clock, trigger } = this.#options;
    return Buffer.from(JSON.stringify(timerEvent(trigger, clock.now())));
  }

  #tick(): void {
    try {
      this.#options.invokeAsync(this.#event());
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #schedule(from: number): void {
    const { clock } = this.#options;
    const due = this.#next(from);
    if (due === undefined) return;
    this.#timer = clock.after(due - clock.now(), () => {
      this.#tick();
      // Never before `due`: a timer that fires slightly early must not fire twice.
      this.#schedule(Math.max(due, clock.now()));
    });
  }
}
