import type { PutOptions, PutResult } from '../bucket/types.ts';

/**
 * What can be uploaded: bytes in memory, or an unknown number of bytes that come in pieces (a Node or web
 * stream, a generator).
 */
export type UploadSource = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** The state of an upload as plain JSON, to be stored for resuming it. */
export interface UploadCheckpoint {
  bucket: string;
  key: string;
  uploadId: string;
  /** Bytes of every part but the last. */
  partSize: number;
  /** The parts that OSS has, in no order. */
  parts: UploadedPart[];
}

export interface UploadedPart {
  /** From 1. */
  number: number;
  /** Bytes. */
  size: number;
  /** Without quotes. */
  eTag: string;
  /** Unsigned decimal. */
  crc64: string;
}

export interface UploadProgress {
  /** Bytes that OSS has acknowledged. */
  uploaded: number;
  /** Total number of bytes, if the source has one. */
  total?: number;
}

export interface UploadOptions extends PutOptions {
  /**
   * Bytes of a part, at least 100 KiB. Default 8 MiB; for a Uint8Array or a file's stream of at least that,
   * 2 MiB or a 2000th of it. A source that ends within the first part is sent as one put. There are 10,000
   * parts at most.
   */
  partSize?: number;
  /** Number of parts sent at a time; default 4. Memory use is `parallel` times `partSize`. */
  parallel?: number;
  /** Stops the upload, which rejects with the signal's reason once the parts in progress have ended. */
  signal?: AbortSignal;
  /** Called after each acknowledged part. */
  onProgress?(progress: UploadProgress): void;
  /**
   * Called with the new state after each acknowledged part, and awaited. With it, an upload that fails or
   * is stopped keeps its parts, to be resumed or passed to abandonUpload.
   */
  onCheckpoint?(checkpoint: UploadCheckpoint): void | Promise<void>;
  /**
   * Continues the upload of that checkpoint. The source has to begin at its beginning again; a part that
   * differs from the one OSS has is sent again.
   */
  resumeFrom?: UploadCheckpoint;
  /**
   * Where the source begins when resuming: at its beginning (default), or after the checkpoint's parts that
   * follow one another from the first.
   */
  sourceBegins?: 'at-beginning' | 'after-parts';
}

export interface UploadResult extends PutResult {
  /** Bytes. */
  size: number;
}
