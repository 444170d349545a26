import { ConfigurationError } from './errors.ts';

/** `internal` is the classic internal network (the default: it is free, fast, and open to every function that is not bound to a VPC). A function bound to a VPC uses `vpc` or `public`. */
export type Network = 'internal' | 'vpc' | 'public';

export interface EndpointOptions {
  /** `cn-hangzhou`, without `oss-`. */
  region: string;
  network?: Network;
  env?: NodeJS.ProcessEnv;
}

/** SMQ's address: `http://<account>.mns.<region>-internal.aliyuncs.com`. Internal addresses speak http only. `SMQ_ENDPOINT` overrides it. */
export function smqEndpoint(options: EndpointOptions & { accountId: string }): string {
  const { accountId, region } = options;
  const host = `${accountId}.mns.${region}`;
  return (
    override('SMQ_ENDPOINT', options) ??
    {
      internal: `http://${host}-internal.aliyuncs.com`,
      vpc: `http://${host}-internal-vpc.aliyuncs.com`,
      public: `https://${host}.aliyuncs.com`,
    }[networkOf(options)]
  );
}

/** OSS's address without the bucket: `https://oss-<region>-internal.aliyuncs.com`, for the classic network and VPC alike. `OSS_ENDPOINT` overrides it. */
export function ossEndpoint(options: EndpointOptions): string {
  const suffix = networkOf(options) === 'public' ? '' : '-internal';
  return override('OSS_ENDPOINT', options) ?? `https://oss-${options.region}${suffix}.aliyuncs.com`;
}

function networkOf({ network, env = process.env }: EndpointOptions): Network {
  const name = network ?? env.NETWORK ?? 'internal';
  if (name === 'internal' || name === 'vpc' || name === 'public') return name;
  throw new ConfigurationError(`NETWORK is "${name}"`, {
    code: 'InvalidNetwork',
    remedy: 'set it to internal, vpc or public, or leave it out for internal',
  });
}

/** The override as an origin: scheme and host, no path, no trailing slash (SMQ signs the path, so one in the endpoint breaks the signature). */
function override(variable: string, { env = process.env }: EndpointOptions): string | undefined {
  const value = env[variable]?.trim();
  if (!value) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search) {
    throw new ConfigurationError(`${variable} is "${value}"`, {
      code: 'InvalidEndpoint',
      remedy: 'give scheme and host only, such as http://127.0.0.1:6801',
    });
  }
  return url.origin;
}
