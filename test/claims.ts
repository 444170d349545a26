import type { TestCloud } from 'fc-local/testing';
import { OssClient } from '#shared/oss';
import { checkIn } from '#shared/publish';
import { anOrder } from '#test/orders';

/** Returns the body of a message with a claim check of an order in the bucket. */
export async function claimedOrder(cloud: TestCloud): Promise<string> {
  const { region, accessKey: credentials, environment: env } = cloud;
  const owner = new OssClient({ bucket: cloud.bucket().name, region, credentials, env });
  return (await checkIn(owner, JSON.stringify(anOrder()))).body;
}
