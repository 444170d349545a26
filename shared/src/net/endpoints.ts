import { ConfigurationError } from '../errors/errors.ts';
import { endpointOverride } from './endpoint-override.ts';

/** `internal` is the classic internal network (the default: it is free, fast, and open to every function that is not bound to a VPC). A function bound to a VPC uses `vpc` or `public`. */
export type Network = 'internal' | 'vpc' | 'public';

export interface EndpointOptions {
  /** `cn-hangzhou`, without `oss-`. */
  region: string;
  /** Default the variable NETWORK, else `internal`. */
  network?: Network | undefined;
  env?: NodeJS.ProcessEnv | undefined;
}

export type AccountEndpointOptions = EndpointOptions & { accountId: string };

// Each function returns scheme and host, with no slash at the end: SMQ signs the path, so one in the
// endpoint would break the signature. The variable named in each overrides the address; it accepts what the
// console shows, checked against region and account, or any other host.

/** SMQ: `http://<account>.mns.<region>-internal.aliyuncs.com`; internal and VPC addresses speak http only. `SMQ_ENDPOINT` overrides it. */
export function smqEndpoint(options: AccountEndpointOptions): string {
  const host = `${options.accountId}.mns.${options.region}`;
  return (
    endpointOverride('smq', options) ??
    pick(options, {
      internal: `http://${host}-internal.aliyuncs.com`,
      vpc: `http://${host}-internal-vpc.aliyuncs.com`,
      public: `https://${host}.aliyuncs.com`,
    })
  );
}

/** OSS without the bucket: `https://oss-<region>-internal.aliyuncs.com`, for the classic network and VPC alike. `OSS_ENDPOINT` overrides it. */
export function ossEndpoint(options: EndpointOptions): string {
  const host = `oss-${options.region}`;
  return (
    endpointOverride('oss', options) ??
    pick(options, {
      internal: `https://${host}-internal.aliyuncs.com`,
      vpc: `https://${host}-internal.aliyuncs.com`,
      public: `https://${host}.aliyuncs.com`,
    })
  );
}

/** STS: `https://sts.<region>.aliyuncs.com`, in a VPC `sts-vpc.…`; it has no address in the classic network. `STS_ENDPOINT` overrides it. */
export function stsEndpoint(options: EndpointOptions): string {
  const atLarge = `https://sts.${options.region}.aliyuncs.com`;
  return (
    endpointOverride('sts', options) ??
    pick(options, {
      internal: atLarge,
      vpc: `https://sts-vpc.${options.region}.aliyuncs.com`,
      public: atLarge,
    })
  );
}

/**
 * Function Compute's API: `https://<account>.<region>-internal.fc.aliyuncs.com`. `FUNCTION_ENDPOINT`
 * overrides it; names that begin with FC_ are reserved.
 */
export function functionEndpoint(options: AccountEndpointOptions): string {
  const host = `${options.accountId}.${options.region}`;
  return (
    endpointOverride('fc', options) ??
    pick(options, {
      internal: `https://${host}-internal.fc.aliyuncs.com`,
      vpc: `https://${host}-internal.fc.aliyuncs.com`,
      public: `https://${host}.fc.aliyuncs.com`,
    })
  );
}

/** mPaaS: `https://mpaas.<region>.aliyuncs.com` on every network. `MPAAS_ENDPOINT` overrides it; the official SDK's own choice for cn-hangzhou, mpaas.aliyuncs.com, is accepted there. */
export function mpaasEndpoint(options: EndpointOptions): string {
  const atLarge = `https://mpaas.${options.region}.aliyuncs.com`;
  return (
    endpointOverride('mpaas', options) ??
    pick(options, { internal: atLarge, vpc: atLarge, public: atLarge })
  );
}

function pick(
  { region, network, env = process.env }: EndpointOptions,
  by: Record<Network, string>,
): string {
  // ali-oss writes oss-cn-hangzhou; here the region is part of every service's address.
  if (!/^(?!oss-)[a-z][a-z0-9-]*$/.test(region))
    throw new ConfigurationError(`Region is "${region}"`, {
      code: 'InvalidRegion',
      remedy: 'give its id, such as cn-hangzhou, without oss-',
    });
  const name = network ?? (env.NETWORK?.trim() || 'internal');
  if (name === 'internal' || name === 'vpc' || name === 'public') return by[name];
  throw new ConfigurationError(`NETWORK is "${name}"`, {
    code: 'InvalidNetwork',
    remedy: 'set it to internal, vpc or public, or leave it out for internal',
  });
}
