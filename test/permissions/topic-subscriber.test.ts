import { topicEvent } from 'fc-local/testing';
import { claimedOrder } from '#test/claims';
import { anOrder } from '#test/orders';
import { provePermissions } from '#test/prove-permissions';

provePermissions('topic-subscriber', {
  async run(cloud) {
    const body = JSON.stringify(anOrder());
    for (const message of [body, body, await claimedOrder(cloud)])
      await cloud.function('topic-subscriber').invoke(topicEvent(message));
    await cloud.function('topic-subscriber').invoke(topicEvent('no order'));
  },
  expected: ['InvalidJson', 'BatchIncomplete'],
});
