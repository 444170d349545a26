import type { Readable } from 'node:stream';

export interface PutOptions {
  /** Default: derived from the key's extension. */
  contentType?: string;
  /** Other headers, such as `Cache-Control`. Printable ASCII. */
  headers?: Record<string, string>;
  /** Stored as `x-oss-meta-<name>`. Names of letters, digits and `-`; values printable ASCII. */
  metadata?: Record<string, string>;
  /**
   * Refuses to replace an object with a ServiceError (`FileAlreadyExists`). A put that is repeated after
   * its answer was lost finds its own object and fails with it too: putOnce and upload recognise that.
   */
  forbidOverwrite?: boolean;
}

export interface PutResult {
  /** Without quotes: the upper-case hex MD5 of the content. */
  eTag: string;
  /** Unsigned decimal; compared with what was sent. */
  crc64: string;
  requestId: string;
}

/** An object's properties, without its content. */
export interface ObjectInfo {
  /** Without quotes. */
  eTag: string;
  /** Bytes. */
  size: number;
  contentType: string | undefined;
  /** The encoding it was stored with, such as `gzip`; undefined without one. */
  contentEncoding: string | undefined;
  /** Milliseconds since the epoch. */
  lastModified: number;
  /** Names in lower case. */
  metadata: Record<string, string>;
  /** Unsigned decimal; absent on objects that have none. */
  crc64: string | undefined;
  requestId: string;
}

export interface StoredObject extends ObjectInfo {
  body: Buffer;
}

export interface GetStreamOptions {
  /**
   * Bytes from 0, both ends included; without `end`, to the object's end. A range outside the object throws
   * an AppError (`InvalidRange`).
   */
  range?: { start: number; end?: number };
  /** Without quotes: an object with another ETag throws a ServiceError (`PreconditionFailed`). */
  ifMatch?: string;
  /** Ends the read with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds of silence after which the connection counts as broken; default 30,000. */
  silenceMs?: number;
  /** How many consecutive times, with no byte in between, a broken read continues where it broke; default 4. */
  retries?: number;
}

/**
 * An object whose content comes as it is read. Its properties, including its size, describe the whole
 * object, whatever the range.
 */
export interface ObjectStream extends ObjectInfo {
  /** Read it to its end, or destroy it: it holds a connection. */
  body: Readable;
}

export interface ListObjectsOptions {
  prefix?: string;
  /** Keys are shortened to its first occurrence after the prefix and returned as `prefixes`. */
  delimiter?: string;
  /** Begins after this key. */
  startAfter?: string;
  /** `nextToken` of the previous page. */
  token?: string;
  /** 1 to 1,000 a page; default 100. */
  max?: number;
}

export interface ObjectPage {
  objects: ListedObject[];
  prefixes: string[];
  /** Present when there is another page. */
  nextToken?: string;
}

export interface ListedObject {
  key: string;
  /** Bytes. */
  size: number;
  /** Without quotes. */
  eTag: string;
  /** Milliseconds since the epoch. */
  lastModified: number;
}
