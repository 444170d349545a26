import { format, inspect } from 'node:util';
import type { FunctionLogger } from '../context.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

const MAX_LINE_BYTES = 32 * 1024;

let currentRequestId = '';

/** Sets the request whose id console lines contain from now on. */
export function setCurrentRequest(requestId: string): void {
  currentRequestId = requestId;
}

/**
 * Formats `2026-01-31T08:00:00.000Z <request id> [info] text`, on one line (line breaks become
 * `\r`), cut at 32 KB.
 */
function formatLine(level: Level, requestId: string, args: unknown[], now = new Date()): string {
  const text = format(...args).replace(/\r\n|\n/g, '\r');
  const line = `${now.toISOString()} ${requestId} [${level}] ${text}`;
  if (Buffer.byteLength(line) < MAX_LINE_BYTES) return `${line}\n`;
  const cut = Buffer.from(line)
    .subarray(0, MAX_LINE_BYTES - 1)
    .toString();
  return `${cut.replace(/\uFFFD+$/, '')}\n`;
}

/** Replaces the printing methods of `console`. All levels go to stdout, as in Function Compute, where `console.log` is of level info and ALIYUN_FC_LOG_LEVEL names the lowest level printed. */
export function installConsole(): void {
  const lowest = process.env.ALIYUN_FC_LOG_LEVEL ?? '';
  const printer =
    (level: Level) =>
    (...args: unknown[]): void => {
      if (isPrinted(level, lowest)) print(formatLine(level, currentRequestId, args));
    };
  console.debug = printer('debug');
  console.log = printer('info');
  console.info = printer('info');
  console.warn = printer('warn');
  console.error = printer('error');
  console.dir = (value, options) => console.log(inspect(value, options));
  console.trace = function trace(...args) {
    const error = { name: 'Trace', message: format(...args), stack: '' };
    Error.captureStackTrace(error, trace);
    console.error(error.stack);
  };
}

/** Returns the logger of one invocation's context. */
export function createLogger(requestId: string): FunctionLogger {
  const printer =
    (level: Level) =>
    (...args: unknown[]): void => {
      if (isPrinted(level, logger.logLevel ?? '')) print(formatLine(level, requestId, args));
    };
  const logger: FunctionLogger = {
    requestId,
    logLevel: process.env.ALIYUN_FC_LOG_LEVEL ?? 'debug',
    setLogLevel(level) {
      logger.logLevel = level;
    },
    log: printer('info'),
    debug: printer('debug'),
    info: printer('info'),
    warn: printer('warn'),
    error: printer('error'),
  };
  return logger;
}

/** Prints a line; does nothing, and does not fail, when the function has closed its output. */
function print(line: string): void {
  if (process.stdout.writable) process.stdout.write(line);
}

/** Returns whether a level is printed; an unknown ALIYUN_FC_LOG_LEVEL prints everything. */
function isPrinted(level: Level, lowest: string): boolean {
  const floor = (LEVELS as readonly string[]).indexOf(lowest.toLowerCase());
  return LEVELS.indexOf(level) >= floor;
}
