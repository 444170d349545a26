import { ConfigurationError } from '../errors/errors.ts';

interface Service {
  variable: string;
  /** Matches the addresses the console shows, with the groups `account`, `region` and `suffix`. */
  pattern: RegExp;
  /** Whether internal addresses accept http only. */
  plainInside: boolean;
  /** Whether the account is part of the host name; it is added in front if left out. */
  accountInHost: boolean;
}

const REGION = '(?<region>[a-z]{2}-[a-z0-9-]+?)';
const ACCOUNT = '(?:(?<account>\\d+)\\.)?';
const SCHEME = /^[a-z]+:\/\//i;

const SERVICES = {
  smq: {
    variable: 'SMQ_ENDPOINT',
    pattern: new RegExp(
      `^${ACCOUNT}mns\\.${REGION}(?<suffix>-internal-vpc|-internal|-vpc)?\\.aliyuncs\\.com$`,
    ),
    plainInside: true,
    accountInHost: true,
  },
  oss: {
    variable: 'OSS_ENDPOINT',
    pattern: new RegExp(
      `^oss-(?:accelerate(?:-overseas)?|${REGION}(?<suffix>-internal)?)\\.aliyuncs\\.com$`,
    ),
    plainInside: false,
    accountInHost: false,
  },
  sts: {
    variable: 'STS_ENDPOINT',
    pattern: new RegExp(`^sts(?<suffix>-vpc)?(?:\\.${REGION})?\\.aliyuncs\\.com$`),
    plainInside: false,
    accountInHost: false,
  },
  fc: {
    variable: 'FUNCTION_ENDPOINT',
    pattern: new RegExp(`^${ACCOUNT}${REGION}(?<suffix>-internal)?\\.fc\\.aliyuncs\\.com$`),
    plainInside: false,
    accountInHost: true,
  },
  mpaas: {
    variable: 'MPAAS_ENDPOINT',
    pattern: new RegExp(`^mpaas(?:\\.${REGION})?\\.aliyuncs\\.com$`),
    plainInside: false,
    accountInHost: false,
  },
} satisfies Record<string, Service>;

/** Placeholders that documents and `credentials setup` show for an account or a region. */
const PLACEHOLDER = /<[^>]*>|(?:^|[/.])YOUR[_-]|\*{3}|^%\w+%$|^\$\{?\w+\}?$|\{\{?.*\}/;

/** A bucket's own domain, often pasted by mistake; OSS clients add the bucket themselves. */
const BUCKET_DOMAIN = /^(?<bucket>[a-z0-9-]+)\.(?<rest>oss-[a-z0-9-]+\.aliyuncs\.com)$/;

export interface OverrideOptions {
  region: string;
  accountId?: string | undefined;
  env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Returns the address in the service's variable, or undefined when it is not set. Accepts what the console
 * shows: with or without the scheme, a slash at the end, the account in front. Throws a ConfigurationError
 * for an invalid address (`InvalidEndpoint`) and for another region or account than the function's own
 * (`EndpointMismatch`), which the service would answer with a wrong signature.
 */
export function endpointOverride(
  name: keyof typeof SERVICES,
  { region, accountId, env = process.env }: OverrideOptions,
): string | undefined {
  const service: Service = SERVICES[name];
  const value = env[service.variable]?.trim();
  if (!value) return undefined;
  if (PLACEHOLDER.test(value))
    throw invalid(
      `${service.variable} is "${value}", with a placeholder in it`,
      'put your own account and region in its place',
    );
  const url = parse(value, service.variable);
  const groups = service.pattern.exec(url.hostname)?.groups;
  if (!groups) return otherHost(url, value, service.variable);

  check(
    groups.region,
    region,
    `${service.variable} is "${value}", of region`,
    'the function is in',
  );
  if (accountId !== undefined)
    check(
      groups.account,
      accountId,
      `${service.variable} is "${value}", of account`,
      'the function is of',
    );
  const inside = service.plainInside && groups.suffix !== undefined;
  const givenScheme = SCHEME.test(value) ? url.protocol : undefined;
  if (inside && givenScheme === 'https:')
    throw invalid(`${service.variable} is "${value}"`, 'internal addresses of SMQ speak http only');
  const host = service.accountInHost && !groups.account ? `${accountId}.${url.host}` : url.host;
  const scheme = givenScheme ?? (inside ? 'http:' : 'https:');
  return `${scheme}//${host}`;
}

function parse(value: string, variable: string): URL {
  const text = SCHEME.test(value) ? value : `${isLoopback(value) ? 'http' : 'https'}://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url && /^\/?$/.test(url.pathname) && !url.search && !url.hash && !url.username;
  if (bare && /^https?:$/.test(url.protocol) && /[.:]|^localhost/.test(url.host)) return url;
  throw invalid(
    `${variable} is "${url?.username ? 'an address with a password' : value}"`,
    'give scheme and host only, such as http://127.0.0.1:6801',
  );
}

function otherHost(url: URL, value: string, variable: string): string {
  const domain = BUCKET_DOMAIN.exec(url.hostname)?.groups;
  if (domain)
    throw invalid(
      `${variable} is "${value}", the domain of bucket ${domain.bucket}`,
      `leave the bucket out: ${domain.rest}`,
    );
  if (url.hostname.endsWith('.aliyuncs.com'))
    throw invalid(
      `${variable} is "${value}", the address of another service`,
      'check which variable it belongs to',
    );
  return url.origin;
}

function isLoopback(value: string): boolean {
  return /^(localhost|127\.|\[::1\])/.test(value);
}

function check(found: string | undefined, wanted: string, claim: string, fact: string): void {
  if (found === undefined || found === wanted) return;
  throw new ConfigurationError(`${claim} ${found}, but ${fact} ${wanted}`, {
    code: 'EndpointMismatch',
    remedy: 'correct the address or leave the variable out',
  });
}

function invalid(message: string, remedy: string): ConfigurationError {
  return new ConfigurationError(message, { code: 'InvalidEndpoint', remedy });
}
