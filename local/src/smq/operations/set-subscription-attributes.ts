import { NOTIFY_STRATEGIES } from '../../retry-schedule.ts';
import { optionalText, optionalWord } from '../read-xml.ts';
import { bodyOf, NO_CONTENT, type Operation } from './operation.ts';
import { readDeadLetterQueue } from './topics-xml.ts';

/**
 * `PUT /topics/<topic>/subscriptions/<name>?metaoverride=true`: the strategy, and what SDKs and the
 * control-plane API set as well.
 */
export const setSubscriptionAttributes: Operation = {
  action: 'SetSubscriptionAttributes',
  query: ['metaoverride'],
  async run(call) {
    const { service, name: topic, subscription } = call;
    const body = bodyOf(call, 'Subscription', ['NotifyStrategy', 'FilterTag', 'DlqPolicy']);
    await service.changeSubscription(topic, subscription, {
      notifyStrategy: optionalWord(body, 'NotifyStrategy', NOTIFY_STRATEGIES),
      filterTag: optionalText(body, 'FilterTag'),
      deadLetterQueue: readDeadLetterQueue(body),
    });
    return { status: NO_CONTENT };
  },
};
