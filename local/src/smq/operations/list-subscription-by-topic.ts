import { pageReply, pageRequest } from './lists.ts';
import type { Operation } from './operation.ts';

/** `GET /topics/<topic>/subscriptions`, with the same headers as ListQueue. */
export const listSubscriptionByTopic: Operation = {
  action: 'ListSubscriptionByTopic',
  query: [],
  run(call) {
    const { service, name, base } = call;
    return pageReply(
      'Subscriptions',
      service.listSubscriptions(name, pageRequest(call)),
      (subscription) => [
        'Subscription',
        [
          ['SubscriptionURL', `${base}/topics/${name}/subscriptions/${subscription.name}`],
          ['SubscriptionName', subscription.name],
        ],
      ],
    );
  },
};
