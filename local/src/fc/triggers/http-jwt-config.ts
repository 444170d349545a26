import { createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { LocalCloudError } from '../../errors.ts';
import type { HttpTriggerSpec } from '../../project/types.ts';

/** Where a token is searched for. */
export interface TokenLookup {
  position: Position;
  name: string;
  /** For a header: the text before the token. Empty: the whole value is the token. */
  prefix: string;
}

/** A claim that is passed to the function as part of the request. */
export interface ClaimPassBy {
  position: Position;
  claim: string;
  /** Name of the header, cookie, query or form parameter. */
  name: string;
}

export interface JwtConfig {
  /** By key id; the only key that may lack an id has the empty one. */
  keys: ReadonlyMap<string, JwtKey>;
  /** Tried in order; the first token found is used. */
  lookups: TokenLookup[];
  passBys: ClaimPassBy[];
  /** Which paths need a token: all but the patterns, only the patterns, or all. */
  paths: { kind: 'allBut' | 'only'; patterns: string[] };
}

export interface JwtKey {
  algorithm: string;
  key: KeyObject;
}

export type Position = 'header' | 'cookie' | 'query' | 'form';

const POSITIONS: readonly string[] = ['header', 'cookie', 'query', 'form'];

/** The documented algorithms, with the type and the curve of their keys. */
const ALGORITHMS: Record<string, { kty: string; crv?: string }> = {
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  HS256: { kty: 'oct' },
  HS384: { kty: 'oct' },
  HS512: { kty: 'oct' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
};

const MIN_RSA_BITS = 2048;

type Fields = Record<string, unknown>;

/** An error in an authConfig, and its remedy. */
export class AuthConfigFault extends Error {
  override readonly name = 'AuthConfigFault';
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * Reads the configuration of a trigger whose authType is jwt. Throws LocalCloudError
 * (`InvalidAuthConfig`) for one that cannot be used.
 */
export function readJwtConfig({ name, source, authConfig }: HttpTriggerSpec): JwtConfig {
  try {
    return readAuthConfig(authConfig);
  } catch (cause) {
    if (!(cause instanceof AuthConfigFault)) throw cause;
    const where = source === undefined ? '' : ` (${source})`;
    throw new LocalCloudError(
      'InvalidAuthConfig',
      `authConfig of HTTP trigger "${name}"${where} cannot be used: ${cause.message}`,
      cause.remedy,
      { cause },
    );
  }
}

/**
 * Reads `authConfig` as written in s.yaml, with lists, and as in the API, with one text for each
 * list and capital first letters. Throws AuthConfigFault.
 */
export function readAuthConfig(authConfig: unknown): JwtConfig {
  const given = fieldsOf(parsed(authConfig, 'it'), 'it');
  const lists = (['whitelist', 'blacklist'] as const).filter((key) => given[key] != null);
  if (lists.length > 1)
    throw new AuthConfigFault('it has both a whitelist and a blacklist', 'leave one of them out');
  const lookups = readLookups(given.tokenlookup);
  if (lookups.length === 0) throw new AuthConfigFault('tokenLookup is missing', LOOKUP_REMEDY);
  return {
    keys: readKeys(given.jwks),
    lookups,
    passBys: readPassBys(given.claimpassby),
    paths: {
      kind: lists[0] === 'blacklist' ? 'only' : 'allBut',
      patterns: lists[0] === undefined ? [] : readPatterns(given[lists[0]], lists[0]),
    },
  };
}

const LOOKUP_REMEDY = 'say where the token is, as in tokenLookup: "header:Authorization:Bearer"';
const KEYS_REMEDY = 'give jwks: { keys: [...] } with public keys, each with alg and kty';
const PASS_BY_REMEDY = 'write position, claim and name, as in claimPassBy: "header:uid:x-uid"';
const PATHS_REMEDY = 'write a list of paths, such as /login or /open/*';

/** Parses a text as JSON. */
function parsed(value: unknown, owner: string): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new AuthConfigFault(`${owner} is a text that is no JSON`, 'write a map, or JSON of one');
  }
}

/** Returns fields by lower-case name: `jwks` in s.yaml is `JWKS` in the API. */
function fieldsOf(value: unknown, owner: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AuthConfigFault(`${owner} is no object`, 'write a map');
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toLowerCase(), one]));
}

function readKeys(jwks: unknown): Map<string, JwtKey> {
  const { keys } = fieldsOf(parsed(jwks ?? {}, 'jwks'), 'jwks');
  if (!Array.isArray(keys) || keys.length === 0)
    throw new AuthConfigFault('jwks has no keys', KEYS_REMEDY);
  const byId = new Map<string, JwtKey>();
  for (const [at, jwk] of keys.entries()) {
    const { kid, ...key } = readKey(jwk, `jwks.keys[${at}]`);
    if (byId.has(kid))
      throw new AuthConfigFault(
        kid === '' ? 'jwks has two keys without kid' : `jwks has two keys with kid "${kid}"`,
        KEYS_REMEDY,
      );
    byId.set(kid, key);
  }
  return byId;
}

