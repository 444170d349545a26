import type { FunctionContext } from '../context/function-context.ts';
import { ConfigurationError } from '../errors/errors.ts';
import { type Destination, LEVELS, type Level, type Log, Logger } from './logger.ts';
import { rememberSecrets } from './redact.ts';
import { stdout } from './stdout.ts';
import { unfailing } from './unfailing.ts';

export type { Log } from './logger.ts';

export interface LogOptions {
  /** Default LOG_LEVEL, else info. */
  level?: Level;
  /**
   * Default standard output, written at once: a frozen instance would lose buffered lines. A line that it
   * cannot write is lost, which standard error says; the log never throws.
   */
  destination?: Destination;
}

/** Makes a log. Throws a ConfigurationError (`InvalidEnvironment`) for an unknown LOG_LEVEL. */
export function createLog({ level, destination = stdout }: LogOptions = {}): Logger {
  return new Logger({
    level: level ?? levelOf(process.env.LOG_LEVEL?.trim() || 'info'),
    destination: unfailing(destination),
  });
}

function levelOf(name: string): Level {
  const level = LEVELS.find((one) => one === name.toLowerCase());
  if (level) return level;
  throw new ConfigurationError(`LOG_LEVEL is "${name}"`, {
    code: 'InvalidEnvironment',
    remedy: 'give debug, info, warn, error or silent',
  });
}

let root: Logger | undefined;

function rootLog(): Logger {
  root ??= createLog();
  return root;
}

/**
 * Returns the log of one invocation: each line has its request id and the function's name, and none of its
 * credential's secrets.
 */
export function invocationLog(context: FunctionContext, options?: LogOptions): Log {
  rememberSecrets(context.credentials?.accessKeySecret, context.credentials?.securityToken);
  const log = options ? createLog(options) : rootLog();
  return log.childOfTexts({ requestId: context.requestId, function: context.function.name });
}

/** Returns the same log with `fields` on each of its lines. A log not made by createLog is returned unchanged. */
export function withFields(log: Log, fields: Record<string, unknown>): Log {
  return 'child' in log ? (log as Logger).child(fields) : log;
}

/** Returns the same log with the trace on each of its lines. */
export function withTrace(log: Log, { traceId, spanId }: { traceId: string; spanId: string }): Log {
  return log instanceof Logger ? log.childOfTexts({ traceId, spanId }) : log;
}
