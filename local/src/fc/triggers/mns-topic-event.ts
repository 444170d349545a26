import type { TopicTriggerSpec } from '../../project/types.ts';
import type { TopicMessage } from '../sources.ts';

/**
 * Returns the event of an mns_topic trigger. STREAM: the body as published, or `{body, attrs}` when
 * there are attributes; JSON: an envelope, the attributes beside its fields. User properties count
 * as attributes.
 */
export function topicEvent(
  message: TopicMessage,
  trigger: Pick<TopicTriggerSpec, 'name' | 'topic' | 'format'>,
  accountId: string,
): Buffer {
  const { body, userProperties = [] } = message;
  const attributes = Object.fromEntries(userProperties.map(({ name, value }) => [name, value]));
  if (trigger.format === 'STREAM')
    return Buffer.from(
      userProperties.length === 0 ? body : JSON.stringify({ body, attrs: attributes }),
    );
  return Buffer.from(
    JSON.stringify({
      ...attributes,
      TopicOwner: accountId,
      Message: body,
      Subscriber: accountId,
      PublishTime: message.publishTime,
      SubscriptionName: trigger.name,
      MessageMD5: message.bodyMd5,
      TopicName: trigger.topic,
      MessageId: message.messageId,
      ...(message.tag !== undefined && { MessageTag: message.tag }),
    }),
  );
}
