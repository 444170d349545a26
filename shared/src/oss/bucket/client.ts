import type OSS from 'ali-oss';
import { contextCredentials, contextLocation } from '../../auth/context-credentials.ts';
import { CredentialScope, currentCredentials } from '../../auth/credential-scope.ts';
import type { Credentials, CredentialsProvider } from '../../auth/credentials.ts';
import type { FunctionContext } from '../../context/function-context.ts';
import { ConfigurationError, ServiceError } from '../../errors/errors.ts';
import type { Network } from '../../net/endpoints.ts';
import { type Address, ossAddress } from './address.ts';
import { checkBucket, checkKey, checkPageSize, checkStream } from './check.ts';
import { crc64 } from './crc64.ts';
import { checksumMismatch, isInvalidEncoding, type Operation, unexpectedAnswer } from './errors.ts';
import { gather } from './gather.ts';
import { objectInfo, putHeaders } from './headers.ts';
import { objectStream } from './object-stream.ts';
import { readingPlainXml } from './plain-xml.ts';
import { ossRequest, type RawAnswer } from './request.ts';
import { connections, sdk } from './sdk.ts';
import { transport } from './transport.ts';
import type {
  GetStreamOptions,
  ListObjectsOptions,
  ObjectInfo,
  ObjectPage,
  ObjectStream,
  PutOptions,
  PutResult,
  StoredObject,
} from './types.ts';
import { isPacked, isUnpackedBySdk, unpack } from './unpack.ts';
import { pageOf, URL_ENCODING } from './url-encoding.ts';

/** Limit of a whole exchange, in milliseconds, including the content. */
const TIMEOUT_MS = 60_000;

/** Maximum bytes unpacked to find out whether an object's content can be unpacked. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

const clients = new CredentialScope<OssClient>();

/**
 * Returns the client of this invocation's credential for one bucket: the same client until the context
 * brings another credential. Ask for it in the handler, never at module level, where its token would
 * expire. Throws a CredentialsError that names each value the context lacks.
 */
export function ossClient(context: FunctionContext, { bucket }: { bucket: string }): OssClient {
  const credentials = contextCredentials(context);
  const { region } = contextLocation(context);
  return clients.get(
    credentials,
    `${bucket} ${region} ${ossAddress({ region }).endpoint}`,
    () => new OssClient({ bucket, region, credentials }),
  );
}

export interface OssClientOptions {
  bucket: string;
  /** `cn-hangzhou`, without `oss-`. */
  region: string;
  /** A provider is asked before each request. */
  credentials: Credentials | CredentialsProvider;
  network?: Network;
  env?: NodeJS.ProcessEnv;
}

/**
 * Client of one bucket, over `ali-oss`, which is loaded on the first request. Requests are signed V4 and go
 * to the internal address unless the options say otherwise; one without an answer is sent once more, on a
 * new connection. Every method rejects with a ServiceError when OSS refuses, fails or does not answer.
 */
export class OssClient {
  readonly bucket: string;
  readonly #address: Address;
  readonly #credentials: OssClientOptions['credentials'];
  readonly #sdks = new CredentialScope<OSS>();

  constructor(options: OssClientOptions) {
    this.bucket = checkBucket(options.bucket);
    if (!options.region)
      throw new ConfigurationError('OSS client has no region', {
        code: 'MissingLocation',
        remedy: 'pass it: it makes the address and is signed with',
      });
    this.#address = ossAddress(options);
    this.#credentials = options.credentials;
  }

  /**
   * Stores `body` under `key`, replacing an existing object unless `forbidOverwrite` is set. A string is
   * text, never a file's path. The CRC-64 that OSS computed is compared with that of `body`: a difference
   * throws a ServiceError (`ChecksumMismatch`).
   */
  async putObject(
    key: string,
    body: Uint8Array | string,
    options: PutOptions = {},
  ): Promise<PutResult> {
    const operation = this.#operation('PutObject', key);
    const bytes = toBuffer(body);
    const headers = putHeaders(options);
    const answer = await ossRequest(this, operation, {
      method: 'PUT',
      headers,
      content: bytes,
      status: 200,
    });
    const stored = this.#info(operation, answer);
    if (stored.crc64 === undefined)
      throw unexpectedAnswer(operation, 'answer has no CRC-64', {
        status: answer.status,
        requestId: stored.requestId,
      });
    if (stored.crc64 !== (await crc64(bytes))) throw checksumMismatch(operation, stored.requestId);
    return { eTag: stored.eTag, crc64: stored.crc64, requestId: stored.requestId };
  }

