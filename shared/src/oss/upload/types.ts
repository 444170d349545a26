import type { PutOptions, PutResult } from '../bucket/types.ts';

/** What can be uploaded: bytes in memory, or bytes that come in pieces (a Node or web stream, a generator), their number unknown. */
export type UploadSource = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Where an upload stands: plain JSON, to be kept by whoever wants to resume it. */
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
  /** Bytes in all, where the source tells. */
  total?: number;
}

export interface UploadOptions extends PutOptions {
  /** Bytes; default 8 MiB, at least 100 KiB. A source that ends within the first part is one put. There are 10,000 parts at most. */
  partSize?: number;
  /** Parts under way at a time; default 4. What is held in memory is `parallel` times `partSize`. */
  parallel?: number;
  /** Stops the upload; it rejects with the signal's reason when the parts under way have come to rest. */
  signal?: AbortSignal;
  /** After each acknowledged part. */
  onProgress?(progress: UploadProgress): void;
  /** Given the new state after each acknowledged part, and waited for. With it, an upload that fails or is stopped keeps its parts, to be resumed or given to abandonUpload. */
  onCheckpoint?(checkpoint: UploadCheckpoint): void | Promise<void>;
  /** Goes on with the upload of that checkpoint. The source has to begin at its beginning again; a part of it that differs from the one OSS has is sent again. */
  resumeFrom?: UploadCheckpoint;
  /** Where the source begins when resuming: at its beginning (default), or after the checkpoint's parts that follow one another from the first. */
  sourceBegins?: 'at-beginning' | 'after-parts';
}

export interface UploadResult extends PutResult {
  /** Bytes. */
  size: number;
}
