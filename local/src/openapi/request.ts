import type { IncomingMessage } from 'node:http';
import { BodyTooLarge, readBody } from '../http/body.ts';
import { OpenApiError } from './errors.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import { Parameters } from './parameters.ts';

/** How a request is signed. RPC signs its parameters, ACS3 its headers. */
export type Scheme = 'rpc' | 'acs3' | 'anonymous';

export interface OpenApiRequest {
  scheme: Scheme;
  method: string;
  path: string;
  /** Decoded, in the order sent. */
  query: readonly (readonly [name: string, value: string])[];
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  parameters: Parameters;
}

export type Format = 'JSON' | 'XML';

/** Reads a whole request. Throws OpenApiError for an invalid method, body or parameter. */
export async function readRequest(
  message: IncomingMessage,
  path: string,
  query: URLSearchParams,
): Promise<OpenApiRequest> {
  const { method = '' } = message;
  if (method !== 'GET' && method !== 'POST') throw new OpenApiError('UnsupportedHTTPMethod');
  const body = await bodyOf(message);
  const headers = flatHeaders(message);
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (body.length > 0 && type !== 'application/x-www-form-urlencoded')
    throw new OpenApiError('InvalidParameter.ContentType');
  const form = new URLSearchParams(body.toString());
  const parameters = new Parameters([...query, ...form]);
  const scheme = schemeOf(headers.authorization, parameters);
  return { scheme, method, path, query: [...query], headers, body, parameters };
}

/**
 * Returns the format of the answer: JSON for ACS3; for RPC as Format or Accept asks, XML when
 * neither does. Throws InvalidParameter.Format.
 */
export function formatOf({ scheme, headers, parameters }: OpenApiRequest): Format {
  const wanted = parameters.get('Format')?.toUpperCase();
  if (wanted === 'JSON' || wanted === 'XML') return wanted;
  if (wanted !== undefined) throw new OpenApiError('InvalidParameter.Format');
  if (scheme === 'acs3' || headers['x-acs-action'] !== undefined) return 'JSON';
  return headers.accept?.includes('json') ? 'JSON' : 'XML';
}

function schemeOf(authorization: string | undefined, parameters: Parameters): Scheme {
  if (authorization !== undefined) return 'acs3';
  return parameters.get('AccessKeyId') === undefined ? 'anonymous' : 'rpc';
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  try {
    return await readBody(message, MAX_BODY_BYTES);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    throw new OpenApiError('RequestTooLarge');
  }
}

function flatHeaders({ headers }: IncomingMessage): OpenApiRequest['headers'] {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(',') : value;
  return flat;
}
