import { claimedOrder } from '#test/claims';
import { queueOf } from '#test/messages';
import { anOrder } from '#test/orders';
import { provePermissions } from '#test/prove-permissions';

provePermissions('queue-consumer', {
  async run(cloud) {
    // The same order twice: the second time, the function compares it with the stored one. Another under
    // its id comes back later, and a message that is not an order goes to quarantine. One is in the bucket.
    const order = anOrder();
    const other = { ...order, customer: 'Grace' };
    const bodies = [order, order, other, 'no order'].map((body) => JSON.stringify(body));
    const queue = queueOf(cloud, 'queue-consumer');
    for (const body of [...bodies, await claimedOrder(cloud)]) await queue.send(body);
    await cloud.function('queue-consumer').fireTimer();
  },
  expected: ['ObjectConflict', 'InvalidValue'],
});
