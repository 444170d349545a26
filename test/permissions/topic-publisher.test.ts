import { anOrder } from '#test/orders';
import { provePermissions } from '#test/prove-permissions';

provePermissions('topic-publisher', {
  async run(cloud) {
    // Larger than a message, and the second time under the same key.
    const { url } = cloud.function('topic-publisher');
    const body = JSON.stringify(anOrder({ note: '<'.repeat(30_000) }));
    const headers = { 'idempotency-key': anOrder().id };
    for (let time = 0; time < 2; time++) await fetch(url, { method: 'POST', headers, body });
  },
});
