import type OSS from 'ali-oss';
import type { OssClient } from './client.ts';
import { type Operation, ossError, unexpectedAnswer } from './errors.ts';
import { requestIdOf } from './headers.ts';

/** A request as ali-oss's own operations make it. */
export interface RawRequest {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Query parameters; an empty value makes a bare name. */
  query: Record<string, string>;
  headers?: Record<string, string>;
  /** Give a Content-MD5 with it: otherwise ali-oss copies the content to compute one. */
  content?: Buffer | string;
  status: number;
}

export interface RawAnswer {
  headers: object;
  requestId: string;
  /** The XML of the answer's body as an object; undefined when there is none. */
  xml: Record<string, unknown> | undefined;
}

/** The method that all of ali-oss's operations use and its types leave out. */
interface Requester {
  request(params: object): Promise<{ res: OSS.NormalSuccessResponse; data?: unknown }>;
}

/**
 * Signs and sends one request with ali-oss, for operations whose own methods do too much: its uploadPart
 * only takes streams, which are never sent again, and its abortMultipartUpload stops every upload of the
 * client. Rejects with a ServiceError as OssClient's methods do.
 */
export async function ossRequest(
  bucket: OssClient,
  operation: Operation,
  { method, query, headers = {}, content, status }: RawRequest,
): Promise<RawAnswer> {
  const sdk = (await bucket.sdk()) as OSS & Requester;
  const params = {
    method,
    bucket: bucket.bucket,
    ...(operation.key !== undefined && { object: operation.key }),
    subres: query,
    headers,
    ...(content !== undefined && { content }),
    xmlResponse: method === 'GET' || method === 'POST',
    successStatuses: [status],
  };
  try {
    const { res, data } = await sdk.request(params);
    const requestId = requestIdOf(res.headers);
    if (requestId === undefined)
      throw unexpectedAnswer(operation, "answer is not OSS's", { status: res.status });
    return { headers: res.headers, requestId, xml: isRecord(data) ? data : undefined };
  } catch (error) {
    throw ossError(error, operation);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value);
}