function readKey(jwk: unknown, owner: string): JwtKey & { kid: string } {
  if (typeof jwk !== 'object' || jwk === null)
    throw new AuthConfigFault(`${owner} is no object`, KEYS_REMEDY);
  const { alg, kty, crv, k, kid } = jwk as Record<string, unknown>;
  const wanted = typeof alg === 'string' && Object.hasOwn(ALGORITHMS, alg) && ALGORITHMS[alg];
  if (!wanted)
    throw new AuthConfigFault(
      `alg of ${owner} is ${JSON.stringify(alg)}, one of ${Object.keys(ALGORITHMS).join(', ')} is wanted`,
      KEYS_REMEDY,
    );
  if (kty !== wanted.kty || (wanted.crv !== undefined && crv !== wanted.crv))
    throw new AuthConfigFault(
      `${owner} has alg ${alg}, which wants kty ${[wanted.kty, wanted.crv].filter(Boolean).join(' and crv ')}`,
      KEYS_REMEDY,
    );
  const id = kid === undefined || kid === null ? '' : String(kid);
  if (wanted.kty === 'oct') {
    if (typeof k !== 'string' || k === '')
      throw new AuthConfigFault(`${owner} has no k`, KEYS_REMEDY);
    return { kid: id, algorithm: alg, key: createSecretKey(Buffer.from(k, 'base64url')) };
  }
  let key: KeyObject;
  try {
    // Only the public half, also for a key that was pasted whole.
    key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    throw new AuthConfigFault(`${owner} is no ${kty} key`, KEYS_REMEDY);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < MIN_RSA_BITS)
    throw new AuthConfigFault(
      `${owner} has ${bits} bits, ${MIN_RSA_BITS} at least are wanted`,
      KEYS_REMEDY,
    );
  return { kid: id, algorithm: alg, key };
}

/** Reads `header:Authorization:Bearer,cookie:token`, or a list of such texts or of objects. */
function readLookups(value: unknown): TokenLookup[] {
  return entriesOf(value, 'tokenLookup').map((entry) => {
    if (typeof entry === 'string') {
      const [position, name, ...prefix] = entry.split(':');
      return {
        position: positionOf(position, 'tokenLookup'),
        name: nameOf(name, 'tokenLookup'),
        prefix: position === 'header' ? prefix.join(':').trim() : '',
      };
    }
    const { readposition, parametername, prefix = '' } = fieldsOf(entry, 'an entry of tokenLookup');
    const position = positionOf(readposition, 'tokenLookup');
    const name = nameOf(parametername, 'tokenLookup');
    return { position, name, prefix: position === 'header' ? String(prefix).trim() : '' };
  });
}

/**
 * Reads `query:uid:uid,header:name:name`: position, claim and name of the parameter. An entry
 * without a name, such as the `query::` that the deploy tool fills in, passes nothing.
 */
function readPassBys(value: unknown): ClaimPassBy[] {
  const read = entriesOf(value, 'claimPassBy').map((entry) => {
    if (typeof entry === 'string') {
      const [position, claim = '', name = ''] = entry.split(':');
      return { position: positionOf(position, 'claimPassBy'), claim, name };
    }
    const fields = fieldsOf(entry, 'an entry of claimPassBy');
    return {
      position: positionOf(fields.mappingparameterposition, 'claimPassBy'),
      claim: String(fields.claimname ?? ''),
      name: nameOf(fields.mappingparametername, 'claimPassBy'),
    };
  });
  return read.filter(({ claim, name }) => claim !== '' && name !== '');
}

function remedyOf(owner: string): string {
  return owner === 'tokenLookup' ? LOOKUP_REMEDY : PASS_BY_REMEDY;
}

function entriesOf(value: unknown, owner: string): unknown[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string')
    throw new AuthConfigFault(`${owner} is neither a list nor a text`, remedyOf(owner));
  return value.split(',').map((entry) => entry.trim());
}

function positionOf(value: unknown, owner: string): Position {
  if (typeof value === 'string' && POSITIONS.includes(value)) return value as Position;
  throw new AuthConfigFault(
    `${owner} names the position ${JSON.stringify(value)}, one of ${POSITIONS.join(', ')} is wanted`,
    remedyOf(owner),
  );
}

function nameOf(value: unknown, owner: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new AuthConfigFault(`${owner} lacks the name of a parameter`, remedyOf(owner));
}

/** Reads whole paths, or beginnings of paths before a `*` at the end. */
function readPatterns(value: unknown, owner: string): string[] {
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string' || one === ''))
    throw new AuthConfigFault(`${owner} is no list of paths`, PATHS_REMEDY);
  const wrong = value.find((one) => one.slice(0, -1).includes('*'));
  if (wrong !== undefined)
    throw new AuthConfigFault(`${owner} has "${wrong}", where a * is not at the end`, PATHS_REMEDY);
  return value;
}
