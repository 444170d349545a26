import { pageReply, pageRequest } from './lists.ts';
import type { Operation } from './operation.ts';

/** `GET /topics/<topic>/subscriptions`, with the same headers as ListQueue. */
export const listSubscriptionByTopic: Operation = {
  action: 'ListSubscriptionByTopic',
  query: [],
  run(call) {
    const { service, name, base } = call;
    const page = service.listSubscriptions(name, pageRequest(call));
    return pageReply('Subscriptions', 'Subscription', page, (subscription) => ({
      SubscriptionURL: `${base}/topics/${name}/subscriptions/${subscription.name}`,
      SubscriptionName: subscription.name,
    }));
  },
};
