import { OssClient } from 'fc-kit/oss';
import type { LocalCloud } from 'fc-local';
import type { StoredObject } from './compare.ts';

const PAGE = 1000;
const IN_FLIGHT = 8;

/** Reads back every object under the prefix over HTTP, with the key of the RAM user who may do everything. */
export async function readObjects(
  cloud: LocalCloud,
  bucket: string,
  prefix: string,
): Promise<StoredObject[]> {
  const client = new OssClient({
    bucket,
    region: cloud.region,
    credentials: cloud.accessKey,
    env: cloud.environment,
  });
  const found: StoredObject[] = [];
  let token: string | undefined;
  do {
    const page = await client.listObjects({ prefix, max: PAGE, ...(token && { token }) });
    const waiting = page.objects.values();
    const reader = async () => {
      for (const { key } of waiting)
        found.push({ key, body: (await client.getObject(key)).body.toString('utf8') });
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, reader));
    token = page.nextToken;
  } while (token);
  return found;
}
