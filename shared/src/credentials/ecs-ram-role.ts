import type { CredentialsProvider } from '../auth/credentials.ts';
import { CredentialsError } from '../errors/errors.ts';
import { fetchText, parseCredentials } from './fetch-credentials.ts';
import { type RefreshOptions, refreshing } from './refresh.ts';

export interface EcsRamRoleOptions extends RefreshOptions {
  /** The instance's role; by default the metadata server is asked for its name. */
  roleName?: string | undefined;
  /** Default: the metadata server of every ECS instance. */
  endpoint?: string;
  /** Limit of each request; default 2,000 ms. */
  timeoutMs?: number;
}

const METADATA_SERVER = 'http://100.100.100.200';
const ROLES = '/latest/meta-data/ram/security-credentials/';
const SESSION_SECONDS = 60;
const SOURCE = 'The ECS metadata server';

/** Method 4, ECSRAMRole: the role attached to an ECS instance, from its metadata server, in security-hardened mode (IMDSv2: a session token first). */
export function ecsRamRole(options: EcsRamRoleOptions = {}): CredentialsProvider {
  const { roleName, endpoint = METADATA_SERVER, timeoutMs = 2_000 } = options;
  return refreshing(
    SOURCE,
    async () => {
      const session = await fetchText(SOURCE, `${endpoint}/latest/api/token`, {
        method: 'PUT',
        headers: { 'X-aliyun-ecs-metadata-token-ttl-seconds': String(SESSION_SECONDS) },
        timeoutMs,
      });
      const headers = { 'X-aliyun-ecs-metadata-token': headerOf(session) };
      const get = (path: string) => fetchText(SOURCE, `${endpoint}${path}`, { headers, timeoutMs });
      const role = roleName || onlyRole(await get(ROLES));
      return parseCredentials(SOURCE, await get(`${ROLES}${encodeURIComponent(role)}`));
    },
    options,
  );
}

function headerOf(session: string): string {
  const token = session.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CredentialsError(`${SOURCE} answered no session token`, {
    code: 'CredentialsUnavailable',
    remedy: 'check that the address is that of a metadata server and not of a proxy',
  });
}

function onlyRole(listing: string): string {
  const [role] = listing.split('\n').map((line) => line.trim());
  if (role && /^[\w.-]{1,64}$/.test(role)) return role;
  throw new CredentialsError(`${SOURCE} lists no role`, {
    code: 'CredentialsUnavailable',
    remedy: 'attach a RAM role to the ECS instance, or name the role',
  });
}
