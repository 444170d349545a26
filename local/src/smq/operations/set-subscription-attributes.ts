import { NOTIFY_STRATEGIES } from '../../retry-schedule.ts';
import { optionalWord } from '../read-xml.ts';
import { bodyOf, NO_CONTENT, type Operation } from './operation.ts';

/** `PUT /topics/<topic>/subscriptions/<name>?metaoverride=true`; only the strategy can change. */
export const setSubscriptionAttributes: Operation = {
  action: 'SetSubscriptionAttributes',
  query: ['metaoverride'],
  async run(call) {
    const { service, name: topic, subscription } = call;
    const strategy = optionalWord(
      bodyOf(call, 'Subscription'),
      'NotifyStrategy',
      NOTIFY_STRATEGIES,
    );
    const present = service.getSubscription(topic, subscription);
    const { notifyStrategy } = present;
    await service.setSubscriptionStrategy(topic, subscription, strategy ?? notifyStrategy);
    return { status: NO_CONTENT };
  },
};
