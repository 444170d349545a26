import type { CorsConfiguration, LifecycleRule } from '../spec.ts';

export type BucketAcl = 'private' | 'public-read' | 'public-read-write';
/** `default` is the bucket's. */
export type ObjectAcl = BucketAcl | 'default';
export type StorageClass = 'Standard' | 'IA' | 'Archive';
/** In one zone, or in several. */
export type Redundancy = 'LRS' | 'ZRS';
/** How the server encrypts what it stores, as it says: here nothing is encrypted. */
export type Encryption = 'AES256';
export type Tags = readonly (readonly [key: string, value: string])[];

export interface BucketRecord {
  readonly name: string;
  readonly acl: BucketAcl;
  readonly storageClass: StorageClass;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly cors?: CorsConfiguration | undefined;
  readonly lifecycle?: readonly LifecycleRule[] | undefined;
  /** LRS when absent. */
  readonly redundancy?: Redundancy | undefined;
  /** Of objects that say no other. */
  readonly encryption?: Encryption | undefined;
  readonly tags?: Tags | undefined;
  /** Whether public ACLs, the bucket's and its objects', are refused, and those there are count for nothing. */
  readonly blockPublicAccess?: boolean | undefined;
}

/** A file and how many of its bytes count: all. An object is one or more of them, one after the other. */
export interface Segment {
  readonly blob: string;
  readonly size: number;
}

/** What a client says of an object, besides its content. Header values are bytes (one character each). */
export interface ObjectProperties {
  /** Content-Type and its like, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata, names without `x-oss-meta-`. */
  readonly meta: Readonly<Record<string, string>>;
  readonly acl: ObjectAcl;
  readonly storageClass: StorageClass;
  readonly tags: Tags;
}

/** From when until when an object of the class Archive can be read, in milliseconds since the epoch. */
export interface Restored {
  readonly ready: number;
  readonly expires: number;
}

export interface ObjectRecord extends ObjectProperties {
  readonly bucket: string;
  readonly key: string;
  readonly type: 'Normal' | 'Multipart' | 'Appendable' | 'Symlink';
  /** The key that a symlink leads to, in the same bucket. */
  readonly target?: string | undefined;
  readonly segments: readonly Segment[];
  readonly size: number;
  /** Upper case, without quotes. */
  readonly eTag: string;
  /** Decimal. */
  readonly crc64: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  /** Of the class Archive only. */
  readonly restored?: Restored | undefined;
}

export interface UploadRecord extends ObjectProperties {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since the epoch. */
  readonly initiated: number;
  /** Whether its parts come in order, one after the other. */
  readonly sequential?: boolean | undefined;
}

export interface PartRecord {
  readonly number: number;
  readonly segment: Segment;
  readonly eTag: string;
  readonly crc64: string;
  readonly lastModified: number;
}

/** Records by id. An id is a byte string (one character for each byte, 1978 at most); order is the bytes'. */
export interface Table<T> {
  get(id: string): T | undefined;
  /** From `from` on, up to but without `to`. Not to be kept beyond the same turn of the event loop. */
  range(from: string, to?: string): Iterable<readonly [id: string, record: T]>;
  /** Inside `transact` only. */
  put(id: string, record: T): void;
  /** Inside `transact` only. */
  remove(id: string): void;
}

/** What is known of buckets and objects; their content is in files. */
export interface Store {
  readonly buckets: Table<BucketRecord>;
  readonly objects: Table<ObjectRecord>;
  readonly uploads: Table<UploadRecord>;
  readonly parts: Table<PartRecord>;
  /**
   * Runs `work` with nothing in between, and resolves when what it wrote survives the end of the
   * process; when it cannot be written, nothing of it is, and it rejects with DataNotWritten. What
   * `work` has put before it throws by itself stays: check first, then write. Work that only removes
   * says that it does not grow: it is tried even while the disk is full.
   */
  transact<T>(work: () => T, options?: { grows?: boolean }): Promise<T>;
  close(): Promise<void>;
}
