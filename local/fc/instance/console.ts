import { format } from 'node:util';
import type { FunctionLogger } from '../../../shared/context.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

const LINE_LIMIT_BYTES = 32 * 1024;

let currentRequestId = '';

/** The request whose id console lines carry from now on. */
export function setCurrentRequest(requestId: string): void {
  currentRequestId = requestId;
}

/** `2026-01-31T08:00:00.000Z <request id> [info] text`, on one line (line breaks become `\r`), cut at 32 KB. */
export function formatLine(
  level: Level,
  requestId: string,
  args: unknown[],
  now = new Date(),
): string {
  const text = format(...args).replace(/\r\n|\n/g, '\r');
  const line = `${now.toISOString()} ${requestId} [${level}] ${text}`;
  if (Buffer.byteLength(line) < LINE_LIMIT_BYTES) return `${line}\n`;
  const cut = Buffer.from(line)
    .subarray(0, LINE_LIMIT_BYTES - 1)
    .toString();
  return `${cut.replace(/\uFFFD+$/, '')}\n`;
}

/** Replaces the printing methods of `console`. All levels go to stdout, as in Function Compute, where `console.log` is of level info and ALIYUN_FC_LOG_LEVEL names the lowest level printed. */
export function installConsole(): void {
  const lowest = process.env.ALIYUN_FC_LOG_LEVEL ?? '';
  const printer =
    (level: Level) =>
    (...args: unknown[]): void => {
      if (isPrinted(level, lowest)) process.stdout.write(formatLine(level, currentRequestId, args));
    };
  console.debug = printer('debug');
  console.log = printer('info');
  console.info = printer('info');
  console.dir = printer('info');
  console.warn = printer('warn');
  console.error = printer('error');
  console.trace = (...args) => console.error(new Error(format(...args)).stack);
}

/** The logger of one invocation's context. */
export function createLogger(requestId: string): FunctionLogger {
  const print = (level: Level, args: unknown[]): void => {
    if (isPrinted(level, logger.logLevel ?? ''))
      process.stdout.write(formatLine(level, requestId, args));
  };
  const logger: FunctionLogger = {
    requestId,
    logLevel: process.env.ALIYUN_FC_LOG_LEVEL ?? 'debug',
    setLogLevel(level) {
      logger.logLevel = level;
    },
    log: (...args) => print('info', args),
    debug: (...args) => print('debug', args),
    info: (...args) => print('info', args),
    warn: (...args) => print('warn', args),
    error: (...args) => print('error', args),
  };
  return logger;
}

/** A level that is not one of the four prints everything. */
function isPrinted(level: Level, lowest: string): boolean {
  const floor = (LEVELS as readonly string[]).indexOf(lowest.toLowerCase());
  return LEVELS.indexOf(level) >= floor;
}
