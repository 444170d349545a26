import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Readable } from 'node:stream';
import { FcError } from '../errors.ts';
import { failure, type HeaderPair, type Outcome } from '../invocation.ts';

/** By lower-case name. Several values become several header lines. */
export type AnswerHeaders = Record<string, string | string[]>;

export interface HttpAnswer {
  status: number;
  headers: AnswerHeaders;
  /** A stream where it is read from a program as it arrives. */
  body: Buffer | Readable;
}

/** Maximum of names and values of all headers together, of a request and of a response. */
export const MAX_HEADERS_BYTES = 8 * 1024;

/**
 * Set only by the gateway, as is everything that begins with `x-fc-`: a function's values are
 * dropped.
 */
const GATEWAY_HEADERS = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-connection',
  'server',
  'te',
  // Node sends it only with a chunked body, and throws otherwise.
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Headers that an answer has once: of two spellings the last counts. Other headers are lists, and
 * are joined.
 */
const SINGLE_HEADERS = new Set([
  'access-control-allow-credentials',
  'access-control-allow-origin',
  'access-control-max-age',
  'age',
  'content-disposition',
  'content-encoding',
  'content-location',
  'content-range',
  'content-type',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
]);

/**
 * Returns the HTTP answer for a function's outcome. A result that is a JSON object with
 * `statusCode` is a response; any other is the body of a 200. A function that failed, or whose
 * response cannot be sent, is a 502 with the error as its body and X-Fc-Error-Type, as the
 * documentation lists for errors of HTTP functions. Throws FcError BadResponse for headers over the
 * limit.
 */
export function httpAnswer(outcome: Outcome): HttpAnswer {
  if (outcome.errorType)
    return {
      status: 502,
      headers: { 'content-type': 'application/json', 'x-fc-error-type': outcome.errorType },
      body: outcome.body,
    };

  const response = parseResponse(outcome.body);
  if (!response)
    return { status: 200, headers: { 'content-type': 'application/json' }, body: outcome.body };
  try {
    return {
      status: checkStatus(response.statusCode),
      headers: { 'content-type': 'application/json', ...checkHeaders(response.headers) },
      body: checkBody(response.body, response.isBase64Encoded),
    };
  } catch (error) {
    if (error instanceof FcError) throw error;
    return httpAnswer(failure(`Invalid HTTP response: ${(error as Error).message}`));
  }
}

/**
 * Returns the answer of the function's own program, except for headers that only the gateway sets.
 * Throws FcError BadResponse for headers over the limit; the body is then discarded.
 */
export function forwardedAnswer({ status, headers, body }: ForwardedResponse): HttpAnswer {
  try {
    const answer: AnswerHeaders = {};
    for (const [name, value] of headers) {
      const known = name.toLowerCase();
      const before = answer[known];
      if (known === 'set-cookie') answer[known] = [before ?? [], value].flat();
      else if (before === undefined || SINGLE_HEADERS.has(known)) answer[known] = value;
      else answer[known] = `${before}, ${value}`;
    }
    return { status, headers: checkHeaders(answer), body };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

export interface ForwardedResponse {
  status: number;
  headers: readonly HeaderPair[];
  body: Readable;
}

function parseResponse(body: Buffer): Record<string, unknown> | undefined {
  if (body[0] !== 0x7b && !/^\s*\{/.test(body.subarray(0, 64).toString('latin1'))) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString());
    const isResponse = typeof value === 'object' && value !== null && 'statusCode' in value;
    return isResponse ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function checkStatus(status: unknown): number {
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599)
    return status;
  throw new TypeError(
    `statusCode is ${JSON.stringify(status)}, an integer from 200 to 599 is wanted`,
  );
}

function checkHeaders(headers: unknown): AnswerHeaders {
  if (headers === undefined || headers === null) return {};
  if (typeof headers !== 'object' || Array.isArray(headers))
    throw new TypeError('headers is not an object');
  const checked: AnswerHeaders = {};
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    validateHeaderName(given);
    const values = checkValues(given, value);
    if (GATEWAY_HEADERS.has(name) || name.startsWith('x-fc-')) continue;
    const before = Object.hasOwn(checked, name) ? checked[name] : undefined;
    if (name === 'set-cookie') checked[name] = [before ?? [], values].flat();
    else if (before === undefined || SINGLE_HEADERS.has(name)) checked[name] = values.join();
    else checked[name] = `${before}, ${values.join()}`;
  }
  const size = Object.entries(checked).reduce(
    (sum, [name, value]) =>
      sum + [value].flat().join('').length + name.length * [value].flat().length,
    0,
  );
  if (size <= MAX_HEADERS_BYTES) return checked;
  throw new FcError(
    'BadResponse',
    `Headers of the response have ${size} bytes, ${MAX_HEADERS_BYTES} at most are taken`,
  );
}

/**
 * Throws unless a header has one value, or for Set-Cookie a list of them: each cookie is a header
 * line of its own, which other headers do not allow.
 */
function checkValues(name: string, value: unknown): string[] {
  const list = name.toLowerCase() === 'set-cookie' && Array.isArray(value) ? value : [value];
  return list.map((one) => {
    if (!['string', 'number', 'boolean'].includes(typeof one))
      throw new TypeError(`header ${name} is ${JSON.stringify(value)}, a string is wanted`);
    validateHeaderValue(name, String(one));
    return String(one);
  });
}

function checkBody(body: unknown, isBase64Encoded: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body !== 'string')
    throw new TypeError(`body is of type ${typeof body}, a string is wanted`);
  return Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
}
