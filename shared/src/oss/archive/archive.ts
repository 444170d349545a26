import { createHash } from 'node:crypto';
import { type Clock, systemClock } from '../../clock/clock.ts';
import type { Deadline } from '../../context/deadline.ts';
import { AppError, hasCode, isTransient } from '../../errors/errors.ts';
import type { Log } from '../../log/log.ts';
import { retrying } from '../../retry/retry.ts';
import type { OssClient } from '../bucket/client.ts';
import { keptParts } from '../upload/checkpoint.ts';
import type { UploadCheckpoint } from '../upload/types.ts';
import { abandonUpload, upload } from '../upload/upload.ts';
import { type ArchiveState, Checkpoints } from './checkpoints.ts';
import { type ArchiveEvent, type ArchiveOrder, type ArchiveRun, checkOrder } from './event.ts';
import { selectObjects } from './objects.ts';
import { partsFor } from './parts.ts';
import { type SkippedObject, START, ZipSource } from './zip-source.ts';

export interface ArchiveOptions {
  /** Prefix of every key that is read. */
  inputPrefix: string;
  /** Prefix of every zip's key. */
  outputPrefix: string;
  /** Prefix of the checkpoints' keys; default `archives-state/`. A lifecycle rule removes them. */
  statePrefix?: string;
  /**
   * Maximum number of runs for one archive. If it is not done after the last one, that run fails and
   * removes what it has uploaded.
   */
  maxRuns: number;
  /** When the invocation ends. A run stops `reserveMs` before. */
  deadline: Pick<Deadline, 'remaining'>;
  /** Milliseconds; default 30,000, and never more than half of the time left at the start. */
  reserveMs?: number;
  /** The invocation: its id, and which retry it is. */
  invocation: { requestId: string; retryCount?: number };
  log: Log;
  /** Bytes of a part; default 8 MiB, more if there would be over 9,000 parts. */
  partSize?: number;
  clock?: Clock;
}

/** The result of one run. */
export type ArchiveOutcome =
  /** The zip is complete. */
  | {
      state: 'archived';
      output: string;
      objects: number;
      /** Bytes. */
      size: number;
      skipped: SkippedObject[];
    }
  /** A zip of that name with the same objects already exists. */
  | { state: 'archived-before'; output: string }
  /** Invoke the function with `next`. */
  | { state: 'unfinished'; next: ArchiveRun; bytes: number }
  /** The event came twice, and the first has left the next run its checkpoint. */
  | { state: 'duplicate' };

/** Metadata that marks the zip. */
const MARK = 'archive';
const RESERVE_MS = 30_000;

/**
 * Performs one run of making a zip of objects in the same bucket: as much as there is time for. Memory use
 * does not grow with the objects' size. The zip appears when it is complete, and replaces another of its
 * key.
 *
 * After `unfinished`, invoke the function with `next`: a checkpoint is stored, and that run continues the
 * upload and the zip where this one stopped, even within an object. An event that comes twice does no harm:
 * the second finds the zip or the checkpoint of the first; if both run at the same time, they write the
 * same bytes. Objects that are gone, or have changed since the list was made, are left out, logged and
 * listed in `skipped`.
 *
 * Needs oss:ListObjects for a prefix; oss:GetObject on what is read, on the zip and the checkpoints;
 * oss:PutObject on the zip and the checkpoints; oss:AbortMultipartUpload on the zip. Throws an
 * InvalidInputError for an invalid order, an AppError (`TooManyRuns`) after `maxRuns`.
 */
export async function archiveObjects(
  bucket: OssClient,
  event: ArchiveEvent,
  options: ArchiveOptions,
): Promise<ArchiveOutcome> {
  const { statePrefix = 'archives-state/', invocation, maxRuns } = options;
  const { archive, run } = 'archive' in event ? event : begun(event, invocation.requestId);
  const checkpoints = new Checkpoints(bucket, statePrefix, archive);
  const next = { archive, run: run + 1 };
  if (run < maxRuns && (await checkpoints.has(next.run)))
    // An earlier try may have ended before it invoked the next run.
    return invocation.retryCount ? { state: 'unfinished', next, bytes: 0 } : { state: 'duplicate' };

  const state =
    'archive' in event ? await checkpoints.read(run) : await ordered(bucket, event, options);
  if (await isArchived(bucket, state)) return { state: 'archived-before', output: state.output };
  const done = await new Run(bucket, state, options).go().catch(async (error: unknown) => {
    // A duplicate of the event, running at the same time, has completed the shared upload.
    if (!hasCode(error, 'NoSuchUpload') || !(await isArchived(bucket, state))) throw error;
    return { state: 'archived-before', output: state.output } as const;
  });
  if (done) return done;

  if (run >= maxRuns) {
    if (state.upload) await abandonUpload(bucket, state.upload);
    throw new AppError(`Archive "${state.output}" is not done after ${run} runs`, {
      code: 'TooManyRuns',
      remedy: "raise MAX_RUNS or the function's timeout, or archive less at a time",
    });
  }
  const written = await checkpoints.write(next.run, state);
  if (!written && !invocation.retryCount) return { state: 'duplicate' };
  return { state: 'unfinished', next, bytes: state.position.bytes };
}

