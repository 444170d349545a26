import { onTestFinished } from 'vitest';
import { OssClient } from '#src/oss/bucket/client';
import { SmqClient } from '#src/smq/client';
import type { ChooseFault, Fault, FaultTarget } from '../../../local/src/faults.ts';
import { startLocalCloud } from '../../../local/src/main.ts';

/** SMQ with the queue `orders` and the topic `news` that feeds it, OSS with the bucket `large`; `fault` chooses what goes wrong. */
export async function localServices() {
  const chosen: { fault: (target: FaultTarget) => Fault | undefined } = { fault: () => undefined };
  const faults: ChooseFault = (target) => chosen.fault(target);
  const cloud = await startLocalCloud({}, { faults });
  onTestFinished(() => cloud.close());
  const { accountId, region, accessKey: credentials, environment: env } = cloud;
  const { service } = cloud.smq;
  await service.createQueue('orders');
  await service.createTopic('news');
  await service.subscribe('news', 'to-orders', {
    endpoint: `acs:mns:${region}:${accountId}:queues/orders`,
    notifyContentFormat: 'SIMPLIFIED',
    notifyStrategy: 'BACKOFF_RETRY',
  });
  await cloud.oss.service.apply({ buckets: [{ name: 'large', acl: 'private' }] });
  const smq = new SmqClient({ accountId, region, credentials, env });
  return {
    chosen,
    queue: smq.queue('orders'),
    topic: smq.topic('news'),
    bucket: new OssClient({ bucket: 'large', region, credentials, env }),
    queued: () => service.inspect('orders').map(({ body }) => body),
  };
}
