import { ConfigurationError } from '../../errors/errors.ts';
import { type EndpointOptions, ossEndpoint } from '../../net/endpoints.ts';

/** The options of ali-oss that locate a bucket. */
export interface Address {
  /** Scheme and host. */
  endpoint: string;
  /** With `oss-`; V4 signs with it. */
  region: string;
  /** Whether the bucket is in the path. */
  sldEnable: boolean;
}

/** Matches IP addresses as URL writes them. Node's isIP takes three milliseconds for its first host name. */
const IP = /^\[|^\d+(\.\d+){3}$/;
const LOOPBACK = /^https?:\/\/(127(\.\d+){3}|\[::1\])(?=:|$)/;

/**
 * Returns the address of OSS. Alibaba Cloud's own addresses carry the bucket in the host name, any other
 * (`OSS_ENDPOINT`, such as the local cloud's) carries it in the path. ali-oss cannot address a bucket on an
 * IP address at all, so a loopback address becomes `localhost`; any other IP address throws a
 * ConfigurationError (`InvalidEndpoint`).
 */
export function ossAddress(options: EndpointOptions): Address {
  const origin = ossEndpoint(options);
  const endpoint = origin.replace(LOOPBACK, (match) =>
    match.startsWith('https') ? 'https://localhost' : 'http://localhost',
  );
  const { hostname } = new URL(endpoint);
  if (IP.test(hostname))
    throw new ConfigurationError(`OSS_ENDPOINT is "${origin}"`, {
      code: 'InvalidEndpoint',
      remedy: 'ali-oss cannot address a bucket on an IP address: give a host name',
    });
  return {
    endpoint,
    region: `oss-${options.region}`,
    sldEnable: !hostname.endsWith('.aliyuncs.com'),
  };
}
