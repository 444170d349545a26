import type { Readable } from 'node:stream';

export interface PutOptions {
  /** Default: by the key's extension. */
  contentType?: string;
  /** Other headers, such as `Cache-Control`. Printable ASCII. */
  headers?: Record<string, string>;
  /** Stored as `x-oss-meta-<name>`. Names of letters, digits and `-`; values printable ASCII. */
  metadata?: Record<string, string>;
  /** Refuse to replace an object: a ServiceError (`FileAlreadyExists`). A put that is sent again after its answer got lost meets its own object and fails so too: putOnce and upload tell that apart. */
  forbidOverwrite?: boolean;
}

export interface PutResult {
  /** Without quotes: the upper-case hex MD5 of the content. */
  eTag: string;
  /** Unsigned decimal; compared with what was sent. */
  crc64: string;
  requestId: string;
}

/** What is known of an object without its content. */
export interface ObjectInfo {
  /** Without quotes. */
  eTag: string;
  /** Bytes. */
  size: number;
  contentType: string | undefined;
  /** As it was stored with, such as `gzip`; undefined without one. */
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
  /** Bytes from 0, both ends included; without `end`, to the object's end. One that is not within the object is an AppError (`InvalidRange`). */
  range?: { start: number; end?: number };
  /** Without quotes: an object of another ETag is a ServiceError (`PreconditionFailed`). */
  ifMatch?: string;
  /** Ends the read with its reason. */
  signal?: AbortSignal;
  /** Milliseconds without a byte, when one is waited for, after which the connection counts as broken; default 30,000. */
  silenceMs?: number;
  /** How often in a row, with no byte in between, a broken read goes on where it broke; default 4. */
  retries?: number;
}

/** An object whose content comes as it is read. What is known of it, its size included, is of the whole object, whatever the range. */
export interface ObjectStream extends ObjectInfo {
  /** Read it to its end, or destroy it: it holds a connection. */
  body: Readable;
}

export interface ListObjectsOptions {
  prefix?: string;
  /** Keys are given up to its first occurrence after the prefix, as `prefixes`. */
  delimiter?: string;
  /** Begin after this key. */
  startAfter?: string;
  /** `nextToken` of the page before. */
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
