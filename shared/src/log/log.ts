import { type DestinationStream, type Logger, pino } from 'pino';
import type { FunctionContext } from '../context/function-context.ts';
import { ConfigurationError } from '../errors/errors.ts';
import { redactFields, redactLine, rememberSecrets } from './redact.ts';

/** A structured log of one JSON object a line: `log.info({ orderId }, 'Stored order')`. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export interface LogOptions {
  /** Default LOG_LEVEL, else info. */
  level?: (typeof LEVELS)[number];
  /** Default standard output, written at once: a frozen instance would lose buffered lines. */
  destination?: DestinationStream;
}

/** Makes a log. Throws a ConfigurationError (`InvalidEnvironment`) for an unknown LOG_LEVEL. */
export function createLog({ level, destination }: LogOptions = {}): Logger {
  const log = pino(
    {
      level: level ?? levelOf(process.env.LOG_LEVEL?.trim() || 'info'),
      base: null,
      messageKey: 'message',
      errorKey: 'error',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: redactRecord,
      },
      // An error is described by redactRecord, whatever the name of its field: pino's own description would
      // print everything it carries.
      serializers: { err: redactFields },
      hooks: {
        /** Values formatted into the message by %j or %o have named fields too. */
        logMethod([first, ...rest], method) {
          method.apply(this, [first, ...rest.map(redactFields)] as Parameters<typeof method>);
        },
        // The last gate: a secret does not leave, however it got into the line.
        streamWrite: redactLine,
      },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
  const { child } = log;
  // Children inherit this; pino passes their fields to no formatter.
  log.child = function (this: Logger, fields, options) {
    return child.call(this, redactRecord(fields), options);
  } as Logger['child'];
  return log;
}

function redactRecord(fields: object): Record<string, unknown> {
  return redactFields(fields) as Record<string, unknown>;
}

function levelOf(name: string): string {
  const level = LEVELS.find((one) => one === name.toLowerCase());
  if (level) return level;
  throw new ConfigurationError(`LOG_LEVEL is "${name}"`, {
    code: 'InvalidEnvironment',
    remedy: 'give debug, info, warn, error or silent',
  });
}

let root: Logger | undefined;

/**
 * Returns the log of one invocation: each line has its request id and the function's name, and none of its
 * credential's secrets.
 */
export function invocationLog(context: FunctionContext, options?: LogOptions): Log {
  rememberSecrets(context.credentials?.accessKeySecret, context.credentials?.securityToken);
  if (!options) root ??= createLog();
  const log = options ? createLog(options) : root;
  return (log as Logger).child({ requestId: context.requestId, function: context.function.name });
}

/** Returns the same log with `fields` on each of its lines. A log not made by createLog is returned unchanged. */
export function withFields(log: Log, fields: Record<string, unknown>): Log {
  return 'child' in log ? (log as Logger).child(fields) : log;
}
