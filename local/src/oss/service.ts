import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { LocalCloudError } from '../errors.ts';
import { firstAfter, toBytes } from './bytes.ts';
import { Appends } from './core/appends.ts';
import { Blobs } from './core/blobs.ts';
import { BLOCKS_PUBLIC_ACCESS, Buckets } from './core/buckets.ts';
import { Lifecycle } from './core/lifecycle.ts';
import { Objects } from './core/objects.ts';
import { Snapshot } from './core/snapshot.ts';
import { Tallies, type Tally } from './core/tallies.ts';
import { Uploads } from './core/uploads.ts';
import type { ObjectEvent, ObjectListener } from './events.ts';
import type { BucketSpec } from './spec.ts';
import { memoryStore } from './store/memory.ts';
import type { ObjectRecord, Store } from './store/types.ts';

export interface ServiceOptions {
  clock: Clock;
  accountId: string;
  /** `cn-hangzhou`, without `oss-`. */
  region: string;
  /** Folder for all data; absent: a temporary one, removed on close. */
  data?: string | undefined;
  /**
   * Whether acknowledged writes are synced to the disk; absent: they are with the operating system,
   * and survive the end of the process.
   */
  sync?: boolean | undefined;
}

interface ServiceParts extends ServiceOptions {
  store: Store;
  blobs: Blobs;
  folder: string;
}

/**
 * Object storage without HTTP: the operations work on it, and other code uses it without a request.
 */
export class OssService {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  readonly store: Store;
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly appends: Appends;
  readonly uploads: Uploads;
  readonly lifecycle: Lifecycle;
  readonly snapshot: Snapshot;
  readonly #blobs: Blobs;
  readonly #tallies: Tallies;
  readonly #closing = new AbortController();
  readonly #temporaryFolder: string | undefined;
  readonly #listeners = new Set<ObjectListener>();

  private constructor(parts: ServiceParts) {
    const { clock, accountId, region, blobs, data, folder } = parts;
    this.#tallies = new Tallies(parts.store);
    const { store } = this.#tallies;
    this.clock = clock;
    this.accountId = accountId;
    this.region = region;
    this.store = store;
    this.#blobs = blobs;
    this.#temporaryFolder = data === undefined ? folder : undefined;
    this.buckets = new Buckets(store, clock);
    const tell = (event: ObjectEvent) => this.#tell(event);
    this.objects = new Objects({ store, blobs, clock, buckets: this.buckets, tell });
    const { buckets, objects } = this;
    this.appends = new Appends({ blobs, clock, buckets, objects });
    this.uploads = new Uploads({ store, blobs, clock, buckets, objects });
    const { uploads } = this;
    this.snapshot = new Snapshot(store, blobs);
    this.lifecycle = new Lifecycle({ store, buckets, objects, uploads, clock });
  }

  /**
   * Opens the folder, which is created if it does not exist, and removes what a killed process left
   * half-written in it. Throws LocalCloudError when the folder cannot be used.
   */
  static async open(options: ServiceOptions): Promise<OssService> {
    const { data, sync = false } = options;
    const folder = data ?? (await mkdtemp(join(tmpdir(), 'local-oss-')));
    try {
      await mkdir(folder, { recursive: true });
      const blobs = await Blobs.open(folder, { durable: data !== undefined, sync });
      const store = data === undefined ? memoryStore() : await openIndex(folder, sync);
      await blobs.sweep(usedBlobs(store));
      const service = new OssService({ ...options, store, blobs, folder });
      await service.lifecycle.run();
      service.lifecycle.schedule();
      return service;
    } catch (cause) {
      if (cause instanceof LocalCloudError) throw cause;
      throw new LocalCloudError(
        'DataFolder',
        `Cannot keep objects in "${folder}" (${cause instanceof Error ? cause.message : cause})`,
        'give a folder that can be written to',
        { cause },
      );
    }
  }

  /**
   * Creates the buckets that do not exist and sets each one's ACL, and its CORS and lifecycle
   * rules, tags and encryption if given; objects stay. Idempotent.
   */
  async apply({ buckets }: { buckets: readonly BucketSpec[] }): Promise<void> {
    for (const { name, acl, storageClass, redundancy, ...settings } of buckets) {
      const known = this.buckets.find(name) !== undefined;
      const blockPublicAccess = acl === 'private' && BLOCKS_PUBLIC_ACCESS;
      if (!known) await this.buckets.create({ name, storageClass, redundancy, blockPublicAccess });
      const opened = acl !== 'private' && { blockPublicAccess };
      await this.buckets.set(name, { acl, ...opened, ...settings });
    }
    this.lifecycle.schedule();
  }

  /** Returns the objects whose key starts with `prefix`, in OSS's order. Throws NoSuchBucket. */
  listObjects(bucket: string, prefix = ''): ObjectRecord[] {
    this.buckets.require(bucket);
    const from = `${bucket}\0${toBytes(prefix)}`;
    return [...this.store.objects.range(from, firstAfter(from))].map(([, object]) => object);
  }

  /** Returns how much a bucket holds; the first call counts it. Throws NoSuchBucket. */
  tally(bucket: string): Readonly<Tally> {
    this.buckets.require(bucket);
    return this.#tallies.of(bucket);
  }

  /** Reads a whole object. Throws NoSuchBucket or NoSuchKey. */
  async readObject(bucket: string, key: string): Promise<Buffer> {
    const object = this.objects.follow({ bucket, key });
    const chunks: Buffer[] = [];
    for await (const chunk of this.objects.stream(object) as AsyncIterable<Buffer>)
      chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /**
   * Calls `listener` after each change of an object is stored; the returned function removes it.
   */
  onEvent(listener: ObjectListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(event: ObjectEvent): void {
    for (const listener of this.#listeners) queueMicrotask(() => listener(event));
  }

  /** Aborted when the service is about to close. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Ends all waits; call `close` afterwards, once no request is in progress. */
  beginClose(): void {
    this.#closing.abort();
  }

  async close(): Promise<void> {
    await this.lifecycle.close();
    await this.#blobs.settled();
    await this.store.close();
    if (this.#temporaryFolder) await rm(this.#temporaryFolder, { recursive: true, force: true });
  }
}

function usedBlobs(store: Store): Set<string> {
  const used = new Set<string>();
  for (const [, { segments }] of store.objects.range(''))
    for (const { blob } of segments) used.add(blob);
  for (const [, { segment }] of store.parts.range('')) used.add(segment.blob);
  return used;
}

/** Loads LMDB, a native addon, only for a data folder. */
async function openIndex(folder: string, sync: boolean): Promise<Store> {
  const { lmdbStore } = await import('./store/lmdb.ts');
  return lmdbStore(join(folder, 'index'), { sync });
}
