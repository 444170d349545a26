import { AppError, hasCode } from '../../errors/errors.ts';
import { retrying } from '../../retry/retry.ts';
import type { OssClient } from '../bucket/client.ts';
import type { UploadCheckpoint } from '../upload/types.ts';
import type { ZipContents, ZipPosition } from './zip-source.ts';

/** Maximum bytes: twice what a list of objects may take (MAX_LIST_BYTES), plus parts and positions. */
export const MAX_CHECKPOINT_BYTES = 128 * 1024 * 1024;

/** Everything a run has to know about the earlier ones. */
export interface ArchiveState {
  output: string;
  /** Identifies what is archived: objects, their ETags and paths. */
  content: string;
  partSize: number;
  contents: ZipContents;
  position: ZipPosition;
  /** Absent until a part is stored. */
  upload?: UploadCheckpoint;
}

/**
 * Keeps the states that the runs of one archive pass on: one object each, `<prefix><archive>/<run>.json`.
 * Needs oss:PutObject and oss:GetObject there.
 */
export class Checkpoints {
  readonly #bucket: OssClient;
  readonly #prefix: string;

  constructor(bucket: OssClient, prefix: string, archive: string) {
    this.#bucket = bucket;
    this.#prefix = `${prefix}${archive}/`;
  }

  /** Whether that run has been prepared, by an earlier try of this invocation or by its duplicate. */
  async has(run: number): Promise<boolean> {
    try {
      await retrying(() => this.#bucket.headObject(this.#key(run)));
      return true;
    } catch (error) {
      if (hasCode(error, 'NoSuchKey')) return false;
      throw error;
    }
  }

  /**
   * Returns the state left for that run. Throws an AppError (`ObjectTooLarge`) for an object of more than
   * MAX_CHECKPOINT_BYTES, before it is read.
   */
  async read(run: number): Promise<ArchiveState> {
    const limit = { maxBytes: MAX_CHECKPOINT_BYTES };
    const { body } = await retrying(() => this.#bucket.getObject(this.#key(run), limit));
    try {
      return JSON.parse(body.toString()) as ArchiveState;
    } catch (cause) {
      throw new AppError(`Checkpoint "${this.#key(run)}" is not a valid checkpoint`, {
        code: 'InvalidCheckpoint',
        cause,
        remedy: 'order the archive again',
      });
    }
  }

  /** Prepares a run. Returns false if it is already prepared. */
  async write(run: number, state: ArchiveState): Promise<boolean> {
    const body = JSON.stringify(state);
    const options = { contentType: 'application/json', forbidOverwrite: true };
    return retrying(async (before) => {
      try {
        await this.#bucket.putObject(this.#key(run), body, options);
        return true;
      } catch (error) {
        if (!hasCode(error, 'FileAlreadyExists')) throw error;
        return before > 0; // It may be this very state, its answer lost.
      }
    });
  }

  #key(run: number): string {
    return `${this.#prefix}${run}.json`;
  }
}
