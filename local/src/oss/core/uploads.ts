import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { firstAfter } from '../bytes.ts';
import { invalidArgument, OssError } from '../errors.ts';
import type { Caller } from '../events.ts';
import { MAX_PART_NUMBER, MAX_UPLOAD_BYTES, MIN_PART_BYTES } from '../limits.ts';
import type {
  ObjectAcl,
  ObjectProperties,
  ObjectRecord,
  PartRecord,
  Store,
  UploadRecord,
} from '../store/types.ts';
import type { Blobs } from './blobs.ts';
import type { Buckets } from './buckets.ts';
import { combineCrc64 } from './combine-crc64.ts';
import { checkObjectKey, objectId, partId, uploadRecordId } from './names.ts';
import { checkDigest, type ObjectPath, type Objects } from './objects.ts';

/** An upload as a client identifies it. */
export interface UploadPath extends ObjectPath {
  uploadId: string;
}

/** A part as the client lists it when completing. */
export interface ListedPart {
  number: number;
  /** Upper case, without quotes. */
  eTag: string;
}

export interface InitiateOptions {
  /** Parts must arrive in order, each once; completing returns the MD5 of the whole. */
  sequential?: boolean;
  /** Refuses an upload to a key that has an object. */
  forbidOverwrite?: boolean;
}

export interface CompleteOptions {
  forbidOverwrite: boolean;
  /** Replaces the ACL given at the initiation. */
  acl?: ObjectAcl | undefined;
}

export interface UploadsParts {
  store: Store;
  blobs: Blobs;
  buckets: Buckets;
  objects: Objects;
  clock: Clock;
}

const REMOVES = { grows: false };

/** Multipart uploads: an object that arrives in parts, each a file that becomes one segment of it. */
export class Uploads {
  readonly #store: Store;
  readonly #blobs: Blobs;
  readonly #buckets: Buckets;
  readonly #objects: Objects;
  readonly #clock: Clock;

  constructor({ store, blobs, buckets, objects, clock }: UploadsParts) {
    this.#store = store;
    this.#blobs = blobs;
    this.#buckets = buckets;
    this.#objects = objects;
    this.#clock = clock;
  }

