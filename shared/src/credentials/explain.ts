import { ConfigurationError, CredentialsError } from '../errors/errors.ts';
import { endpointOverride } from '../net/endpoint-override.ts';
import { checkSession } from '../openapi/session.ts';
import { variable } from './families.ts';
import { checkService, type ResolveOptions, regionOf } from './resolve.ts';
import { type Method, ROLE_VARIABLE, type Service, type Source, sourcesOf } from './sources.ts';

/** One place that was searched. */
export interface SourceReport {
  source: string;
  outcome: 'used' | 'skipped' | 'broken' | 'not reached';
  reason: string;
}

export interface Explanation {
  service: Service;
  /** The method that is used, `RAMRoleARN` if what was found serves to assume a role; undefined when there is none. */
  method: Method | 'RAMRoleARN' | undefined;
  sources: SourceReport[];
  warnings: string[];
}

type Look =
  | { there: true; method: Method }
  | { there: false; outcome: 'skipped' | 'broken'; reason: string };

/**
 * Explains which source is used and why each other one is not, in the order of resolveCredentials. The
 * result holds no secret; nothing is fetched, and what is broken is reported instead of thrown.
 */
export function explain(service: Service, options: ResolveOptions = {}): Explanation {
  checkService(service);
  const { env = process.env } = options;
  const role = ROLE_VARIABLE[service];
  const roleIsSet = role !== undefined && Boolean(env[role]);
  const looks = sourcesOf(service, { ...options, env, region: regionOf(options) }).map(
    (source) => ({ source: source.name, look: lookInto(source) }),
  );
  // Resolving stops at the first source that is present or broken.
  const decisive = looks.findIndex(({ look }) => look.there || look.outcome === 'broken');
  const winner = looks[decisive]?.look;
  const method = winner?.there ? winner.method : undefined;

  const roleFault = method && roleIsSet ? faultOf(role, env) : undefined;
  const sources = looks.map(({ source, look }, index): SourceReport => {
    if (!look.there) return { source, outcome: look.outcome, reason: look.reason };
    if (index === decisive)
      return {
        source,
        outcome: 'used',
        reason: roleIsSet ? `${look.method}, to assume the role in ${role}` : look.method,
      };
    const before = looks[decisive]?.source;
    return { source, outcome: 'not reached', reason: `${look.method}, but ${before} comes first` };
  });
  const others = looks.flatMap(({ look }, index) =>
    look.there && index !== decisive ? [look.method] : [],
  );
  if (role && roleFault) sources.push({ source: role, outcome: 'broken', reason: roleFault });
  return {
    service,
    method: roleFault ? undefined : method && roleIsSet ? 'RAMRoleARN' : method,
    sources,
    warnings: [
      ...(method === 'AccessKey pair' && !roleIsSet ? [adviseTemporary(service, others)] : []),
      ...endpointFaults(service, options),
    ],
  };
}

function lookInto({ look }: Source): Look {
  try {
    const finding = look();
    if ('skipped' in finding) return { there: false, outcome: 'skipped', reason: finding.skipped };
    return { there: true, method: finding.method };
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    return { there: false, outcome: 'broken', reason: error.message };
  }
}

/** Returns what is wrong with the role in that variable, or undefined when it can be requested. */
function faultOf(name: string, env: NodeJS.ProcessEnv): string | undefined {
  try {
    checkSession({ roleArn: variable(name, env) ?? '' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    return error.message;
  }
}

/** Returns what is wrong with the address in the service's variable, whatever the credential. */
function endpointFaults(service: Service, options: ResolveOptions): string[] {
  try {
    endpointOverride(service, { region: regionOf(options), env: options.env });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // The required region is known only inside a function.
    return error.code === 'InvalidEndpoint' ? [error.message] : [];
  }
}

/** Suggests what could replace a long-term pair. */
function adviseTemporary(service: Service, others: Method[]): string {
  const atHand = others.filter((method) => method !== 'AccessKey pair');
  if (atHand.length > 0)
    return `A long-term pair is used where a temporary credential is at hand (${atHand.join(', ')}): unset the pair`;
  const role = ROLE_VARIABLE[service];
  return role
    ? `A long-term pair is used: set ${role}, and the pair only serves to assume that role`
    : 'A long-term pair is used: set MNS_SESSION_TOKEN with its id and secret for a temporary one';
}
