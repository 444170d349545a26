import { randomUUID } from 'node:crypto';
import { ossEvent } from 'fc-local/testing';
import { provePermissions } from '#test/prove-permissions';

provePermissions('oss-event-handler', {
  async run(cloud) {
    const fn = cloud.function('oss-event-handler');
    const bucket = cloud.bucket();
    const { key, eTag } = await bucket.put(`${fn.env.INPUT_PREFIX}${randomUUID()}`, 'text');
    await fn.invoke(ossEvent(bucket.name, [{ key, eTag }]));
  },
});
