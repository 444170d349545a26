import { MAX_UPLOAD_BYTES } from '../limits.ts';
import type { BucketRecord, ObjectRecord, Segment, Store } from '../store/types.ts';
import type { Blobs, WrittenBlob } from './blobs.ts';
import { checkBucketName, checkObjectKey, objectId } from './names.ts';

/**
 * All buckets and objects at one moment, read or replaced as a whole. Listeners are not notified.
 */
export class Snapshot {
  readonly #store: Store;
  readonly #blobs: Blobs;

  constructor(store: Store, blobs: Blobs) {
    this.#store = store;
    this.#blobs = blobs;
  }

  /**
   * Returns the current buckets and objects; the content of the objects stays readable until
   * `release` is called.
   */
  take(): { buckets: BucketRecord[]; objects: ObjectRecord[]; release: () => void } {
    const buckets = [...this.#store.buckets.range('')].map(([, bucket]) => bucket);
    const objects = [...this.#store.objects.range('')].map(([, object]) => object);
    return {
      buckets,
      objects,
      release: this.#blobs.hold(objects.flatMap(({ segments }) => segments)),
    };
  }

  /**
   * Writes the content of an object that a later `put` records. Throws InvalidBucketName,
   * InvalidObjectName or EntityTooLarge.
   */
  stage(bucket: string, key: string, body: AsyncIterable<Uint8Array>): Promise<WrittenBlob> {
    checkBucketName(bucket);
    checkObjectKey(key);
    return this.#blobs.write(objectId(bucket, key), body, MAX_UPLOAD_BYTES);
  }

  /** Deletes staged content that is not used after all. */
  discard(segments: readonly Segment[]): void {
    this.#blobs.remove(segments);
  }

  /**
   * Replaces, in one transaction, all objects with these, without unfinished uploads; the named
   * buckets get these settings, and other buckets stay, empty. Throws InvalidBucketName or
   * InvalidObjectName.
   */
  async put(buckets: readonly BucketRecord[], objects: readonly ObjectRecord[]): Promise<void> {
    for (const { name } of buckets) checkBucketName(name);
    for (const { key } of objects) checkObjectKey(key);
    const { buckets: known, objects: present, uploads, parts } = this.#store;
    const dropped = await this.#store.transact(() => {
      const old: Segment[] = [];
      for (const [id, { segments }] of [...present.range('')]) {
        old.push(...segments);
        present.remove(id);
      }
      for (const [id] of [...uploads.range('')]) uploads.remove(id);
      for (const [id, { segment }] of [...parts.range('')]) {
        old.push(segment);
        parts.remove(id);
      }
      for (const bucket of buckets) known.put(bucket.name, bucket);
      for (const object of objects) present.put(objectId(object.bucket, object.key), object);
      return old;
    });
    this.#blobs.remove(dropped);
  }
}