/**
 * Orders are distinguished by their invocation: FC's retries and duplicates have the same request id
 * (observed, not documented); an order given again has another.
 */
function begun({ output }: ArchiveOrder, requestId: string): ArchiveRun {
  return { archive: hashOf([requestId, output]), run: 1 };
}

async function ordered(
  bucket: OssClient,
  order: ArchiveOrder,
  options: ArchiveOptions,
): Promise<ArchiveState> {
  checkOrder(order, options);
  const { objects, skipped } = await selectObjects(bucket, order);
  for (const one of skipped) options.log.warn(one, 'Not in the archive');
  const { partSize } = partsFor(objects, options.partSize);
  return {
    output: order.output,
    content: hashOf(objects.map(({ name, eTag, size }) => [name, eTag, size])),
    partSize,
    contents: { objects, written: [], skipped },
    position: START,
  };
}

async function isArchived(bucket: OssClient, { output, content }: ArchiveState): Promise<boolean> {
  try {
    const { metadata } = await retrying(() => bucket.headObject(output));
    return metadata[MARK] === content;
  } catch (error) {
    if (hasCode(error, 'NoSuchKey')) return false;
    throw error;
  }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

/** Stops the upload; not an error. */
const TIME_IS_UP = new Error('time is up');

/** One run: continues from `state` and returns the outcome when the archive is done. */
class Run {
  readonly #bucket: OssClient;
  readonly #state: ArchiveState;
  readonly #options: ArchiveOptions;

  constructor(bucket: OssClient, state: ArchiveState, options: ArchiveOptions) {
    this.#bucket = bucket;
    this.#state = state;
    this.#options = options;
  }

  async go(): Promise<ArchiveOutcome | undefined> {
    const { deadline, reserveMs = RESERVE_MS, log, clock = systemClock } = this.#options;
    const { output, contents, position, partSize } = this.#state;
    const left = deadline.remaining();
    const stop = new AbortController();
    const timer = clock.after(left - Math.min(reserveMs, left / 2), () => stop.abort(TIME_IS_UP));
    const begin = { written: contents.written.length, skipped: contents.skipped.length };
    const source = new ZipSource(this.#bucket, contents, position, {
      partSize,
      signal: stop.signal,
    });
    try {
      const { size } = await this.#upload(source, stop.signal);
      const { skipped, written } = contents;
      log.info({ output, objects: written.length, size }, 'Archived');
      return { state: 'archived', output, objects: written.length, size, skipped };
    } catch (error) {
      if (error !== TIME_IS_UP && !(stop.signal.aborted && isTransient(error))) throw error;
      this.#rewind(source, begin);
      return undefined;
    } finally {
      timer.cancel();
      for (const one of contents.skipped.slice(begin.skipped)) log.warn(one, 'Not in the archive');
    }
  }

  async #upload(source: ZipSource, signal: AbortSignal) {
    const { output, content, partSize, upload: resumeFrom, contents } = this.#state;
    const { parallel } = partsFor(contents.objects, partSize);
    let latest = resumeFrom;
    try {
      return await upload(this.#bucket, output, source.bytes(), {
        contentType: 'application/zip',
        metadata: { [MARK]: content },
        partSize,
        parallel,
        signal,
        onCheckpoint(checkpoint) {
          latest = checkpoint;
          source.forget(keptParts(checkpoint).length);
        },
        ...(resumeFrom && { resumeFrom, sourceBegins: 'after-parts' }),
      });
    } catch (error) {
      // A retry begins with the checkpoint that this run began with; without one, from the beginning.
      if (error !== TIME_IS_UP && latest && !resumeFrom)
        await abandonUpload(this.#bucket, latest).catch(() => {});
      throw error;
    } finally {
      this.#latest(latest);
    }
  }

  #latest(upload: UploadCheckpoint | undefined): void {
    if (upload) this.#state.upload = { ...upload, parts: keptParts(upload) };
  }

  /**
   * Goes back to the end of the last stored part, with what was in the zip there; to the beginning of this
   * run if it stored none.
   */
  #rewind(source: ZipSource, begin: { written: number; skipped: number }): void {
    const at = source.stateAfter(this.#state.upload?.parts.length ?? 0);
    const { written, skipped, ...position } = at ?? { ...begin, ...this.#state.position };
    this.#state.position = position;
    this.#state.contents.written.length = written;
    this.#state.contents.skipped.length = skipped;
  }
}
