import type { LocalCloud, LocalCloudOptions } from 'fc-local';
import { readDotEnv } from 'fc-local/project';
import { signedHeaders } from '../call/sign.ts';

/** The variables of s.yaml that say who may call HTTP triggers. */
const VARIABLES = ['HTTP_AUTH', 'UPLOAD_AUTH'];

/**
 * Returns the variables for `${env()}` in s.yaml on a laptop: the shell's and those of `.env`. HTTP
 * triggers let anyone in, so that curl works, unless `signed` keeps them as deployed.
 */
export function localVariables(
  project: string,
  env: NodeJS.ProcessEnv,
  signed: boolean,
): NonNullable<LocalCloudOptions['variables']> {
  const given = { ...readDotEnv(project), ...env };
  const open = Object.fromEntries(VARIABLES.map((name) => [name, given[name] || 'anonymous']));
  const closed = Object.fromEntries(VARIABLES.map((name) => [name, 'function']));
  return { ...given, ...(signed ? closed : open) };
}

/** Returns one line on who may call the HTTP triggers; undefined if there are none. */
export function whomTheyLetIn({ project }: LocalCloud): string | undefined {
  const types = (project?.functions ?? [])
    .flatMap(({ triggers }) => triggers)
    .flatMap((one) => (one.type === 'http' ? [one.authType] : []));
  if (types.length === 0) return undefined;
  if (types.includes('anonymous'))
    return 'HTTP triggers let anyone in here (HTTP_AUTH=anonymous); --signed has them as s.yaml deploys them by default';
  return 'HTTP triggers want a signature: npx fc-templates call signs a request';
}

/** Returns the headers with which the account's own user calls a function's HTTP trigger, by the cloud's own clock. */
export function headersFor(
  { project, accessKey }: LocalCloud,
  resource: string,
  method: string,
  url: string,
): Record<string, string> {
  const trigger = project?.functions
    .find((fn) => fn.resource === resource)
    ?.triggers.find((one) => one.type === 'http');
  if (trigger?.type !== 'http' || trigger.authType !== 'function') return {};
  return signedHeaders(method, new URL(url), accessKey);
}
