import { fromValidBytes } from '../bytes.ts';
import { invalidArgument, notImplemented, OssError } from '../errors.ts';
import type { FormFields } from '../post/authenticate-form.ts';
import type { OssRequest } from '../request.ts';

/**
 * The request that OSS sends to the application's server once an object is stored, and its
 * addresses.
 */
export interface Callback {
  /** Addresses, tried in order until one answers. */
  urls: URL[];
  host: string | undefined;
  /** Body with `${…}` where properties of the object are filled in. */
  body: string;
  bodyType: 'application/x-www-form-urlencoded' | 'application/json';
  /** The client's own variables; their names begin with `x:`. */
  variables: ReadonlyMap<string, string>;
}

const MAX_URLS = 5;
const FORM_TYPE = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/;

/**
 * Reads the callback that the headers, or the parameters of a signed URL, ask for. Throws
 * InvalidArgument, or NotImplemented for an address on another machine.
 */
export function readCallback({ headers, query }: OssRequest): Callback | undefined {
  for (const name of ['callback', 'callback-var'])
    if (headers.get(`x-oss-${name}`) !== undefined && query.has(name))
      throw new OssError('InvalidArgument', {
        message: `Either the ${name} query string parameter or the x-oss-${name} header should be specified, not both.`,
      });
  const text = headers.get('x-oss-callback') ?? query.bytes('callback');
  const custom = headers.get('x-oss-callback-var') ?? query.bytes('callback-var');
  if (text === undefined && custom === undefined) return undefined;
  if (text === undefined) throw wrong('send it together with callback-var');
  return parse(text, custom ? decode('callback-var', custom) : {});
}

/** Reads the callback that a form asks for; its variables are fields. */
export function readFormCallback(fields: FormFields): Callback | undefined {
  const text = fields.get('callback');
  const custom = [...fields]
    .filter(([name]) => name.startsWith('x:'))
    .map(([name, value]) => [name, fromValidBytes(value) ?? '']);
  return text ? parse(text, Object.fromEntries(custom)) : undefined;
}

/**
 * Returns undefined where callbackUrl is absent or empty: no callback is configured then (page
 * 0007-00000004).
 */
function parse(text: string, custom: Record<string, unknown>): Callback | undefined {
  const {
    callbackUrl = '',
    callbackHost,
    callbackBody,
    callbackBodyType,
  } = decode('callback', text);
  if (callbackUrl === '') return undefined;
  if (typeof callbackUrl !== 'string' || typeof callbackBody !== 'string' || callbackBody === '')
    throw wrong('give callbackUrl and callbackBody');
  const bodyType = callbackBodyType ?? FORM_TYPE;
  if (bodyType !== FORM_TYPE && bodyType !== JSON_TYPE)
    throw wrong(`callbackBodyType has to be ${FORM_TYPE} or ${JSON_TYPE}`);
  if (callbackHost !== undefined && !isHost(callbackHost)) throw wrong('callbackHost is no host');
  const urls = callbackUrl.split(';').filter((url) => url !== '');
  if (urls.length === 0 || urls.length > MAX_URLS) throw wrong(`give 1 to ${MAX_URLS} URLs`);
  return {
    urls: urls.map(readUrl),
    host: callbackHost,
    body: callbackBody,
    bodyType,
    variables: new Map(Object.entries(custom).map(readVariable)),
  };
}

function readVariable([name, value]: [string, unknown]): [string, string] {
  if (!/^x:[a-z0-9_.-]+$/.test(name) || typeof value !== 'string')
    throw wrong(`"${name}": the name of a variable starts with x: and is lower case`);
  return [name, value];
}

function isHost(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9.:[\]-]+$/.test(value);
}

function readUrl(text: string): URL {
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(whole)) throw wrong(`"${text}" is no URL`);
  const url = new URL(whole);
  if (url.protocol === 'http:' && LOOPBACK.test(url.hostname)) return url;
  throw notImplemented(`callbacks to other addresses than http://127.0.0.1, such as "${url.host}"`);
}

function decode(name: string, base64: string): Record<string, unknown> {
  const text = fromValidBytes(Buffer.from(base64, 'base64'));
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (cause) {
    throw new OssError('InvalidArgument', { message: notJson(name), cause });
  }
  throw new OssError('InvalidArgument', { message: notJson(name) });
}

function notJson(name: string): string {
  return `The ${name} configuration is not a map in JSON, in Base64`;
}

function wrong(wanted: string): OssError {
  return invalidArgument('callback', '(see the request)', wanted);
}
