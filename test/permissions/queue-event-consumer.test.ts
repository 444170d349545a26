import { queueEvent } from 'fc-local/testing';
import { claimedOrder } from '#test/claims';
import { queueOf } from '#test/messages';
import { anOrder } from '#test/orders';
import { provePermissions } from '#test/prove-permissions';

provePermissions('queue-event-consumer', {
  async run(cloud) {
    // The second time, both are already done.
    const consumer = cloud.function('queue-event-consumer');
    const queue = queueOf(cloud, 'queue-event-consumer').name;
    const event = queueEvent([JSON.stringify(anOrder()), await claimedOrder(cloud)], { queue });
    for (let push = 0; push < 2; push++) await consumer.invoke(event);
    await consumer.invoke(queueEvent(['no order'], { queue }));
  },
  expected: ['InvalidJson', 'BatchIncomplete'],
});
