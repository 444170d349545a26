import type { IncomingMessage } from 'node:http';
import { percentDecodeBytes } from '../percent.ts';
import { fromBytes, fromValidBytes } from './bytes.ts';
import { invalidArgument, OssError } from './errors.ts';
import type { QueryParameter } from './signature/request.ts';

/** A request whose head has been read. */
export interface OssRequest {
  method: string;
  /** Absent for the service as a whole. */
  bucket: string | undefined;
  /**
   * Address of the bucket, as the client used it: `http://box.localhost:6802`, or with the bucket
   * in the path.
   */
  base: string;
  /** Absent for a bucket as a whole. */
  key: string | undefined;
  query: Query;
  headers: Headers;
  /** The host that the client named; for HostId. */
  host: string;
  sourceIp: string | undefined;
  body: IncomingMessage;
}

/** Query parameters; names and values are bytes until read. */
export class Query {
  readonly all: readonly QueryParameter[];

  constructor(text: string) {
    this.all = text
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const cut = pair.indexOf('=');
        const decode = (part: string) => decodeBytes(part.replaceAll('+', ' '));
        return cut === -1
          ? { name: decode(pair), value: undefined }
          : { name: decode(pair.slice(0, cut)), value: decode(pair.slice(cut + 1)) };
      });
  }

  has(name: string): boolean {
    return this.all.some((parameter) => parameter.name === name);
  }

  /**
   * Returns the bytes of the first parameter of that name: empty for a bare name, undefined when
   * there is none.
   */
  bytes(name: string): string | undefined {
    const found = this.all.find((parameter) => parameter.name === name);
    return found && (found.value ?? '');
  }

  /** Returns the value as text. Throws InvalidArgument when it is not UTF-8. */
  get(name: string): string | undefined {
    const bytes = this.bytes(name);
    if (bytes === undefined) return undefined;
    const text = fromValidBytes(bytes);
    if (text === undefined) throw invalidArgument(name, fromBytes(bytes), 'give UTF-8');
    return text;
  }

  /**
   * Returns a whole number from `min` to `max`, or `otherwise` when there is none. Throws
   * InvalidArgument.
   */
  integer(
    name: string,
    { min, max, otherwise }: { min: number; max: number; otherwise: number },
  ): number {
    const text = this.get(name);
    if (text === undefined || text === '') return otherwise;
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw invalidArgument(name, text, `give a whole number from ${min} to ${max}`);
  }
}

/** Request headers by lower-case name; values are bytes. */
export class Headers {
  readonly all: Readonly<Record<string, string | undefined>>;

  constructor(headers: IncomingMessage['headers']) {
    this.all = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : value,
      ]),
    );
  }

  get(name: string): string | undefined {
    return Object.hasOwn(this.all, name) ? this.all[name] : undefined;
  }

  /** Returns the headers without that one. */
  without(name: string): Headers {
    const { [name]: _, ...others } = this.all;
    return new Headers(others as IncomingMessage['headers']);
  }

  /** Returns one of `allowed`, or undefined when the header is absent. Throws InvalidArgument. */
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined)
      throw invalidArgument(name, fromBytes(value), `give ${allowed.join(', ')}`);
    return found;
  }
}

/**
 * Decodes percent-encoded text to bytes, one character for each. Throws InvalidURI for a `%`
 * without two hex digits.
 */
export function decodeBytes(text: string): string {
  const bytes = percentDecodeBytes(text);
  if (bytes === undefined) throw new OssError('InvalidURI');
  return bytes;
}

/** Reads a request's head: line, host and headers. Throws InvalidURI, InvalidBucketName, InvalidObjectName or InvalidArgument. */
export function readRequest(incoming: IncomingMessage, region: string): OssRequest {
  const { method = 'GET', url = '/', socket } = incoming;
  const headers = new Headers(incoming.headers);
  const host = headers.get('host') ?? '';
  const [path = '/', ...query] = url.replace(/^https?:\/\/[^/?]*/i, '').split('?');
  return {
    method,
    ...readAddress(host, decodeBytes(path.split('#')[0] ?? ''), region),
    query: new Query(query.join('?')),
    headers,
    host: fromBytes(host),
    sourceIp: socket.remoteAddress,
    body: incoming,
  };
}

/** `bucket.oss-<region>[-internal].aliyuncs.com`, the same without a bucket, or `bucket.localhost`. */
const OSS_HOST = /^(?:(.+)\.)?oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/;
const LOCAL_HOST = /^(.+)\.localhost$/;

function readAddress(
  host: string,
  path: string,
  region: string,
): Pick<OssRequest, 'bucket' | 'base' | 'key'> {
  const name = host.replace(/:\d*$/, '').toLowerCase();
  const [, ossBucket, hostRegion] = OSS_HOST.exec(name) ?? [];
  if (hostRegion !== undefined && hostRegion !== region)
    throw new OssError('AccessDenied', {
      message:
        'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      details: { Endpoint: `oss-${region}.aliyuncs.com` },
    });
  const base = `http://${fromBytes(host)}`;
  const bucket = ossBucket ?? LOCAL_HOST.exec(name)?.[1];
  const rest = path.slice(1);
  if (bucket !== undefined) return { bucket, base, key: readKey(rest) };
  if (rest === '') return { bucket: undefined, base, key: undefined };
  const slash = rest.indexOf('/');
  const inPath = slash === -1 ? rest : rest.slice(0, slash);
  const key = slash === -1 ? '' : rest.slice(slash + 1);
  return { bucket: inPath, base: `${base}/${inPath}`, key: readKey(key) };
}

function readKey(bytes: string): string | undefined {
  if (bytes === '') return undefined;
  const key = fromValidBytes(bytes);
  if (key === undefined) throw new OssError('InvalidObjectName');
  return key;
}
