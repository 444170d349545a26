import { randomUUID } from 'node:crypto';
import { provePermissions } from '#test/prove-permissions';

provePermissions('oss-sweeper', {
  async run(cloud) {
    // An unfinished upload and a claim check, both old enough.
    await cloud.bucket().beginUpload('uploads/left.bin');
    await cloud.bucket().put(`claims/${randomUUID()}`, 'claimed');
    const fn = cloud.function('oss-sweeper');
    await fn.redeploy({ environmentVariables: { UPLOAD_HOURS: '0', CLAIM_HOURS: '0' } });
    await fn.fireTimer();
  },
});
