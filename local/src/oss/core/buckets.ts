import type { Clock } from '../../clock.ts';
import { firstAfter } from '../bytes.ts';
import { OssError } from '../errors.ts';
import { MIN_BILLED_BYTES } from '../limits.ts';
import type {
  BucketAcl,
  BucketRecord,
  Encryption,
  Redundancy,
  StorageClass,
  Store,
} from '../store/types.ts';
import { checkBucketName } from './names.ts';
import { checkBucketAcl } from './public-access.ts';

export interface NewBucket {
  name: string;
  acl?: BucketAcl | undefined;
  storageClass?: StorageClass | undefined;
  redundancy?: Redundancy | undefined;
  encryption?: Encryption | undefined;
  blockPublicAccess?: boolean | undefined;
}

/** The settings of a bucket that can change. */
export type BucketSettings = Partial<
  Pick<BucketRecord, 'acl' | 'cors' | 'lifecycle' | 'encryption' | 'tags' | 'blockPublicAccess'>
>;

export interface BucketStat {
  /** Bytes. */
  storage: number;
  objects: number;
  uploads: number;
  /** Bytes, billed bytes, and objects of each class. */
  classes: Record<StorageClass, { storage: number; billed: number; objects: number }>;
  /** Milliseconds since the epoch. */
  lastModified: number;
}

const REMOVES = { grows: false };

/** Whether a new bucket blocks public access: OSS's buckets have done so since October 2025. */
export const BLOCKS_PUBLIC_ACCESS = true;

/** The account's buckets. */
export class Buckets {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  find(name: string): BucketRecord | undefined {
    return this.#store.buckets.get(name);
  }

  /** Throws NoSuchBucket. */
  require(name: string): BucketRecord {
    const bucket = this.#store.buckets.get(name);
    if (!bucket) throw new OssError('NoSuchBucket', { details: { BucketName: name } });
    return bucket;
  }

  /** Returns all buckets, by name. */
  list(): BucketRecord[] {
    return [...this.#store.buckets.range('')].map(([, bucket]) => bucket);
  }

  /**
   * Creates the bucket; an existing one stays, with the ACL and the encryption if they are given.
   * Throws InvalidBucketName, BucketAlreadyExists for another class or redundancy than the bucket
   * has, or AccessDenied for a public ACL of a bucket that blocks public access.
   */
  async create(bucket: NewBucket): Promise<void> {
    const { name, acl, encryption, storageClass = 'Standard', ...more } = bucket;
    checkBucketName(name);
    await this.#store.transact(() => {
      const old = this.#store.buckets.get(name);
      if (acl !== undefined) checkBucketAcl(acl, old ?? more);
      if (old) {
        checkUnchanged(old, bucket);
        const changed = { ...(acl && { acl }), ...(encryption && { encryption }) };
        this.#store.buckets.put(name, { ...old, ...changed });
        return;
      }
      const created = this.#clock.now();
      const fresh = { name, acl: acl ?? 'private', storageClass, encryption, ...more, created };
      this.#store.buckets.put(name, fresh);
    });
  }

  /** Changes the bucket's settings; undefined removes a setting. Throws NoSuchBucket. */
  async set(name: string, settings: BucketSettings): Promise<void> {
    await this.#store.transact(() =>
      this.#store.buckets.put(name, { ...this.require(name), ...settings }),
    );
  }

  /** Throws NoSuchBucket, or BucketNotEmpty while it has objects or unfinished uploads. */
  async remove(name: string): Promise<void> {
    await this.#store.transact(() => {
      this.require(name);
      const { objects, uploads, buckets } = this.#store;
      for (const table of [objects, uploads])
        for (const _ of table.range(...scopeOf(name)))
          throw new OssError('BucketNotEmpty', { details: { BucketName: name } });
      buckets.remove(name);
    }, REMOVES);
  }

  /** Counts the bucket's current contents. Throws NoSuchBucket. */
  stat(name: string): BucketStat {
    const stat: BucketStat = {
      storage: 0,
      objects: 0,
      uploads: 0,
      classes: {
        Standard: { storage: 0, billed: 0, objects: 0 },
        IA: { storage: 0, billed: 0, objects: 0 },
        Archive: { storage: 0, billed: 0, objects: 0 },
      },
      lastModified: this.require(name).created,
    };
    for (const [, { size, storageClass, lastModified }] of this.#store.objects.range(
      ...scopeOf(name),
    )) {
      stat.objects += 1;
      stat.storage += size;
      stat.classes[storageClass].objects += 1;
      stat.classes[storageClass].storage += size;
      stat.classes[storageClass].billed += Math.max(size, MIN_BILLED_BYTES[storageClass]);
      stat.lastModified = Math.max(stat.lastModified, lastModified);
    }
    for (const _ of this.#store.uploads.range(...scopeOf(name))) stat.uploads += 1;
    return stat;
  }
}

/** Throws BucketAlreadyExists, with the message on the page of status 409. */
function checkUnchanged(old: BucketRecord, { storageClass, redundancy }: NewBucket): void {
  if (storageClass !== undefined && storageClass !== old.storageClass)
    throw new OssError('BucketAlreadyExists', {
      message: "Cannot modify existing bucket's storage class.",
      details: { BucketName: old.name },
    });
  if (redundancy !== undefined && redundancy !== (old.redundancy ?? 'LRS'))
    throw new OssError('BucketAlreadyExists', {
      message: "Bucket already exists can't modify data redundancy type.",
      details: { BucketName: old.name },
    });
}

function scopeOf(bucket: string): [from: string, to: string | undefined] {
  return [`${bucket}\0`, firstAfter(`${bucket}\0`)];
}
