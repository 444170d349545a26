import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { OssError } from '../errors.ts';
import type { Caller } from '../events.ts';
import { MAX_UPLOAD_BYTES } from '../limits.ts';
import type { ObjectRecord } from '../store/types.ts';
import type { Blobs } from './blobs.ts';
import type { Buckets } from './buckets.ts';
import { combineCrc64 } from './combine-crc64.ts';
import { checkObjectKey, objectId } from './names.ts';
import { checkDigest, type ObjectPath, type Objects, type PutOptions } from './objects.ts';

export interface AppendsParts {
  blobs: Blobs;
  buckets: Buckets;
  objects: Objects;
  clock: Clock;
}

/** Appendable objects: each append is a file that becomes a further segment. */
export class Appends {
  readonly #blobs: Blobs;
  readonly #buckets: Buckets;
  readonly #objects: Objects;
  readonly #clock: Clock;

  constructor({ blobs, buckets, objects, clock }: AppendsParts) {
    this.#blobs = blobs;
    this.#buckets = buckets;
    this.#objects = objects;
    this.#clock = clock;
  }

  /**
   * Appends to an appendable object, or creates one; `position` must equal its size. Its content
   * does not change until all has arrived. Throws NoSuchBucket, InvalidObjectName,
   * ObjectNotAppendable, PositionNotEqualToLength, InvalidDigest or EntityTooLarge.
   */
  async append(
    path: ObjectPath,
    position: number,
    body: AsyncIterable<Uint8Array>,
    { properties, contentMd5 }: PutOptions,
    caller: Caller,
  ): Promise<ObjectRecord> {
    checkObjectKey(path.key);
    this.#buckets.require(path.bucket);
    this.#checkPosition(path, position);
    const owner = objectId(path.bucket, path.key);
    const written = await this.#blobs.write(owner, body, MAX_UPLOAD_BYTES - position);
    const { segment, md5, crc64 } = written;
    return this.#blobs.orRemove([segment], async () => {
      checkDigest(md5, contentMd5);
      const build = (): ObjectRecord => {
        const old = this.#checkPosition(path, position);
        return {
          ...(old ?? { ...path, ...properties, type: 'Appendable' }),
          segments: [...(old?.segments ?? []), segment],
          size: position + segment.size,
          eTag: createHash('md5').update(`${old?.eTag}${md5}`).digest('hex').toUpperCase(),
          crc64: old ? combineCrc64(old.crc64, crc64, segment.size) : crc64,
          lastModified: this.#clock.now(),
        };
      };
      return this.#objects.commit(build, { event: 'ObjectCreated:AppendObject', caller });
    });
  }

  #checkPosition(path: ObjectPath, position: number): ObjectRecord | undefined {
    const object = this.#objects.find(path);
    if (object && object.type !== 'Appendable') throw new OssError('ObjectNotAppendable');
    const size = object?.size ?? 0;
    if (position !== size)
      throw new OssError('PositionNotEqualToLength', {
        headers: { 'x-oss-next-append-position': String(size) },
      });
    return object;
  }
}
