import { Cron } from 'croner';
import type { Clock, Timer } from '../../clock.ts';
import { LocalCloudError } from '../../errors.ts';
import type { FunctionSpec, TimerTriggerSpec } from '../../project/types.ts';
import type { InvocationResult } from '../invocation.ts';
import type { Trigger } from './trigger.ts';

/** When a timer goes off next after `from`, both in milliseconds since the epoch; undefined when never again. */
export type Schedule = (from: number) => number | undefined;

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Numbers or names with `, - * ? /`: what else cron knows elsewhere, Function Compute does not. */
const ITEM = String.raw`(?:[*?]|(?:\d+|[a-z]{3})(?:-(?:\d+|[a-z]{3}))?)(?:/\d+)?`;
const FIELD = new RegExp(`^${ITEM}(?:,${ITEM})*$`, 'i');

/** `@every 5m` (s, m, h, d), or six fields beginning with seconds, in UTC unless `CRON_TZ=<zone> ` stands in front. Throws a RangeError that says what is wrong. */
export function parseSchedule(expression: string): Schedule {
  const every = /^@every\s+(\d+)\s*([smhd])$/.exec(expression.trim());
  if (every) {
    const ms = Number(every[1]) * UNIT_MS[every[2] as keyof typeof UNIT_MS];
    if (ms === 0) throw new RangeError('the interval is 0');
    return (from) => from + ms;
  }

  const [, zone = 'UTC', fields = ''] = /^(?:CRON_TZ=(\S+)\s+)?(.*)$/.exec(expression.trim()) ?? [];
  const each = fields.split(/\s+/);
  if (each.length !== 6)
    throw new RangeError('six fields are wanted: second minute hour day month weekday');
  const other = each.find((field) => !FIELD.test(field));
  if (other !== undefined)
    throw new RangeError(`"${other}" is not of numbers or names with , - * ? /`);
  try {
    // `5/20` is sloppy to croner.
    const options = { mode: '6-part', paused: true, sloppyRanges: true } as const;
    const cron = new Cron(fields, { ...options, timezone: zone });
    cron.nextRun(new Date(0));
    return (from) => cron.nextRun(new Date(from))?.getTime();
  } catch (error) {
    throw new RangeError((error as Error).message.replace(/^CronPattern: /, ''));
  }
}

/** What a timer trigger hands to its function; `now` in milliseconds since the epoch. */
export function timerEvent(
  { name, payload = '' }: Pick<TimerTriggerSpec, 'name' | 'payload'>,
  now: number,
): object {
  const triggerTime = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return { triggerTime, triggerName: name, payload };
}

export interface TimerTriggerOptions {
  clock: Clock;
  fn: FunctionSpec;
  trigger: TimerTriggerSpec;
  invoke(event: Buffer): Promise<InvocationResult>;
  /** A tick is an asynchronous invocation. */
  invokeAsync(event: Buffer): void;
  onError(error: unknown): void;
}

/** One timer trigger of a function. Ticks don't wait for each other. */
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

  /** Begins to tick, unless the trigger is disabled. */
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
      // Never before `due`: a timer that goes off a little early must not go off twice.
      this.#schedule(Math.max(due, clock.now()));
    });
  }
}
