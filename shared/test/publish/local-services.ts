import type { Fault, FaultTarget } from 'fc-local/testing';
import { OssClient } from '#src/oss/bucket/client';
import { SmqClient } from '#src/smq/client';
import { ACCOUNT, localAccount, OWNER, REGION } from '#test/local-account';

/**
 * Starts SMQ with the queue `orders` and the topic `news` that feeds it, and OSS with the bucket `large`;
 * `fault` chooses what goes wrong.
 */
export async function localServices() {
  const chosen: { fault: (target: FaultTarget) => Fault | undefined } = { fault: () => undefined };
  const resources = {
    queues: [{ name: 'orders' }],
    topics: [{ name: 'news' }],
    buckets: [{ name: 'large', acl: 'private' as const }],
  };
  const { cloud } = await localAccount({ resources, faults: (target) => chosen.fault(target) });
  await cloud.topic('news').subscribe('to-orders', { queue: 'orders' });
  const at = { accountId: ACCOUNT, region: REGION, credentials: OWNER, env: cloud.environment };
  const smq = new SmqClient(at);
  return {
    chosen,
    queue: smq.queue('orders'),
    topic: smq.topic('news'),
    bucket: new OssClient({ ...at, bucket: 'large' }),
    queued: () => cloud.queue('orders').bodies(),
  };
}
