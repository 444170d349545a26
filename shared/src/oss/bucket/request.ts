import type OSS from 'ali-oss';
import { type Operation, ossError, unexpectedAnswer } from './errors.ts';
import { requestIdOf } from './headers.ts';

/** A bucket, and ali-oss's client for it with the current credential. */
export interface SdkOfBucket {
  readonly bucket: string;
  sdk(): Promise<OSS>;
}

/** A request as ali-oss's own operations make it. */
export interface RawRequest {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Query parameters; an empty value makes a bare name. */
  query?: Record<string, string | number>;
  headers?: Record<string, string>;
  /** Give a Content-MD5 with it: otherwise ali-oss copies the content to compute one. */
  content?: Buffer | string;
  /** The statuses of success. */
  status: number | readonly number[];
  /** Whether the answer's body is XML. */
  isXml?: boolean;
}

export interface RawAnswer {
  status: number;
  headers: object;
  requestId: string;
  /** The answer's body as it came, or unpacked if it was packed by gzip or deflate. */
  body: Buffer;
  /** The XML of the answer's body as an object; undefined when there is none. */
  xml: Record<string, unknown> | undefined;
}

/**
 * ali-oss looks up a content type by this in place of the key's extension, in a large table, and finds none:
 * a request that sends nothing needs none.
 */
const NO_TYPE = { mime: '.' };

/** The method that all of ali-oss's operations use and its types leave out. */
interface Requester {
  request(params: object): Promise<{ res: OSS.NormalSuccessResponse; data?: unknown }>;
}

/**
 * Signs and sends one request with ali-oss, without its own methods for operations: they are most of its
 * code, and some do too much (its uploadPart only takes streams, which are never sent again, and its
 * abortMultipartUpload stops every upload of the client). Rejects with a ServiceError; OSS puts a request id
 * on every answer: without it, another server answered.
 */
export async function ossRequest(
  bucket: SdkOfBucket,
  operation: Operation,
  { method, query, headers = {}, content, status, isXml = false }: RawRequest,
): Promise<RawAnswer> {
  const sdk = (await bucket.sdk()) as OSS & Requester;
  const params = {
    method,
    bucket: bucket.bucket,
    ...(operation.key !== undefined && { object: operation.key }),
    ...(query && { subres: query }),
    headers,
    ...(content !== undefined && { content }),
    // A POST may begin an upload, whose object has the type.
    ...(method !== 'PUT' && method !== 'POST' && NO_TYPE),
    xmlResponse: isXml,
    successStatuses: typeof status === 'number' ? [status] : status,
  };
  try {
    const { res, data } = await sdk.request(params);
    const requestId = requestIdOf(res.headers);
    if (requestId === undefined)
      throw unexpectedAnswer(operation, "answer is not OSS's", { status: res.status });
    const body = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
    const xml = isXml && isRecord(data) ? data : undefined;
    return { status: res.status, headers: res.headers, requestId, body, xml };
  } catch (error) {
    throw ossError(error, operation);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value);
}
