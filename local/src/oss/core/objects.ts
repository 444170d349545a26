import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { OssError } from '../errors.ts';
import type { Caller, ObjectEvent, ObjectEventName, ObjectListener } from '../events.ts';
import { MAX_UPLOAD_BYTES } from '../limits.ts';
import type { ObjectProperties, ObjectRecord, Segment, Store } from '../store/types.ts';
import type { Blobs } from './blobs.ts';
import type { Buckets } from './buckets.ts';
import { checkObjectKey, objectId } from './names.ts';

export interface ObjectPath {
  bucket: string;
  key: string;
}

export interface PutOptions {
  properties: ObjectProperties;
  /** Base64; the content must have this digest. */
  contentMd5?: string | undefined;
  forbidOverwrite?: boolean;
  /** Event reported once it is stored; default PutObject. */
  event?: ObjectEventName;
}

export type ObjectChange = Partial<Pick<ObjectRecord, 'acl' | 'tags' | 'restored'>>;

export interface CommitOptions {
  event: ObjectEventName;
  caller: Caller;
  forbidOverwrite?: boolean | undefined;
  /** Further writes, in the same transaction. */
  also?: () => void;
}

export interface ObjectsParts {
  store: Store;
  blobs: Blobs;
  buckets: Buckets;
  clock: Clock;
  tell: ObjectListener;
}

const REMOVES = { grows: false };

/** The objects of all buckets. */
export class Objects {
  readonly #store: Store;
  readonly #blobs: Blobs;
  readonly #buckets: Buckets;
  readonly #clock: Clock;
  readonly #tell: ObjectListener;

  constructor({ store, blobs, buckets, clock, tell }: ObjectsParts) {
    this.#store = store;
    this.#blobs = blobs;
    this.#buckets = buckets;
    this.#clock = clock;
    this.#tell = tell;
  }

  find({ bucket, key }: ObjectPath): ObjectRecord | undefined {
    return this.#store.objects.get(objectId(bucket, key));
  }

  /** Throws NoSuchBucket or NoSuchKey. */
  require(path: ObjectPath): ObjectRecord {
    this.#buckets.require(path.bucket);
    const object = this.find(path);
    if (!object) throw new OssError('NoSuchKey', { details: { Key: path.key } });
    return object;
  }

