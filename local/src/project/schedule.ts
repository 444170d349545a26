import { Cron } from 'croner';

/**
 * Returns a timer's next time after `from`, both in milliseconds since the epoch; undefined when
 * there is none.
 */
export type Schedule = (from: number) => number | undefined;

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Numbers or names with `, - * ? /`: Function Compute does not know cron's other forms. */
const ITEM = String.raw`(?:[*?]|(?:\d+|[a-z]{3})(?:-(?:\d+|[a-z]{3}))?)(?:/\d+)?`;
const FIELD = new RegExp(`^${ITEM}(?:,${ITEM})*$`, 'i');

/**
 * Parses `@every 5m` (s, m, h, d), or six fields beginning with seconds, in UTC unless
 * `CRON_TZ=<zone> ` precedes them. Throws a RangeError with the reason.
 */
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
    // croner accepts `5/20` only as a sloppy range.
    const options = { mode: '6-part', paused: true, sloppyRanges: true } as const;
    // An offset needs no tables of time zones, which take longer to load than all else here.
    const place = zone === 'UTC' ? { utcOffset: 0 } : { timezone: zone };
    const cron = new Cron(fields, { ...options, ...place });
    cron.nextRun(new Date(0));
    return (from) => cron.nextRun(new Date(from))?.getTime();
  } catch (error) {
    throw new RangeError((error as Error).message.replace(/^CronPattern: /, ''));
  }
}
