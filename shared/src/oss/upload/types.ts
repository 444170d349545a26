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
