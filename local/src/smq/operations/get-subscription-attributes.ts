import type { Operation } from './operation.ts';
import { subscriptionElements } from './topics-xml.ts';

/** `GET /topics/<topic>/subscriptions/<name>`. */
export const getSubscriptionAttributes: Operation = {
  action: 'GetSubscriptionAttributes',
  query: [],
  run({ service, name, subscription }) {
    const found = service.getSubscription(name, subscription);
    return { status: 200, body: ['Subscription', subscriptionElements(found, service.accountId)] };
  },
};
