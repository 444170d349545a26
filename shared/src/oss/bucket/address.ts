import { ConfigurationError } from '../../errors/errors.ts';
import { type EndpointOptions, ossEndpoint } from '../../net/endpoints.ts';

/** The options of ali-oss that say where a bucket is. */
export interface Address {
  /** Scheme and host. */
  endpoint: string;
  /** With `oss-`; V4 signs with it. */
  region: string;
  /** Path style. */
  sldEnable: boolean;
}

/** IP addresses, in the form that URL gives them. Node's isIP takes three milliseconds for its first host name. */
const IP = /^\[|^\d+(\.\d+){3}$/;
const LOOPBACK = /^https?:\/\/(127(\.\d+){3}|\[::1\])(?=:|$)/;

/**
 * Where OSS is: Alibaba Cloud's own addresses carry the bucket in the host name, any other
 * (`OSS_ENDPOINT`, such as the local cloud's) carries it in the path. ali-oss cannot address a
 * bucket on an IP address at all, so a loopback one is spelt `localhost`; of another IP address
 * comes a ConfigurationError (`InvalidEndpoint`).
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