  /**
   * Stores a whole object; until it has arrived and its digest is verified, the key keeps its
   * previous object. Throws NoSuchBucket, InvalidObjectName, FileAlreadyExists, InvalidDigest or
   * EntityTooLarge.
   */
  async put(
    path: ObjectPath,
    body: AsyncIterable<Uint8Array>,
    {
      properties,
      contentMd5,
      forbidOverwrite = false,
      event = 'ObjectCreated:PutObject',
    }: PutOptions,
    caller: Caller,
  ): Promise<ObjectRecord> {
    checkObjectKey(path.key);
    this.#checkOverwrite(path, forbidOverwrite);
    const written = await this.#blobs.write(
      objectId(path.bucket, path.key),
      body,
      MAX_UPLOAD_BYTES,
    );
    const { segment, md5, crc64 } = written;
    return this.#blobs.orRemove([segment], async () => {
      checkDigest(md5, contentMd5);
      const { size } = segment;
      const lastModified = this.#clock.now();
      const stored = { segments: [segment], size, eTag: md5, crc64, lastModified };
      return this.commit(() => ({ ...path, ...properties, type: 'Normal', ...stored }), {
        event,
        caller,
        forbidOverwrite,
      });
    });
  }

  /** Copies the content of one object to another key. Throws what `put` throws. */
  async copy(
    source: ObjectRecord,
    path: ObjectPath,
    { properties, forbidOverwrite = false }: PutOptions,
    caller: Caller,
  ): Promise<ObjectRecord> {
    checkObjectKey(path.key);
    this.#checkOverwrite(path, forbidOverwrite);
    const release = this.#blobs.hold(source.segments);
    try {
      const owner = objectId(path.bucket, path.key);
      const segments = await this.#blobs.duplicate(owner, source.segments);
      return await this.#blobs.orRemove(segments, () => {
        const { type, size, eTag, crc64, target } = source;
        const lastModified = this.#clock.now();
        const stored = { type, segments, size, eTag, crc64, lastModified, target };
        return this.commit(() => ({ ...path, ...properties, ...stored }), {
          event: 'ObjectCreated:CopyObject',
          caller,
          forbidOverwrite,
        });
      });
    } finally {
      release();
    }
  }

  /**
   * Stores the object under its key atomically, then deletes the replaced files. `build` sees the
   * store within the same transaction; it may read and throw, and must not write.
   */
  async commit(build: () => ObjectRecord, options: CommitOptions): Promise<ObjectRecord> {
    const { event, caller, forbidOverwrite = false, also } = options;
    const { object, old } = await this.#store.transact(() => {
      const object = build();
      this.#checkOverwrite(object, forbidOverwrite);
      const old = this.find(object);
      this.#store.objects.put(objectId(object.bucket, object.key), object);
      also?.();
      return { object, old };
    });
    if (old) this.#blobs.remove(leftBehind(old, object));
    this.#tell(this.#event(event, object, object.size - (old?.size ?? 0), caller));
    return object;
  }

  /** Removes the object if it exists; returns the removed object. Throws NoSuchBucket. */
  async remove(
    path: ObjectPath,
    caller: Caller,
    event: ObjectEventName = 'ObjectRemoved:DeleteObject',
  ): Promise<ObjectRecord | undefined> {
    checkObjectKey(path.key);
    const old = await this.#store.transact(() => {
      this.#buckets.require(path.bucket);
      const object = this.find(path);
      if (object) this.#store.objects.remove(objectId(path.bucket, path.key));
      return object;
    }, REMOVES);
    if (!old) return undefined;
    this.#blobs.remove(old.segments);
    this.#tell(this.#event(event, old, -old.size, caller));
    return old;
  }

  /** Removes the object if `holds` is still true of it; listeners are not notified. */
  async removeIf(path: ObjectPath, holds: (object: ObjectRecord) => boolean): Promise<void> {
    const old = await this.#store.transact(() => {
      const object = this.find(path);
      if (!object || !holds(object)) return undefined;
      this.#store.objects.remove(objectId(path.bucket, path.key));
      return object;
    }, REMOVES);
    if (old) this.#blobs.remove(old.segments);
  }

  /**
   * Makes the key a symlink, whether or not its target exists. Throws NoSuchBucket,
   * InvalidObjectName or FileAlreadyExists.
   */
  async link(
    path: ObjectPath,
    target: string,
    { properties, forbidOverwrite = false }: PutOptions,
    caller: Caller,
  ): Promise<ObjectRecord> {
    checkObjectKey(path.key);
    checkObjectKey(target);
    const eTag = createHash('md5').update(target).digest('hex').toUpperCase();
    const lastModified = this.#clock.now();
    const stored = { type: 'Symlink', target, segments: [], size: 0, eTag } as const;
    return this.commit(() => ({ ...path, ...properties, ...stored, crc64: '0', lastModified }), {
      event: 'ObjectCreated:PutSymlink',
      caller,
      forbidOverwrite,
    });
  }

  /**
   * Returns the object that is read under this key: for a symlink its target, followed once. Throws
   * NoSuchBucket, NoSuchKey, SymlinkTargetNotExist or InvalidTargetType.
   */
  follow(path: ObjectPath): ObjectRecord {
    const object = this.require(path);
    if (object.target === undefined) return object;
    const target = this.find({ bucket: path.bucket, key: object.target });
    if (!target) throw new OssError('SymlinkTargetNotExist', { details: { Key: object.target } });
    if (target.type === 'Symlink') throw new OssError('InvalidTargetType');
    const { segments, size, eTag, crc64, storageClass, restored } = target;
    const lastModified = Math.max(object.lastModified, target.lastModified);
    return { ...object, segments, size, eTag, crc64, storageClass, restored, lastModified };
  }

  /** Changes properties other than the content. Throws NoSuchBucket or NoSuchKey. */
  async set(path: ObjectPath, change: ObjectChange): Promise<void> {
    await this.change(path, () => change);
  }

  /** Changes properties by a function of the current object; `change` may throw. */
  async change(path: ObjectPath, change: (object: ObjectRecord) => ObjectChange): Promise<void> {
    await this.#store.transact(() => {
      const object = this.require(path);
      const changed = { ...object, ...change(object) };
      this.#store.objects.put(objectId(path.bucket, path.key), changed);
    });
  }

  /**
   * Reads the object's bytes from `start` on. They stay readable until the stream is closed,
   * whatever happens to the key.
   */
  stream({ segments, size }: ObjectRecord, start = 0, length = size - start): Readable {
    return this.#blobs.stream(segments, start, length);
  }

  #checkOverwrite(path: ObjectPath, forbidOverwrite: boolean): void {
    this.#buckets.require(path.bucket);
    if (forbidOverwrite && this.find(path)) throw new OssError('FileAlreadyExists');
  }

  #event(
    name: ObjectEventName,
    { bucket, key, size, eTag }: ObjectRecord,
    deltaSize: number,
    caller: Caller,
  ): ObjectEvent {
    return { name, bucket, key, size, deltaSize, eTag, time: this.#clock.now(), ...caller };
  }
}

/** Returns the old object's files that the new one does not use; none after an append. */
function leftBehind(old: ObjectRecord, { segments }: ObjectRecord): Segment[] {
  const kept = new Set(segments.map(({ blob }) => blob));
  return old.segments.filter(({ blob }) => !kept.has(blob));
}

/** Throws InvalidDigest unless `contentMd5` (base64) is absent or equals `md5` (hex). */
export function checkDigest(md5: string, contentMd5: string | undefined): void {
  if (contentMd5 !== undefined && Buffer.from(md5, 'hex').toString('base64') !== contentMd5)
    throw new OssError('InvalidDigest');
}
