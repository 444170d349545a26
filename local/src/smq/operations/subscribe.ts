import { bodyOf, CREATED, NO_CONTENT, type Operation } from './operation.ts';
import { readSubscription, SUBSCRIPTION_ELEMENTS } from './topics-xml.ts';

/** `PUT /topics/<topic>/subscriptions/<name>`. */
export const subscribe: Operation = {
  action: 'Subscribe',
  query: ['metaoverride'],
  async run(call) {
    const { service, name: topic, subscription } = call;
    const input = readSubscription(bodyOf(call, 'Subscription', SUBSCRIPTION_ELEMENTS));
    const created = await service.subscribe(topic, subscription, input);
    return {
      status: created === 'created' ? CREATED : NO_CONTENT,
      headers: { Location: `${call.base}/topics/${topic}/subscriptions/${subscription}` },
    };
  },
};
