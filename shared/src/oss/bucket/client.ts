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
import {
  checksumMismatch,
  isInvalidEncoding,
  type Operation,
  ossError,
  unexpectedAnswer,
} from './errors.ts';
import { gather } from './gather.ts';
import { objectInfo, putHeaders, requestIdOf, unquote } from './headers.ts';
import { objectStream } from './object-stream.ts';
import { connections, sdk } from './sdk.ts';
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
import { URL_ENCODING, urlDecoded } from './url-encoding.ts';

/** Milliseconds for a whole exchange, the content included. */
const TIMEOUT_MS = 60_000;

/** Bytes unpacked to see whether an object's content can be. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

const clients = new CredentialScope<OssClient>();

/**
 * The client of this invocation's credential for one bucket: the same one as long as the
 * credential is, another when the context brings another. Ask for it in the handler, never at
 * module level, where its token would outlive itself. Throws a CredentialsError naming each value
 * the context lacks.
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
  /** Asked for before each request when it is a provider. */
  credentials: Credentials | CredentialsProvider;
  network?: Network;
  env?: NodeJS.ProcessEnv;
}

/**
 * One bucket, over `ali-oss`, which is loaded on the first request. Requests are signed V4 and go
 * to the internal address unless the options say otherwise; one without an answer is sent once more, on a new
 * connection. Every method rejects with a ServiceError when OSS refuses, fails or does not answer.
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

  /** Stores `body` under `key`, replacing what was there unless `forbidOverwrite` is set. A string is text, never a file's path. The CRC-64 that OSS computed is compared with that of `body`: another is a ServiceError (`ChecksumMismatch`). */
  async putObject(
    key: string,
    body: Uint8Array | string,
    options: PutOptions = {},
  ): Promise<PutResult> {
    const operation = this.#operation('PutObject', key);
    const bytes = toBuffer(body);
    const headers = putHeaders(options);
    const { res } = await this.#run(operation, (sdk) => sdk.put(key, bytes, { headers }));
    const stored = this.#info(operation, res);
    if (stored.crc64 === undefined)
      throw unexpectedAnswer(operation, 'answer has no CRC-64', {
        status: res.status,
        requestId: stored.requestId,
      });
    if (stored.crc64 !== (await crc64(bytes))) throw checksumMismatch(operation, stored.requestId);
    return { eTag: stored.eTag, crc64: stored.crc64, requestId: stored.requestId };
  }

  /**
   * The object with its content, held in memory whole. Its CRC-64 is checked where OSS has one.
   * Content stored with a `Content-Encoding` of gzip, deflate or br comes unpacked, and with another
   * one as it is stored; what ali-oss itself unpacks (gzip, deflate) is not checked, since the CRC-64
   * is of the packed bytes. Content that is not packed as it says is a
   * ServiceError (`UnexpectedAnswer`) that is not retryable; an object that is not there is one, too
   * (`NoSuchKey`).
   *
   * Of what others may have stored, ask for `maxBytes` at most: an object of more is an AppError
   * (`ObjectTooLarge`) before any of it is read, and nothing is unpacked beyond it.
   */
  async getObject(key: string, { maxBytes }: { maxBytes?: number } = {}): Promise<StoredObject> {
    if (maxBytes !== undefined) {
      const reading = { ...this.#operation('GetObject', key), key };
      const { body: stream, ...info } = await this.getObjectStream(key);
      const body = await gather({ ...info, body: stream }, reading, maxBytes);
      return { ...info, size: body.length, body };
    }
    const operation = this.#operation('GetObject', key);
    const { res, content } = await this.#run(operation, (sdk) => sdk.get(key)).catch((error) =>
      this.#explained(error, key),
    );
    const info = this.#info(operation, res);
    const body = Buffer.isBuffer(content) ? content : Buffer.alloc(0);
    const { contentEncoding } = info;
    if (isUnpackedBySdk(contentEncoding)) return { ...info, size: body.length, body };
    if (info.crc64 !== undefined && info.crc64 !== (await crc64(body)))
      throw checksumMismatch(operation, info.requestId);
    if (!isPacked(contentEncoding)) return { ...info, size: body.length, body };
    const unpacked = await unpack(body, contentEncoding, { ...operation, key });
    return { ...info, size: unpacked.length, body: unpacked };
  }

  /**
   * The object with its content as a stream, of any length in little memory, and for as long as it
   * takes: what is limited is silence. A connection that breaks is replaced, and the read goes on
   * where it broke, as long as the object is the same (`If-Match`); changed meanwhile, it is a
   * ServiceError (`PreconditionFailed`), deleted, `NoSuchKey`. The bytes are those that are stored:
   * nothing is unpacked. After a whole read the CRC-64 is compared where OSS has one; another fails
   * the stream with `ChecksumMismatch`, its bytes having been read.
   */
  async getObjectStream(key: string, options: GetStreamOptions = {}): Promise<ObjectStream> {
    const operation = { ...this.#operation('GetObject', key), key };
    return objectStream(() => this.sdk(), operation, checkStream(options));
  }

  /** What is known of an object, without its content. OSS says no more than 404 here, so a missing bucket shows as `NoSuchKey` too. */
  async headObject(key: string): Promise<ObjectInfo> {
    const operation = this.#operation('HeadObject', key, 'oss:GetObject');
    const { res } = await this.#run(operation, (sdk) => sdk.head(key));
    return this.#info(operation, res);
  }

  /** Deletes an object; one that is not there is fine. */
  async deleteObject(key: string): Promise<void> {
    const operation = this.#operation('DeleteObject', key);
    const { res } = await this.#run(operation, (sdk) => sdk.delete(key));
    this.#requestId(operation, res);
  }

  /** One page of the bucket's objects, in the order of their keys' bytes. Among them may be some that another client has stored and no method here takes: isAddressable says which. */
  async listObjects(options: ListObjectsOptions = {}): Promise<ObjectPage> {
    const operation: Operation = { name: 'ListObjects', bucket: this.bucket };
    const { prefix, delimiter, startAfter, token, max = 100 } = options;
    const query: OSS.ListV2ObjectsQuery = { 'max-keys': checkPageSize(max), ...URL_ENCODING };
    if (prefix) query.prefix = prefix;
    if (delimiter) query.delimiter = delimiter;
    if (startAfter) query['start-after'] = startAfter;
    if (token) query['continuation-token'] = token;

    return this.#run(operation, async (sdk) => {
      const page = await sdk.listV2(query);
      this.#requestId(operation, page.res);
      return {
        objects: page.objects.map(({ name, size, etag, lastModified }) => ({
          key: urlDecoded(name),
          size,
          eTag: unquote(etag),
          lastModified: Date.parse(lastModified),
        })),
        prefixes: (page.prefixes ?? []).map(urlDecoded),
        ...(page.nextContinuationToken && { nextToken: urlDecoded(page.nextContinuationToken) }),
      };
    });
  }

  /** ali-oss's own client, for what is not wrapped here. Made of the credential of the moment: ask again before each use, and do not keep it. Its errors are its own. */
  async sdk(): Promise<OSS> {
    connections.dropStale();
    const [Client, credentials] = await Promise.all([sdk(), currentCredentials(this.#credentials)]);
    const { accessKeyId, accessKeySecret, securityToken } = credentials;
    return this.#sdks.get(
      credentials,
      '',
      () =>
        new Client({
          ...this.#address,
          bucket: this.bucket,
          accessKeyId,
          accessKeySecret,
          ...(securityToken && { stsToken: securityToken }),
          // Without a refresh function it refreshes nothing; it only keeps ali-oss from warning on
          // the console that it does not. Another credential is another client here.
          refreshSTSTokenInterval: 1,
          authorizationV4: true,
          timeout: TIMEOUT_MS,
          agent: connections.http,
          httpsAgent: connections.https,
          retryMax: 1,
          requestErrorRetryHandle: () => {
            connections.dropIdle();
            return true;
          },
        }),
    );
  }

  async #run<Result>(operation: Operation, send: (sdk: OSS) => Promise<Result>): Promise<Result> {
    const client = await this.sdk();
    try {
      return await send(client);
    } catch (error) {
      throw ossError(error, operation);
    }
  }

  /** ali-oss says of content that it cannot unpack what it says of an answer that broke off. Read as it is stored, with its checksum, it is either. */
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

  /** OSS puts an id on every answer: without one, another server answered. */
  #requestId(operation: Operation, { status, headers }: OSS.NormalSuccessResponse): string {
    const requestId = requestIdOf(headers);
    if (requestId !== undefined) return requestId;
    throw unexpectedAnswer(operation, "answer is not OSS's", { status });
  }

  #info(operation: Operation, res: OSS.NormalSuccessResponse): ObjectInfo {
    const requestId = this.#requestId(operation, res);
    const info = objectInfo(res.headers, requestId);
    if (info) return info;
    throw unexpectedAnswer(operation, 'answer has no ETag', { status: res.status, requestId });
  }
}

function toBuffer(body: Uint8Array | string): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
