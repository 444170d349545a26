import { ossEndpoint } from '../../net/endpoints.ts';
import type { Grantor } from './rules.ts';

/**
 * Returns the bucket's address for clients outside: always the public one, even if OSS_ENDPOINT holds an
 * internal address of Alibaba Cloud. Another host, such as the local cloud's, takes the bucket in the path.
 * Ends with a slash.
 */
export function publicBucketUrl({ bucket, region, env }: Grantor): string {
  const endpoint = ossEndpoint({ region, network: 'public', ...(env && { env }) });
  const { protocol, hostname, host } = new URL(endpoint);
  if (!hostname.endsWith('.aliyuncs.com')) return `${protocol}//${host}/${bucket}/`;
  return `https://${bucket}.${hostname.replace(/-internal(?=\.aliyuncs\.com$)/, '')}/`;
}
