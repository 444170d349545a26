import { AppError } from '../../errors/errors.ts';
import { retrying } from '../../retry/retry.ts';
import type { OssClient } from '../bucket/client.ts';
import { MAX_PARTS } from '../bucket/limits.ts';
import type { Checksums, Summing } from './checksums.ts';
import { uploadPart } from './operations.ts';
import { type Part, type PartReader, partBuffer } from './part-reader.ts';
import type { UploadedPart, UploadOptions, UploadSource } from './types.ts';
import { unlessStopped } from './unless-stopped.ts';

/** An upload that has begun. */
export interface Plan {
  bucket: OssClient;
  key: string;
  uploadId: string;
  partSize: number;
  parallel: number;
}

export interface PartsInput {
  source: UploadSource;
  reader: PartReader;
  /** The first part, already read into `buffer`; undefined if the source is empty. */
  first: Part | undefined;
  summing: Summing;
  /** Checksums of the first part, if they are being computed. */
  sums: Promise<Checksums> | undefined;
  /** Parts that OSS has and that are not in the source. */
  kept: readonly UploadedPart[];
  buffer: Buffer;
}

/**
 * Sends the parts, `parallel` at a time; each sender has its own buffer and fills it again when its part is
 * stored. The first failure, or the caller's signal, stops them all; it is thrown when none has a request
 * in progress any more. Returns the parts in order.
 */
export async function sendParts(
  plan: Plan,
  { source, reader, first, summing, sums, kept, buffer }: PartsInput,
  options: UploadOptions,
): Promise<UploadedPart[]> {
  const failure = new AbortController();
  const signal = options.signal
    ? AbortSignal.any([options.signal, failure.signal])
    : failure.signal;
  const parts = new PartLedger(plan, source, options);
  for (const part of kept) parts.add(part);

  const send = async (part: Part, begun?: Promise<Checksums>): Promise<void> => {
    if (part.number > MAX_PARTS)
      throw new AppError(`Source has more than ${MAX_PARTS} parts of ${plan.partSize} bytes`, {
        code: 'EntityTooLarge',
        remedy: 'set a larger partSize',
      });
    const checksums = await (begun ?? summing.checksums(part.bytes));
    signal.throwIfAborted();
    const known = parts.resumed(part, checksums.crc64);
    if (known) return parts.add(known);
    const stored = await retrying(() => uploadPart(plan.bucket, plan, part, checksums), {
      signal,
    });
    await parts.addNew(stored);
  };
  const sender = async (own: Buffer, begin?: Part): Promise<void> => {
    try {
      if (begin) await send(begin, sums);
      for (;;) {
        const part = await unlessStopped(reader.read(own, plan.partSize), signal);
        if (!part) return;
        await send(part);
      }
    } catch (error) {
      failure.abort(error);
    }
  };

  const others = Array.from({ length: plan.parallel - 1 }, () =>
    sender(partBuffer(source, plan.partSize)),
  );
  await Promise.all([...(first ? [sender(buffer, first)] : []), ...others]);
  signal.throwIfAborted();
  return parts.inOrder();
}

/** The parts that OSS has; reports progress and checkpoints. */
class PartLedger {
  readonly #plan: Plan;
  readonly #options: UploadOptions;
  readonly #total: number | undefined;
  readonly #resumed: Map<number, UploadedPart>;
  readonly #parts = new Map<number, UploadedPart>();
  #uploaded = 0;
  #saved: Promise<void> = Promise.resolve();

  constructor(plan: Plan, source: UploadSource, options: UploadOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#total = source instanceof Uint8Array ? source.length : undefined;
    this.#resumed = new Map(options.resumeFrom?.parts.map((part) => [part.number, part]));
  }

  /** Returns the checkpoint's part if it has the same content. */
  resumed({ number, bytes }: Part, checksum: string): UploadedPart | undefined {
    const part = this.#resumed.get(number);
    return part?.crc64 === checksum && part.size === bytes.length ? part : undefined;
  }

  add(part: UploadedPart): void {
    this.#parts.set(part.number, part);
    this.#uploaded += part.size;
    this.#options.onProgress?.({
      uploaded: this.#uploaded,
      ...(this.#total !== undefined && { total: this.#total }),
    });
  }

  /** Saves one checkpoint after the other, so that none overtakes a newer one. */
  async addNew(part: UploadedPart): Promise<void> {
    this.add(part);
    const { onCheckpoint } = this.#options;
    if (!onCheckpoint) return;
    this.#saved = this.#saved.then(() => onCheckpoint(this.#checkpoint()));
    await this.#saved;
  }

  inOrder(): UploadedPart[] {
    return [...this.#parts.values()].sort((a, b) => a.number - b.number);
  }

  #checkpoint() {
    const { bucket, key, uploadId, partSize } = this.#plan;
    const parts = [...new Map([...this.#resumed, ...this.#parts]).values()];
    return { bucket: bucket.bucket, key, uploadId, partSize, parts };
  }
}
