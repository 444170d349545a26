import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AssumeRoleError } from '../identities/assume-role-error.ts';
import { ECS_SERVICE, type Identities } from '../identities/identities.ts';
import type { TemporaryCredentials } from '../identities/types.ts';
import {
  INSTANCE_CREDENTIAL_AHEAD_MS,
  INSTANCE_CREDENTIAL_SECONDS,
  MAX_METADATA_TOKENS,
  METADATA_TOKEN_SECONDS,
} from './limits.ts';

export interface MetadataOptions {
  clock: Clock;
  identities: Identities;
  /** The role attached to the instance; without one there is no credential. */
  instanceRole?: string | undefined;
  /** Whether requests without a token are answered, as by an instance in normal mode. */
  imdsV1?: boolean | undefined;
}

export interface MetadataReply {
  status: number;
  type: 'text/plain' | 'application/json';
  text: string;
}

interface Ask {
  method: string;
  path: string;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

const TOKEN_PATH = '/latest/api/token';
const CREDENTIALS_PATH = /^\/latest\/meta-data\/ram\/security-credentials(?:\/([^/]*))?$/;
const URI_PATH = '/credentials';

/** An instance's metadata service, and the same credential for clients that get it from a URI. */
export class Metadata {
  readonly #options: MetadataOptions;
  /** End of each token's lifetime; oldest first. */
  readonly #tokens = new Map<string, number>();
  #current: { credentials: TemporaryCredentials; issuedAt: number } | undefined;

  constructor(options: MetadataOptions) {
    this.#options = options;
  }

  /** Returns whether a path is the metadata service's, or the credentials URI. */
  has(path: string): boolean {
    return path === URI_PATH || path.startsWith('/latest/');
  }

  /** Returns undefined for a path that is not the metadata service's. */
  answer({ method, path, headers }: Ask): MetadataReply | undefined {
    if (!this.has(path)) return undefined;
    if (path === TOKEN_PATH)
      return method === 'PUT'
        ? this.#putToken(headers['x-aliyun-ecs-metadata-token-ttl-seconds'])
        : plain(405, 'Use PUT');
    const [asksCredentials, role] = CREDENTIALS_PATH.exec(path) ?? [];
    if (path !== URI_PATH && asksCredentials === undefined) return plain(404, 'Not found');
    if (method !== 'GET') return plain(405, 'Use GET');
    if (path === URI_PATH) return this.#credential(this.#options.instanceRole);
    const refused = this.#checkToken(headers['x-aliyun-ecs-metadata-token']);
    if (refused) return refused;
    return role ? this.#credential(role) : this.#roleName();
  }

  #putToken(ttl: string | string[] | undefined): MetadataReply {
    const { min, max } = METADATA_TOKEN_SECONDS;
    const seconds = typeof ttl === 'string' && /^\d{1,9}$/.test(ttl) ? Number(ttl) : Number.NaN;
    if (!(seconds >= min && seconds <= max))
      return plain(
        400,
        `X-aliyun-ecs-metadata-token-ttl-seconds has to be a whole number from ${min} to ${max}`,
      );
    const now = this.#options.clock.now();
    for (const [token, until] of this.#tokens)
      if (until <= now || this.#tokens.size >= MAX_METADATA_TOKENS) this.#tokens.delete(token);
    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(token, now + seconds * 1000);
    return plain(200, token);
  }

  #checkToken(token: string | string[] | undefined): MetadataReply | undefined {
    if (token === undefined)
      return this.#options.imdsV1
        ? undefined
        : plain(
            403,
            `Get a token with PUT ${TOKEN_PATH} and send it as X-aliyun-ecs-metadata-token`,
          );
    const until = this.#tokens.get(String(token)) ?? 0;
    return until > this.#options.clock.now()
      ? undefined
      : plain(401, `The metadata token is wrong or expired: get another with PUT ${TOKEN_PATH}`);
  }

  #roleName(): MetadataReply {
    const { instanceRole } = this.#options;
    return instanceRole === undefined ? noRole() : plain(200, instanceRole);
  }

  #credential(role: string | undefined): MetadataReply {
    if (role === undefined || role !== this.#options.instanceRole) return noRole();
    try {
      const { credentials, issuedAt } = this.#fresh(role);
      return json({
        Code: 'Success',
        AccessKeyId: credentials.accessKeyId,
        AccessKeySecret: credentials.accessKeySecret,
        SecurityToken: credentials.securityToken,
        Expiration: credentials.expiration,
        LastUpdated: new Date(issuedAt).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      });
    } catch (error) {
      if (!(error instanceof AssumeRoleError)) throw error;
      return json({ Code: error.code, Message: error.message });
    }
  }

  /** Returns the same credential until shortly before its end, as on an instance. */
  #fresh(role: string): { credentials: TemporaryCredentials; issuedAt: number } {
    const { clock, identities } = this.#options;
    const now = clock.now();
    const current = this.#current;
    if (current && Date.parse(current.credentials.expiration) - INSTANCE_CREDENTIAL_AHEAD_MS > now)
      return current;
    const credentials = identities.assumeRole({
      role,
      sessionName: 'instance',
      durationSeconds: INSTANCE_CREDENTIAL_SECONDS,
      by: { service: ECS_SERVICE },
    });
    this.#current = { credentials, issuedAt: now };
    return this.#current;
  }
}

function noRole(): MetadataReply {
  return plain(404, 'No such role is attached to this instance');
}

function plain(status: number, text: string): MetadataReply {
  return { status, type: 'text/plain', text };
}

function json(value: Record<string, string>): MetadataReply {
  return { status: 200, type: 'application/json', text: JSON.stringify(value) };
}
