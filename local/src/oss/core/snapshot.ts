import { MAX_UPLOAD_BYTES } from '../limits.ts';
import type { BucketRecord, ObjectRecord, Segment, Store } from '../store/types.ts';
import type { Blobs, WrittenBlob } from './blobs.ts';
import { checkBucketName, checkObjectKey, objectId } from './names.ts';

/** All buckets and objects at a moment, taken out or put in as a whole. No listener hears of it. */
export class Snapshot {
  readonly #store: Store;
  readonly #blobs: Blobs;

  constructor(store: Store, blobs: Blobs) {
    this.#store = store;
    this.#blobs = blobs;
  }

  /** What there is now; the content of the objects stays readable until `release` is called. */
  take(): { buckets: BucketRecord[]; objects: ObjectRecord[]; release: () => void } {
    const buckets = [...this.#store.buckets.range('')].map(([, bucket]) => bucket);
    const objects = [...this.#store.objects.range('')].map(([, object]) => object);
    return {
      buckets,
      objects,
      release: this.#blobs.hold(objects.flatMap(({ segments }) => segments)),
    };
  }

  /** Writes the content of an object that is put in later. Throws InvalidBucketName, InvalidObjectName or EntityTooLarge. */
  stage(bucket: string, key: string, body: AsyncIterable<Uint8Array>): Promise<WrittenBlob> {
    checkBucketName(bucket);
    checkObjectKey(key);
    return this.#blobs.write(objectId(bucket, key), body, MAX_UPLOAD_BYTES);
  }

  /** Drops content that is not put in after all. */
  discard(segments: readonly Segment[]): void {
    this.#blobs.remove(segments);
  }

  /** In one step: the objects take the place of all that there are, with no unfinished upload; buckets of these names are as they say, and others stay, empty. Throws InvalidBucketName or InvalidObjectName. */
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
