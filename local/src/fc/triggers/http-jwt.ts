import { posix } from 'node:path';
import type { JWTPayload } from 'jose';
import { percentDecodeOrKeep } from '../../percent.ts';
import type { HttpTriggerSpec } from '../../project/types.ts';
import { FcError } from '../errors.ts';
import {
  type ClaimPassBy,
  type JwtConfig,
  readJwtConfig,
  type TokenLookup,
} from './http-jwt-config.ts';
import { cookiesOf, headerValues, isUrlEncodedForm, type RequestParts } from './http-request.ts';

const configs = new WeakMap<HttpTriggerSpec, JwtConfig>();

/**
 * Returns the trigger's configuration, read once. Throws LocalCloudError for one that cannot be
 * used.
 */
export function jwtConfigOf(trigger: HttpTriggerSpec): JwtConfig {
  const config = configs.get(trigger) ?? readJwtConfig(trigger);
  configs.set(trigger, config);
  return config;
}

/**
 * Verifies the request's token and puts the configured claims into the request. Passes on a path
 * that needs no token unchanged. Throws FcError AccessDenied without a valid token. The
 * documentation gives neither status nor code for that: 403 is what Function Compute answers for a
 * missing or wrong signature.
 */
export async function authenticateJwt(
  trigger: HttpTriggerSpec,
  rawPath: string,
  parts: RequestParts,
  now: number,
): Promise<RequestParts> {
  const config = jwtConfigOf(trigger);
  if (!needsToken(config, rawPath)) return parts;
  const token = await findToken(config.lookups, parts);
  if (token === undefined) {
    const places = config.lookups.map(({ position, name }) => `${position} ${name}`).join(', ');
    throw new FcError('AccessDenied', `The jwt token is missing: looked for in ${places}`);
  }
  const claims = await verify(token, config, now);
  return passClaims(config.passBys, claims, parts);
}

/**
 * Compares the path as sent, decoded, and as a router of the function may resolve it, and requires
 * a token when in doubt.
 */
export function needsToken({ paths }: Pick<JwtConfig, 'paths'>, rawPath: string): boolean {
  const matches = (path: string): boolean =>
    paths.patterns.some((pattern) =>
      pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
    );
  const decoded = percentDecodeOrKeep(rawPath);
  const forms = [rawPath, decoded, resolved(decoded)];
  return paths.kind === 'only' ? forms.some(matches) : !forms.every(matches);
}

/** Removes dot segments, backslashes and empty segments: `/open/..//admin` becomes `/admin`. */
function resolved(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/'));
}

async function findToken(
  lookups: readonly TokenLookup[],
  parts: RequestParts,
): Promise<string | undefined> {
  for (const lookup of lookups) {
    const found = await lookUp(lookup, parts);
    if (found) return found;
  }
  return undefined;
}

async function lookUp(
  { position, name, prefix }: TokenLookup,
  parts: RequestParts,
): Promise<string | undefined> {
  if (position === 'query') return new URLSearchParams(parts.query).get(name) ?? undefined;
  if (position === 'cookie') return cookiesOf(parts).find(([one]) => one === name)?.[1];
  if (position === 'form') return (await formOf(parts)).get(name) ?? undefined;
  const [value = ''] = headerValues(parts, name);
  // A value without the prefix contains no token for this trigger.
  return value.startsWith(prefix) ? value.slice(prefix.length).trim() : undefined;
}

/** Returns the fields of a form, urlencoded or multipart; none for a body that is no form. */
async function formOf(parts: RequestParts): Promise<Map<string, string>> {
  if (isUrlEncodedForm(parts)) return new Map(firstValues(parts.body));
  const [type = ''] = headerValues(parts, 'content-type');
  if (!/^multipart\/form-data\b/i.test(type)) return new Map();
  try {
    const form = await new Response(parts.body, { headers: { 'content-type': type } }).formData();
    return new Map(
      [...form].flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
    );
  } catch {
    return new Map();
  }
}

function firstValues(body: Buffer): [string, string][] {
  return [...new URLSearchParams(body.toString())].reverse();
}

async function verify(token: string, config: JwtConfig, now: number): Promise<JWTPayload> {
  const { decodeProtectedHeader, jwtVerify } = await import('jose');
  try {
    const { kid = '' } = decodeProtectedHeader(token);
    const key = config.keys.get(kid);
    if (!key)
      throw new TypeError(
        kid === '' ? 'it names no kid, and every key has one' : `no key has kid "${kid}"`,
      );
    const verified = await jwtVerify(token, key.key, {
      algorithms: [key.algorithm],
      currentDate: new Date(now),
    });
    return verified.payload;
  } catch (error) {
    throw new FcError(
      'AccessDenied',
      `The jwt token is invalid or expired: ${(error as Error).message}`,
    );
  }
}

/**
 * Sets the configured parameters to the claims' values; what the client itself sent under these
 * names is dropped, so that a verified request contains no forged claim.
 */
export function passClaims(
  passBys: readonly ClaimPassBy[],
  claims: JWTPayload,
  parts: RequestParts,
): RequestParts {
  let passed = parts;
  for (const { position, claim, name } of passBys) {
    const value = Object.hasOwn(claims, claim) ? textOf(claims[claim]) : undefined;
    if (position === 'query') passed = { ...passed, query: replaced(passed.query, name, value) };
    else if (position === 'cookie') passed = withCookie(passed, name, value);
    else if (position === 'header') passed = withHeader(passed, name, value);
    else passed = withField(passed, name, value);
  }
  return passed;
}

/** Returns a text unchanged, anything else as JSON. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function replaced(pairs: string, name: string, value: string | undefined): string {
  const parameters = new URLSearchParams(pairs);
  if (value === undefined && !parameters.has(name)) return pairs;
  parameters.delete(name);
  if (value !== undefined) parameters.append(name, value);
  return parameters.toString();
}

function withHeader(parts: RequestParts, name: string, value: string | undefined): RequestParts {
  const headers = parts.headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase());
  return { ...parts, headers: value === undefined ? headers : [...headers, [name, value]] };
}

/**
 * Adds a cookie. How a value that no cookie can contain is written is not documented:
 * percent-encoded here.
 */
function withCookie(parts: RequestParts, name: string, value: string | undefined): RequestParts {
  const others = cookiesOf(parts).filter(([one]) => one !== name);
  const own: [string, string][] =
    value === undefined
      ? []
      : [
          [
            name,
            /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(value)
              ? value
              : encodeURIComponent(value),
          ],
        ];
  const line = [...others, ...own].map((pair) => pair.join('=')).join('; ');
  return withHeader(parts, 'Cookie', line === '' ? undefined : line);
}

/** Adds a field to an urlencoded form. Another body has no place for it and is unchanged. */
function withField(parts: RequestParts, name: string, value: string | undefined): RequestParts {
  if (!isUrlEncodedForm(parts)) return parts;
  const body = Buffer.from(replaced(parts.body.toString(), name, value));
  return withHeader({ ...parts, body }, 'Content-Length', String(body.length));
}
