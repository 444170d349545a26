import { type Readable, Transform, type TransformCallback } from 'node:stream';
import type { Clock, Timer } from '../clock.ts';
import { fromBytes } from './bytes.ts';
import { OssError } from './errors.ts';
import { TRAFFIC_LIMIT } from './limits.ts';
import type { OssRequest } from './request.ts';

const NAME = 'x-oss-traffic-limit';
/** Ten, so that a slice is a tenth of a second. */
const SLICES_PER_SECOND = 10;

export interface PaceOptions {
  clock: Clock;
  /** Aborts waits when the service closes. */
  closing: AbortSignal;
  /** Bits per second; absent: unlimited. */
  limit?: number | undefined;
}

/** Limits the rate of one request's content, in either direction. */
export class Pace {
  readonly #options: PaceOptions;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Yields the content no faster than the limit. */
  over(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const { limit } = this.#options;
    return limit === undefined ? content : this.#slowed(content, limit);
  }

  /** Returns the limited content as a stream; closing one of the two closes the other. */
  stream(content: Readable): Readable {
    const { limit } = this.#options;
    if (limit === undefined) return content;
    const slow = new SlowStream(this.#options, limit);
    content.once('error', (error) => slow.destroy(error));
    slow.once('close', () => content.destroy());
    return content.pipe(slow);
  }

  /** Resolves after the time that so many bytes take at the limit. */
  async wait(bytes: number): Promise<void> {
    const { limit } = this.#options;
    if (limit !== undefined) await this.#pause(millisecondsOf(bytes, limit));
  }

  async *#slowed(content: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
    for await (const chunk of content)
      for (const slice of slices(chunk, limit)) {
        await this.#pause(millisecondsOf(slice.length, limit));
        yield slice;
      }
  }

  #pause(milliseconds: number): Promise<void> {
    const { clock, closing } = this.#options;
    return new Promise((resolve, reject) => {
      const abort = () => {
        timer.cancel();
        reject(interrupted());
      };
      const timer = clock.after(milliseconds, () => {
        closing.removeEventListener('abort', abort);
        resolve();
      });
      closing.addEventListener('abort', abort, { once: true });
      if (closing.aborted) abort();
    });
  }
}

class SlowStream extends Transform {
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  readonly #limit: number;
  #timer: Timer | undefined;
  readonly #abort = () => void this.destroy(interrupted());

  constructor({ clock, closing }: PaceOptions, limit: number) {
    super();
    this.#clock = clock;
    this.#closing = closing;
    this.#limit = limit;
    closing.addEventListener('abort', this.#abort, { once: true });
  }

  override _transform(chunk: Uint8Array, _: BufferEncoding, done: TransformCallback): void {
    this.#send([...slices(chunk, this.#limit)], done);
  }

  #send([slice, ...rest]: Uint8Array[], done: TransformCallback): void {
    if (slice === undefined) {
      done();
      return;
    }
    this.#timer = this.#clock.after(millisecondsOf(slice.length, this.#limit), () => {
      this.push(slice);
      this.#send(rest, done);
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#timer?.cancel();
    this.#closing.removeEventListener('abort', this.#abort);
    done(error);
  }
}

/**
 * Reads the bits per second that the header or the parameter allows. Throws InvalidArgument for a
 * number that OSS does not accept, and when both are given.
 */
export function readTrafficLimit({ headers, query }: OssRequest): number | undefined {
  const inHeader = headers.get(NAME);
  const inQuery = query.bytes(NAME);
  if (inHeader !== undefined && inQuery !== undefined)
    throw new OssError('InvalidArgument', {
      message: `${NAME} should be specified either in query string or header, not both.`,
      details: { ArgumentName: NAME, ArgumentValue: fromBytes(inHeader) },
    });
  return parseTrafficLimit(inHeader ?? inQuery);
}

/** Reads the traffic limit of a form. */
export function parseTrafficLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  const { min, max } = TRAFFIC_LIMIT;
  if (limit >= min && limit <= max) return limit;
  throw new OssError('InvalidArgument', {
    message: `${NAME} is invalid, should be specified between ${min}(100KB/s) and ${max}(100MB/s).`,
    ec: '0004-00000502',
    details: { ArgumentName: NAME, ArgumentValue: fromBytes(text) },
  });
}

function* slices(chunk: Uint8Array, limit: number): Generator<Uint8Array> {
  const size = Math.floor(limit / 8 / SLICES_PER_SECOND);
  for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
}

function millisecondsOf(bytes: number, limit: number): number {
  return (bytes * 8 * 1000) / limit;
}

/** The error of a client that went away: there is no one to answer. */
function interrupted(): Error {
  return Object.assign(new Error('The service closes'), { code: 'ECONNRESET' });
}