  /**
   * Returns the object with its whole content in memory. Its CRC-64 is checked if OSS has one. Content
   * stored with a `Content-Encoding` of gzip, deflate or br is unpacked; with any other it is returned as
   * stored. Content that ali-oss itself unpacks (gzip, deflate) is not checked, since the CRC-64 is of the
   * packed bytes. Throws a ServiceError (`UnexpectedAnswer`), which is not retryable, for content that is
   * not packed as declared, and a ServiceError (`NoSuchKey`) for an object that does not exist.
   *
   * For objects that others may have stored, set `maxBytes`: a larger object throws an AppError
   * (`ObjectTooLarge`) before any of it is read, and nothing is unpacked beyond the limit.
   */
  async getObject(key: string, { maxBytes }: { maxBytes?: number } = {}): Promise<StoredObject> {
    if (maxBytes !== undefined) {
      const reading = { ...this.#operation('GetObject', key), key };
      const { body: stream, ...info } = await this.getObjectStream(key);
      const body = await gather({ ...info, body: stream }, reading, maxBytes);
      return { ...info, size: body.length, body };
    }
    const operation = this.#operation('GetObject', key);
    const get = { method: 'GET', status: [200, 206, 304] } as const;
    const answer = await ossRequest(this, operation, get).catch((error) =>
      this.#explained(error, key),
    );
    const info = this.#info(operation, answer);
    const { body } = answer;
    const { contentEncoding } = info;
    if (isUnpackedBySdk(contentEncoding)) return { ...info, size: body.length, body };
    if (info.crc64 !== undefined && info.crc64 !== (await crc64(body)))
      throw checksumMismatch(operation, info.requestId);
    if (!isPacked(contentEncoding)) return { ...info, size: body.length, body };
    const unpacked = await unpack(body, contentEncoding, { ...operation, key });
    return { ...info, size: unpacked.length, body: unpacked };
  }

  /**
   * Returns the object with its content as a stream: of any length in little memory, and for as long as it
   * takes, since only silence is limited. A broken connection is replaced, and the read continues where it
   * broke, as long as the object is the same (`If-Match`): if it was changed meanwhile, the stream fails
   * with a ServiceError (`PreconditionFailed`); if it was deleted, with `NoSuchKey`. The bytes are those
   * that are stored: nothing is unpacked. After a whole read the CRC-64 is compared if OSS has one; a
   * difference fails the stream with `ChecksumMismatch`, after its bytes have been read.
   */
  async getObjectStream(key: string, options: GetStreamOptions = {}): Promise<ObjectStream> {
    const operation = { ...this.#operation('GetObject', key), key };
    return objectStream(() => this.sdk(), operation, checkStream(options));
  }

  /**
   * Returns an object's properties without its content. OSS answers no more than 404 here, so a missing
   * bucket also throws `NoSuchKey`.
   */
  async headObject(key: string): Promise<ObjectInfo> {
    const operation = this.#operation('HeadObject', key, 'oss:GetObject');
    const answer = await ossRequest(this, operation, { method: 'HEAD', status: [200, 304] });
    return this.#info(operation, answer);
  }

  /** Deletes an object. Succeeds if it does not exist. */
  async deleteObject(key: string): Promise<void> {
    const operation = this.#operation('DeleteObject', key);
    await ossRequest(this, operation, { method: 'DELETE', status: 204 });
  }

  /**
   * Returns one page of the bucket's objects, in the order of their keys' bytes. It may include objects
   * stored by another client under keys that no method here accepts; isAddressable identifies them.
   */
  async listObjects(options: ListObjectsOptions = {}): Promise<ObjectPage> {
    const operation: Operation = { name: 'ListObjects', bucket: this.bucket };
    const { prefix, delimiter, startAfter, token, max = 100 } = options;
    const { requestId, status, xml } = await ossRequest(this, operation, {
      method: 'GET',
      query: {
        'list-type': 2,
        'max-keys': checkPageSize(max),
        ...URL_ENCODING,
        ...(prefix && { prefix }),
        ...(delimiter && { delimiter }),
        ...(startAfter && { 'start-after': startAfter }),
        ...(token && { 'continuation-token': token }),
      },
      status: 200,
      isXml: true,
    });
    if (!xml) throw unexpectedAnswer(operation, 'answer is no list', { status, requestId });
    return pageOf(xml);
  }

  /**
   * Returns ali-oss's own client, for what is not wrapped here. It holds the current credential: ask again
   * before each use, and do not keep it. Its errors are ali-oss's own.
   */
  async sdk(): Promise<OSS> {
    const [Client, credentials] = await Promise.all([sdk(), currentCredentials(this.#credentials)]);
    const { accessKeyId, accessKeySecret, securityToken } = credentials;
    return this.#sdks.get(credentials, '', () => {
      const client = new Client({
        ...this.#address,
        bucket: this.bucket,
        accessKeyId,
        accessKeySecret,
        ...(securityToken && { stsToken: securityToken }),
        // Without a refresh function this refreshes nothing; it only keeps ali-oss from printing a
        // warning about that. Another credential means another client here.
        refreshSTSTokenInterval: 1,
        authorizationV4: true,
        timeout: TIMEOUT_MS,
        urllib: transport,
        retryMax: 1,
        requestErrorRetryHandle: () => {
          connections.dropIdle();
          return true;
        },
      });
      return readingPlainXml(client);
    });
  }

  /**
   * ali-oss reports content that it cannot unpack like an answer that broke off. Reading it as stored, with
   * its checksum, shows which of the two it is.
   */
  async #explained(error: unknown, key: string): Promise<never> {
    const isUnread = error instanceof ServiceError && error.code === 'UnexpectedAnswer';
    if (!isUnread || error.status !== 200) throw error;
    const operation = { ...this.#operation('GetObject', key), key };
    try {
      const object = await this.getObjectStream(key, { retries: 0 });
      if (object.contentEncoding === undefined) object.body.destroy();
      else await gather(object, operation, MAX_UNPACKED_BYTES);
    } catch (second) {
      if (isInvalidEncoding(second)) throw second;
    }
    throw error;
  }

  #operation(name: string, key: string, action?: string): Operation {
    return { name, bucket: this.bucket, key: checkKey(key), ...(action && { action }) };
  }

  #info(operation: Operation, { headers, status, requestId }: RawAnswer): ObjectInfo {
    const info = objectInfo(headers, requestId);
    if (info) return info;
    throw unexpectedAnswer(operation, 'answer has no ETag', { status, requestId });
  }
}

function toBuffer(body: Uint8Array | string): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
