import { texts, written } from './fields.ts';
import { messageOf, quoted, toJson } from './message.ts';
import { isClean, redactFields, redactLine, UNREADABLE } from './redact.ts';
import { isoTime } from './time.ts';

/** `log.info({ orderId }, 'Stored order')`, `log.info('Stored %s', orderId)`, `log.error(error)`. */
export interface LogMethod {
  /** Fields come first; an error alone becomes the field `error`. */
  (fields: object, message?: string, ...values: unknown[]): void;
  /**
   * `values` replace %s, %d, %i, %f, %j, %o or %O in the message. An error without a place in it becomes
   * the field `error`; with other errors, or beside a field of that name, `errors`.
   */
  (message: string, ...values: unknown[]): void;
}

/** A structured log of one JSON object a line: `log.info({ orderId }, 'Stored order')`. */
export interface Log {
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
}

/** Takes a log's lines, each of them whole. */
export interface Destination {
  write(line: string): void;
}

const SEVERITY = { debug: 20, info: 30, warn: 40, error: 50, silent: Number.POSITIVE_INFINITY };
export type Level = keyof typeof SEVERITY;
export const LEVELS = Object.keys(SEVERITY) as Level[];

interface LoggerOptions {
  /** Less severe lines are not written. */
  level: Level;
  destination: Destination;
}

/**
 * A log. A line has its level and time first, then the fields of the log, then its own, then the message.
 * If a name comes twice, the later value counts.
 */
export class Logger implements Log {
  readonly level: Level;
  readonly #options: LoggerOptions;
  readonly #fields: () => string;

  constructor(options: LoggerOptions, fields = () => '') {
    this.level = options.level;
    this.#options = options;
    this.#fields = fields;
  }

  /** Returns the same log with these fields on each of its lines. */
  child(fields: object): Logger {
    return new Logger(this.#options, withOwn(this.#fields, fields));
  }

  /**
   * Returns the same, as `child` does, for texts in an object that changes no more, under names that are not
   * like secrets': nothing is copied.
   */
  childOfTexts(fields: Readonly<Record<string, string | undefined>>): Logger {
    const own = this.#fields;
    let all: string | undefined;
    return new Logger(this.#options, () => {
      all ??= own() + texts(fields);
      return all;
    });
  }

  debug(first: unknown, ...rest: unknown[]): void {
    this.#log('debug', first, rest);
  }

  info(first: unknown, ...rest: unknown[]): void {
    this.#log('info', first, rest);
  }

  warn(first: unknown, ...rest: unknown[]): void {
    this.#log('warn', first, rest);
  }

  error(first: unknown, ...rest: unknown[]): void {
    this.#log('error', first, rest);
  }

  #log(level: Level, first: unknown, rest: unknown[]): void {
    if (SEVERITY[level] < SEVERITY[this.level]) return;
    const { fields, errors, message } = recordOf(first, rest);
    const text = typeof message === 'string' ? quoted(message) : toJson(message);
    const said = text === undefined ? '' : `,"message":${text}`;
    const own = `${fields ? written(fields) : ''}${errors ? written(errors) : ''}`;
    const head = `{"level":"${level}","time":"${isoTime()}"${this.#fields()}`;
    const line = `${head}${own}${said}}\n`;
    // The last gate: a secret does not leave, however it got into the line.
    this.#options.destination.write(isClean(line) ? line : `${redactLine(line.slice(0, -1))}\n`);
  }
}

interface Said {
  fields?: object;
  /** Field of the errors that have no place in the message. */
  errors?: object;
  message?: unknown;
}

function recordOf(first: unknown, rest: unknown[]): Said {
  if (first === undefined || first === null)
    return rest.length > 0 ? recordOf(rest[0], rest.slice(1)) : {};
  if (typeof first !== 'object') return saidOf(undefined, first, rest);
  const [given, ...values] = rest;
  const fields = isError(first) ? { error: first } : first;
  if (given !== undefined) return saidOf(fields, given, values);
  return { fields, ...ownMessage(fields) };
}

function saidOf(fields: object | undefined, given: unknown, values: unknown[]): Said {
  if (typeof given === 'string' && values.length === 0)
    return fields ? { fields, message: given } : { message: given };
  const { message, left } = messageOf(given, values);
  const [error, ...others] = left.filter(isError);
  if (!error) return { ...(fields && { fields }), message };
  const isAlone = others.length === 0 && !(fields && hasError(fields));
  return {
    ...(fields && { fields }),
    message,
    errors: isAlone ? { error } : { errors: [error, ...others] },
  };
}

function hasError(fields: { error?: unknown }): boolean {
  try {
    return fields.error !== undefined;
  } catch {
    return true;
  }
}

/** A line without a message gets that of its error. */
function ownMessage(fields: { message?: unknown; error?: unknown }): Said {
  try {
    const { message, error } = fields;
    return message === undefined && error instanceof Error ? { message: error.message } : {};
  } catch {
    return { message: UNREADABLE };
  }
}

/** A Proxy may throw when it is asked. */
function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

/**
 * Returns a log's fields with a child's after them. They are written when the first line needs them; values
 * that may change until then are written at once.
 */
function withOwn(fields: () => string, own: object): () => string {
  const { level: _, ...copy } = copyOf(own) as Record<string, unknown>;
  const isFixed = Object.values(copy).every((value) => typeof value !== 'object');
  let all = isFixed ? undefined : fields() + written(copy);
  return () => {
    all ??= fields() + written(copy);
    return all;
  };
}

function copyOf(fields: object): object {
  try {
    // Fields of its own are all that a Map or an error lacks.
    if (!(fields instanceof Map || fields instanceof Error)) return { ...fields };
  } catch {
    // A field cannot be read: the others are worth having.
  }
  const readable = redactFields(fields);
  return typeof readable === 'object' && readable !== null ? readable : { value: readable };
}
