import { validateHeaderName, validateHeaderValue } from 'node:http';
import { failure, type Outcome } from '../invocation.ts';

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Names and values of all headers together, of a request and of a response. */
export const MAX_HEADERS_BYTES = 8 * 1024;

/** Set by the gateway alone, as is all that begins with `x-fc-`: what a function says of them is dropped. */
const GATEWAY_HEADERS = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'server',
  // Node sends it with a chunked body only, and throws otherwise.
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What a function's outcome is to the caller of its HTTP trigger. A result that is a JSON object
 * with `statusCode` is a response; any other is the body of a 200. A function that failed, or whose
 * response can't be sent, is a 502 with the error as its body and X-Fc-Error-Type, as the
 * documentation lists for errors of HTTP functions.
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
    return httpAnswer(failure(`Invalid HTTP response: ${(error as Error).message}`));
  }
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

function checkHeaders(headers: unknown): Record<string, string> {
  if (headers === undefined || headers === null) return {};
  if (typeof headers !== 'object' || Array.isArray(headers))
    throw new TypeError('headers is not an object');
  const checked: Record<string, string> = {};
  for (const [given, value] of Object.entries(headers)) {
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw new TypeError(`header ${given} is ${JSON.stringify(value)}, a string is wanted`);
    validateHeaderName(given);
    validateHeaderValue(given, String(value));
    const name = given.toLowerCase();
    if (!GATEWAY_HEADERS.has(name) && !name.startsWith('x-fc-')) checked[name] = String(value);
  }
  const size = Object.entries(checked).flat().join('').length;
  if (size <= MAX_HEADERS_BYTES) return checked;
  throw new TypeError(`headers have ${size} bytes, ${MAX_HEADERS_BYTES} at most are taken`);
}

function checkBody(body: unknown, isBase64Encoded: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body !== 'string')
    throw new TypeError(`body is of type ${typeof body}, a string is wanted`);
  return Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
}