  /** Throws NoSuchBucket, InvalidObjectName or FileAlreadyExists. */
  async initiate(
    path: ObjectPath,
    properties: ObjectProperties,
    { sequential = false, forbidOverwrite = false }: InitiateOptions = {},
  ): Promise<UploadRecord> {
    checkObjectKey(path.key);
    const uploadId = randomBytes(16).toString('hex').toUpperCase();
    const upload = {
      ...path,
      ...properties,
      uploadId,
      initiated: this.#clock.now(),
      ...(sequential && { sequential }),
    };
    await this.#store.transact(() => {
      this.#buckets.require(path.bucket);
      if (forbidOverwrite && this.#objects.find(path)) throw new OssError('FileAlreadyExists');
      this.#store.uploads.put(uploadRecordId(path.bucket, path.key, uploadId), upload);
    });
    return upload;
  }

  /** Throws NoSuchBucket, or NoSuchUpload, also when the id belongs to another key. */
  require({ bucket, key, uploadId }: UploadPath): UploadRecord {
    this.#buckets.require(bucket);
    const upload = this.#store.uploads.get(uploadRecordId(bucket, key, uploadId));
    if (!upload) throw new OssError('NoSuchUpload', { details: { UploadId: uploadId } });
    return upload;
  }

  /** Stores a part, replacing one of the same number. Throws NoSuchUpload, InvalidArgument, InvalidDigest or EntityTooLarge; PartNotSequential or PartAlreadyExist when the upload is sequential. */
  async writePart(
    path: UploadPath,
    number: number,
    body: AsyncIterable<Uint8Array>,
    contentMd5?: string,
  ): Promise<PartRecord> {
    checkPartNumber(number);
    this.#checkOrder(this.require(path), number);
    const owner = objectId(path.bucket, path.key);
    const { segment, md5, crc64 } = await this.#blobs.write(owner, body, MAX_UPLOAD_BYTES);
    const part = { number, segment, eTag: md5, crc64, lastModified: this.#clock.now() };
    const old = await this.#blobs.orRemove([segment], async () => {
      checkDigest(md5, contentMd5);
      return this.#store.transact(() => {
        this.#checkOrder(this.require(path), number);
        const id = partId(path.uploadId, number);
        const old = this.#store.parts.get(id);
        this.#store.parts.put(id, part);
        return old;
      });
    });
    if (old) this.#blobs.remove([old.segment]);
    return part;
  }

  /** Yields the parts with a number above `after`, in order. */
  *parts(uploadId: string, after = 0): Iterable<PartRecord> {
    for (const [, part] of this.#store.parts.range(
      partId(uploadId, after + 1),
      firstAfter(`${uploadId}\0`),
    ))
      yield part;
  }

  /**
   * Makes the object from the listed parts (all, when there is no list); other parts are deleted.
   * Throws NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall or FileAlreadyExists.
   */
  async complete(
    path: UploadPath,
    listed: readonly ListedPart[] | undefined,
    { forbidOverwrite, acl }: CompleteOptions,
    caller: Caller,
  ): Promise<ObjectRecord> {
    let stored: PartRecord[] = [];
    let chosen: PartRecord[] = [];
    const object = await this.#objects.commit(
      () => {
        const upload = this.require(path);
        stored = [...this.parts(path.uploadId)];
        chosen = choose(stored, listed);
        return this.#assemble(acl === undefined ? upload : { ...upload, acl }, chosen);
      },
      {
        event: 'ObjectCreated:CompleteMultipartUpload',
        caller,
        forbidOverwrite,
        also: () => this.#forget(path, stored),
      },
    );
    const kept = new Set(chosen);
    this.#blobs.remove(stored.filter((part) => !kept.has(part)).map(({ segment }) => segment));
    return object;
  }

  /**
   * Returns the Base64 MD5 of the listed parts together (all, when there is no list); undefined
   * unless the upload is sequential. Throws what `complete` throws for them.
   */
  async contentMd5(
    path: UploadPath,
    listed: readonly ListedPart[] | undefined,
  ): Promise<string | undefined> {
    if (!this.require(path).sequential) return undefined;
    const segments = choose([...this.parts(path.uploadId)], listed).map(({ segment }) => segment);
    const size = segments.reduce((sum, segment) => sum + segment.size, 0);
    const md5 = createHash('md5');
    for await (const chunk of this.#blobs.stream(segments, 0, size)) md5.update(chunk as Buffer);
    return md5.digest('base64');
  }

  #checkOrder({ sequential, uploadId }: UploadRecord, number: number): void {
    if (!sequential) return;
    let last = 0;
    for (const part of this.parts(uploadId)) last = part.number;
    if (number <= last) throw new OssError('PartAlreadyExist');
    if (number > last + 1)
      throw new OssError('PartNotSequential', { details: { PartNumber: String(number) } });
  }

  /** Removes the upload and its parts. Throws NoSuchUpload. */
  async abort(path: UploadPath): Promise<void> {
    const parts = await this.#store.transact(() => {
      this.require(path);
      const stored = [...this.parts(path.uploadId)];
      this.#forget(path, stored);
      return stored;
    }, REMOVES);
    this.#blobs.remove(parts.map(({ segment }) => segment));
  }

  #forget({ bucket, key, uploadId }: UploadPath, parts: readonly PartRecord[]): void {
    this.#store.uploads.remove(uploadRecordId(bucket, key, uploadId));
    for (const { number } of parts) this.#store.parts.remove(partId(uploadId, number));
  }

  #assemble(upload: UploadRecord, parts: readonly PartRecord[]): ObjectRecord {
    const { uploadId: _, initiated: __, sequential: ___, ...rest } = upload;
    const md5 = createHash('md5');
    let crc64 = '0';
    let size = 0;
    for (const part of parts) {
      md5.update(part.eTag, 'hex');
      crc64 = combineCrc64(crc64, part.crc64, part.segment.size);
      size += part.segment.size;
    }
    return {
      ...rest,
      type: 'Multipart',
      segments: parts.map(({ segment }) => segment),
      size,
      eTag: `${md5.digest('hex').toUpperCase()}-${parts.length}`,
      crc64,
      lastModified: this.#clock.now(),
    };
  }
}

/** Throws InvalidArgument unless the number is whole and from 1 to 10000. */
function checkPartNumber(number: number): void {
  if (!Number.isInteger(number) || number < 1 || number > MAX_PART_NUMBER)
    throw invalidArgument('partNumber', String(number), `give 1 to ${MAX_PART_NUMBER}`);
}

function choose(
  stored: readonly PartRecord[],
  listed: readonly ListedPart[] | undefined,
): PartRecord[] {
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  let before = 0;
  const chosen = (listed ?? stored).map(({ number, eTag }) => {
    if (number <= before) throw new OssError('InvalidPartOrder');
    before = number;
    const part = byNumber.get(number);
    if (part?.eTag !== eTag)
      throw new OssError('InvalidPart', { details: { PartNumber: String(number), ETag: eTag } });
    return part;
  });
  if (listed === undefined && chosen.length === 0)
    throw new OssError('InvalidPart', { message: 'No part was uploaded' });
  const small = chosen.slice(0, -1).find(({ segment }) => segment.size < MIN_PART_BYTES);
  if (small)
    throw new OssError('EntityTooSmall', {
      details: {
        PartNumber: String(small.number),
        MinSizeAllowed: String(MIN_PART_BYTES),
        ProposedSize: String(small.segment.size),
      },
    });
  return chosen;
}
