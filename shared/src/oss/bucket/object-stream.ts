import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type OSS from 'ali-oss';
import { sleep, systemClock } from '../../clock/clock.ts';
import { AppError, isTransient } from '../../errors/errors.ts';
import { createCrc64 } from './crc64.ts';
import { checksumMismatch, type Operation, ossError, unexpectedAnswer } from './errors.ts';
import { objectInfo, requestIdOf } from './headers.ts';
import { openObject, SilenceError } from './open-object.ts';
import type { GetStreamOptions, ObjectInfo, ObjectStream } from './types.ts';

const SILENCE_MS = 30_000;
const RETRIES = 4;
const FIRST_PAUSE_MS = 200;

interface Opened {
  response: IncomingMessage;
  info: ObjectInfo;
}

/** Implements OssClient.getObjectStream. `sdk` returns the client of the current credential. */
export async function objectStream(
  sdk: () => Promise<OSS>,
  operation: Operation & { key: string },
  options: GetStreamOptions,
): Promise<ObjectStream> {
  const reader = new ObjectReader(sdk, operation, options);
  const info = await reader.open();
  const body = Readable.from(reader.bytes(), { objectMode: false });
  body.once('close', () => reader.close());
  return { ...info, body };
}

class ObjectReader {
  readonly #sdk: () => Promise<OSS>;
  readonly #operation: Operation & { key: string };
  readonly #signal: AbortSignal | undefined;
  readonly #silenceMs: number;
  readonly #retries: number;
  readonly #isWhole: boolean;
  #ifMatch: string | undefined;
  /** The next byte to come, and the last one; undefined means the object's end. */
  #position: number;
  #end: number | undefined;
  #current: Opened | undefined;
  #failures = 0;

  constructor(
    sdk: () => Promise<OSS>,
    operation: Operation & { key: string },
    { range, ifMatch, signal, silenceMs = SILENCE_MS, retries = RETRIES }: GetStreamOptions,
  ) {
    this.#sdk = sdk;
    this.#operation = operation;
    this.#signal = signal;
    this.#silenceMs = silenceMs;
    this.#retries = retries;
    this.#ifMatch = ifMatch;
    this.#isWhole = range === undefined;
    this.#position = range?.start ?? 0;
    this.#end = range?.end;
  }

  /** Begins the read, and repeats that after failures that may pass. Returns the object's properties. */
  async open(): Promise<ObjectInfo> {
    for (;;)
      try {
        const { info } = await this.#open();
        this.#ifMatch = info.eTag;
        this.#end = Math.min(this.#end ?? info.size - 1, info.size - 1);
        return info;
      } catch (error) {
        await this.#failed(error);
      }
  }

  async *bytes(): AsyncGenerator<Buffer> {
    const begun = this.#current?.info;
    const crc64 = this.#isWhole ? await createCrc64(begun?.size) : undefined;
    while (this.#position <= (this.#end ?? -1))
      try {
        const { response } = this.#current ?? (await this.#open());
        for await (const piece of this.#pieces(response)) {
          crc64?.update(piece);
          this.#position += piece.length;
          this.#failures = 0;
          yield piece;
        }
        this.#current = undefined;
        if (this.#position <= (this.#end ?? -1))
          throw unexpectedAnswer(this.#operation, 'answer broke off', { status: 200 });
      } catch (error) {
        this.close();
        await this.#failed(this.#signal?.aborted ? this.#signal.reason : this.#asError(error));
      }
    if (begun?.crc64 !== undefined && crc64 && crc64.digest() !== begun.crc64)
      throw checksumMismatch(this.#operation, begun.requestId);
  }

  /** Releases the connection. */
  close(): void {
    this.#current?.response.destroy();
    this.#current = undefined;
  }

  /**
   * Waits before another try. Throws an error that cannot pass, and one that came too often without a byte
   * in between.
   */
  async #failed(error: unknown): Promise<void> {
    if (this.#signal?.aborted || !isTransient(error) || this.#failures >= this.#retries)
      throw error;
    const pause = FIRST_PAUSE_MS * 2 ** this.#failures++ * (0.5 + Math.random() / 2);
    await sleep(systemClock, pause, this.#signal);
    this.#signal?.throwIfAborted();
  }

  async #open(): Promise<Opened> {
    this.#signal?.throwIfAborted();
    const partly = this.#position > 0 || (!this.#isWhole && this.#end !== undefined);
    const headers = {
      ...(partly && { Range: `bytes=${this.#position}-${this.#end ?? ''}` }),
      ...(this.#ifMatch !== undefined && { 'If-Match': `"${this.#ifMatch}"` }),
    };
    let response: IncomingMessage;
    try {
      const sdk = await this.#sdk();
      const get = { key: this.#operation.key, headers, silenceMs: this.#silenceMs };
      response = await openObject(sdk, get, this.#signal);
    } catch (error) {
      throw this.#signal?.aborted ? this.#signal.reason : this.#asError(error);
    }
    try {
      this.#current = { response, info: this.#infoOf(response, partly) };
      return this.#current;
    } catch (error) {
      response.destroy();
      throw error;
    }
  }

  #infoOf({ headers, statusCode: status = 0 }: IncomingMessage, partly: boolean): ObjectInfo {
    const requestId = requestIdOf(headers);
    if (requestId === undefined)
      throw unexpectedAnswer(this.#operation, "answer is not OSS's", { status });
    const info = objectInfo(headers, requestId);
    if (!info) throw unexpectedAnswer(this.#operation, 'answer has no ETag', { status, requestId });
    if (!partly) return info;
    if (status === 200)
      // OSS answers this way for a range outside the object.
      throw new AppError(
        `Range of object "${this.#operation.key}" is ${this.#position} to ${this.#end ?? 'its end'}, and it has ${info.size} bytes`,
        { code: 'InvalidRange', remedy: 'give a range within the object' },
      );
    const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
    if (status !== 206 || Number(start) !== this.#position)
      throw unexpectedAnswer(this.#operation, 'answer is of another range', { status, requestId });
    return { ...info, size: Number(size) };
  }

  /** Yields the pieces of an answer. Each may take `silenceMs` to come; the whole is not limited. */
  async *#pieces(response: IncomingMessage): AsyncGenerator<Buffer> {
    const stop = () => response.destroy();
    this.#signal?.addEventListener('abort', stop, { once: true });
    const pieces = response[Symbol.asyncIterator]();
    try {
      for (;;) {
        const silence = systemClock.after(this.#silenceMs, () =>
          response.destroy(new SilenceError(this.#silenceMs)),
        );
        const { done, value } = await pieces.next().finally(() => silence.cancel());
        if (done) return;
        yield value as Buffer;
      }
    } finally {
      this.#signal?.removeEventListener('abort', stop);
    }
  }

  #asError(error: unknown): unknown {
    return ossError(error, this.#operation);
  }
}
