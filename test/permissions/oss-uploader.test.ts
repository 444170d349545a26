import { randomUUID } from 'node:crypto';
import { provePermissions } from '#test/prove-permissions';

provePermissions('oss-uploader', {
  async run(cloud) {
    // The second time, the function compares it with the stored one.
    const url = `${cloud.function('oss-uploader').url}${randomUUID()}`;
    for (let time = 0; time < 2; time++) await fetch(url, { method: 'PUT', body: 'text' });
  },
});
