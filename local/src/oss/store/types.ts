import type { CorsConfiguration, LifecycleRule } from '../spec.ts';

export type BucketAcl = 'private' | 'public-read' | 'public-read-write';
/** `default` means the bucket's. */
export type ObjectAcl = BucketAcl | 'default';
export type StorageClass = 'Standard' | 'IA' | 'Archive';
/** Stored in one zone, or in several. */
export type Redundancy = 'LRS' | 'ZRS';
/** Encryption of stored content, as reported: nothing is encrypted here. */
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
  /** Default encryption of its objects. */
  readonly encryption?: Encryption | undefined;
  readonly tags?: Tags | undefined;
  /** Whether public ACLs, the bucket's and its objects', are refused, and existing ones ignored. */
  readonly blockPublicAccess?: boolean | undefined;
}

/** A file and its length in bytes. An object consists of one or more, in order. */
export interface Segment {
  readonly blob: string;
  readonly size: number;
}

/**
 * Properties that a client gives an object, besides its content. Header values are bytes (one
 * character each).
 */
export interface ObjectProperties {
  /** Content-Type and similar headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata, names without `x-oss-meta-`. */
  readonly meta: Readonly<Record<string, string>>;
  readonly acl: ObjectAcl;
  readonly storageClass: StorageClass;
  readonly tags: Tags;
}

/**
 * The period in which an object of the class Archive can be read, in milliseconds since the epoch.
 */
export interface Restored {
  readonly ready: number;
  readonly expires: number;
}

export interface ObjectRecord extends ObjectProperties {
  readonly bucket: string;
  readonly key: string;
  readonly type: 'Normal' | 'Multipart' | 'Appendable' | 'Symlink';
  /** Key of a symlink's target, in the same bucket. */
  readonly target?: string | undefined;
  readonly segments: readonly Segment[];
  readonly size: number;
  /** Upper case, without quotes. */
  readonly eTag: string;
  /** Decimal. */
  readonly crc64: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  /** Only for the class Archive. */
  readonly restored?: Restored | undefined;
}

export interface UploadRecord extends ObjectProperties {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since the epoch. */
  readonly initiated: number;
  /** Whether its parts must arrive in order. */
  readonly sequential?: boolean | undefined;
}

export interface PartRecord {
  readonly number: number;
  readonly segment: Segment;
  readonly eTag: string;
  readonly crc64: string;
  readonly lastModified: number;
}

/**
 * Records by id. An id is a byte string (one character for each byte, at most 1978); ids sort by
 * their bytes.
 */
export interface Table<T> {
  get(id: string): T | undefined;
  /**
   * Iterates from `from` to `to`, exclusive. Do not keep the iterator beyond the same turn of the
   * event loop.
   */
  range(from: string, to?: string): Iterable<readonly [id: string, record: T]>;
  /** Inside `transact` only. */
  put(id: string, record: T): void;
  /** Inside `transact` only. */
  remove(id: string): void;
}

/** Metadata of buckets and objects; their content is in files. */
export interface Store {
  readonly buckets: Table<BucketRecord>;
  readonly objects: Table<ObjectRecord>;
  readonly uploads: Table<UploadRecord>;
  readonly parts: Table<PartRecord>;
  /**
   * Runs `work` with nothing in between, and resolves when its writes survive the end of the
   * process; when they cannot be written, none of them is, and it rejects with DataNotWritten. If
   * `work` itself throws, what it has put before stays: check first, then write. Pass `grows:
   * false` for work that only removes: it is tried even while the disk is full.
   */
  transact<T>(work: () => T, options?: { grows?: boolean }): Promise<T>;
  close(): Promise<void>;
}
