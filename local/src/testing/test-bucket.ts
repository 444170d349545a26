import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { RunningCloud } from '../local-cloud.ts';
import { fromBytes, toBytes } from '../oss/bytes.ts';
import type { ObjectProperties, ObjectRecord } from '../oss/store/types.ts';
import type { BucketSpec } from '../project/types.ts';

/** A stored object with its content. */
export interface TestObject {
  key: string;
  body: Buffer;
  contentType: string;
  /** User metadata, names without `x-oss-meta-`. */
  metadata: Record<string, string>;
  /** Upper case, without quotes. */
  eTag: string;
  /** Unsigned decimal. */
  crc64: string;
  /** Milliseconds since the epoch. */
  lastModified: number;
}

/** An unfinished multipart upload. */
export interface TestUpload {
  key: string;
  uploadId: string;
}

/** One bucket of the account, read and filled without HTTP, signatures and policies. */
export class TestBucket {
  readonly name: string;
  readonly #cloud: RunningCloud;

  constructor(cloud: RunningCloud, name: string) {
    this.#cloud = cloud;
    this.name = name;
  }

  /** Creates the bucket, private unless `acl` is given. Idempotent. */
  async create(settings: Partial<Omit<BucketSpec, 'name'>> = {}): Promise<void> {
    const bucket = { acl: 'private' as const, ...settings, name: this.name };
    await this.#cloud.oss.service.apply({ buckets: [bucket] });
  }

  /**
   * Stores an object as if a client had put it: OSS triggers are invoked. Throws an error with
   * OSS's own code: NoSuchBucket, InvalidObjectName.
   */
  async put(
    key: string,
    body: string | Uint8Array,
    { contentType = 'application/octet-stream' }: { contentType?: string } = {},
  ): Promise<TestObject> {
    const { objects } = this.#cloud.oss.service;
    const path = { bucket: this.name, key };
    const content = Readable.from([Buffer.from(body)]);
    const options = { properties: properties(contentType) };
    return this.#read(await objects.put(path, content, options, { requestId: requestId() }));
  }

  /** Reads an object. Throws an error with the code NoSuchKey or NoSuchBucket. */
  async object(key: string): Promise<TestObject> {
    const { objects } = this.#cloud.oss.service;
    return this.#read(objects.follow({ bucket: this.name, key }));
  }

  /** Deletes an object; does nothing if it does not exist. */
  async delete(key: string): Promise<void> {
    const caller = { requestId: requestId() };
    await this.#cloud.oss.service.objects.remove({ bucket: this.name, key }, caller);
  }

  /** Lists the keys that start with `prefix`, in OSS's order. Throws an error with the code NoSuchBucket. */
  keys(prefix = ''): string[] {
    const records = this.#cloud.oss.service.listObjects(this.name, prefix);
    return records.map(({ key }) => key);
  }

  /** Reads the objects whose keys start with `prefix`, as UTF-8 text by key. */
  async objects(prefix = ''): Promise<Record<string, string>> {
    const pairs = this.keys(prefix).map(async (key) => {
      const { body } = await this.object(key);
      return [key, body.toString('utf8')] as const;
    });
    return Object.fromEntries(await Promise.all(pairs));
  }

  /**
   * Begins a multipart upload and does not finish it. Throws an error with the code NoSuchBucket.
   */
  async beginUpload(key: string): Promise<TestUpload> {
    const { uploads } = this.#cloud.oss.service;
    const path = { bucket: this.name, key };
    const { uploadId } = await uploads.initiate(path, properties('application/octet-stream'));
    return { key, uploadId };
  }

  /** Lists the multipart uploads that were begun and neither completed nor aborted. */
  uploads(): TestUpload[] {
    const all = [...this.#cloud.oss.service.store.uploads.range('')];
    return all
      .map(([, upload]) => upload)
      .filter(({ bucket }) => bucket === this.name)
      .map(({ key, uploadId }) => ({ key: key, uploadId }));
  }

  async #read(record: ObjectRecord): Promise<TestObject> {
    const stream = this.#cloud.oss.service.objects.stream(record);
    const chunks = await stream.toArray();
    const texts = Object.entries(record.meta).map(([name, value]) => [name, fromBytes(value)]);
    return {
      key: record.key,
      body: Buffer.concat(chunks),
      contentType: fromBytes(record.headers['content-type'] ?? ''),
      metadata: Object.fromEntries(texts),
      eTag: record.eTag,
      crc64: record.crc64,
      lastModified: record.lastModified,
    };
  }
}

function properties(contentType: string): ObjectProperties {
  return {
    headers: { 'content-type': toBytes(contentType) },
    meta: {},
    acl: 'default',
    storageClass: 'Standard',
    tags: [],
  };
}

/** Returns an id in the form of OSS's request ids: 24 upper-case hex digits. */
function requestId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 24).toUpperCase();
}
