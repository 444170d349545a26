import { CommandError } from '../command-line/command-error.ts';
import type { Account } from './account.ts';

type Place = Pick<Account, 'accountId' | 'region' | 'env'>;

/** Function Compute's API: `https://<account>.<region>.fc.aliyuncs.com`. `FUNCTION_ENDPOINT` overrides it. */
export function functionEndpoint({ accountId, region, env }: Place): string {
  return given('FUNCTION_ENDPOINT', env) ?? `https://${accountId}.${region}.fc.aliyuncs.com`;
}

/** Resource Orchestration Service: one address, with the region as a parameter. `ROS_ENDPOINT` overrides it. */
export function rosEndpoint({ env }: Pick<Place, 'env'>): string {
  return given('ROS_ENDPOINT', env) ?? 'https://ros.aliyuncs.com';
}

/**
 * Simple Log Service, without the project that a request puts in front:
 * `https://<region>.log.aliyuncs.com`. `LOG_ENDPOINT` overrides it.
 */
export function logEndpoint({ region, env }: Pick<Place, 'region' | 'env'>): string {
  return given('LOG_ENDPOINT', env) ?? `https://${region}.log.aliyuncs.com`;
}

/** Returns the variables for fc-kit's clients: outside the cloud its internal addresses cannot be reached. */
export function publicNetwork(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, NETWORK: env.NETWORK?.trim() || 'public' };
}

function given(variable: string, env: NodeJS.ProcessEnv): string | undefined {
  const value = env[variable]?.trim();
  if (!value) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search)
    return url.origin;
  throw new CommandError(
    `${variable} is "${url?.username ? 'an address with a password' : value}": give scheme and host only, such as https://fc.example.com, or leave it out`,
  );
}
