import { AppError, hasCode } from '../../errors/errors.ts';
import { retrying } from '../../retry/retry.ts';
import type { OssClient } from '../bucket/client.ts';
import type { UploadCheckpoint } from '../upload/types.ts';
import type { ZipContents, ZipPosition } from './zip-source.ts';

/** Bytes: what a list of objects may take (MAX_LIST_BYTES) twice, and parts and places besides. */
export const MAX_CHECKPOINT_BYTES = 128 * 1024 * 1024;

/** All that a run has to know of those before it. */
export interface ArchiveState {
  output: string;
  /** Names what is archived: objects, their ETags and places. */
  content: string;
  partSize: number;
  contents: ZipContents;
  position: ZipPosition;
  /** Absent as long as no part is stored. */
  upload?: UploadCheckpoint;
}

/** Where the runs of one archive leave their states: an object each, `<prefix><archive>/<run>.json`. Needs oss:PutObject and oss:GetObject there. */
export class Checkpoints {
  readonly #bucket: OssClient;
  readonly #prefix: string;

  constructor(bucket: OssClient, prefix: string, archive: string) {
    this.#bucket = bucket;
    this.#prefix = `${prefix}${archive}/`;
  }

  /** Whether that run has been prepared, by this invocation's earlier try or by its double. */
  async has(run: number): Promise<boolean> {
    try {
      await retrying(() => this.#bucket.headObject(this.#key(run)));
      return true;
    } catch (error) {
      if (hasCode(error, 'NoSuchKey')) return false;
      throw error;
    }
  }

  /** The state that a run was left. An object of more than MAX_CHECKPOINT_BYTES is an AppError (`ObjectTooLarge`) before it is read. */
  async read(run: number): Promise<ArchiveState> {
    const limit = { maxBytes: MAX_CHECKPOINT_BYTES };
    const { body } = await retrying(() => this.#bucket.getObject(this.#key(run), limit));
    try {
      return JSON.parse(body.toString()) as ArchiveState;
    } catch (cause) {
      throw new AppError(`Checkpoint "${this.#key(run)}" is none`, {
        code: 'InvalidCheckpoint',
        cause,
        remedy: 'order the archive again',
      });
    }
  }

  /** Prepares a run, unless it is prepared already: then false. */
  async write(run: number, state: ArchiveState): Promise<boolean> {
    const body = JSON.stringify(state);
    const options = { contentType: 'application/json', forbidOverwrite: true };
    return retrying(async (before) => {
      try {
        await this.#bucket.putObject(this.#key(run), body, options);
        return true;
      } catch (error) {
        if (!hasCode(error, 'FileAlreadyExists')) throw error;
        return before > 0; // It may be this very one, its answer lost.
      }
    });
  }

  #key(run: number): string {
    return `${this.#prefix}${run}.json`;
  }
}
