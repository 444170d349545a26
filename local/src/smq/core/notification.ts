import { writeXml } from '../write-xml.ts';
import type { Property } from './message.ts';
import type { Subscription } from './subscription.ts';

/** A message published to a topic. */
export interface Publication {
  topic: string;
  messageId: string;
  body: string;
  bodyMd5: string;
  tag?: string;
  userProperties?: Property[];
  systemProperties?: Property[];
  groupId?: string;
  /** Milliseconds since the epoch. */
  publishTime: number;
}

/** What an endpoint is sent: the text alone for SIMPLIFIED and STREAM, else an envelope. `accountId` owns topic and subscription. */
export function formatNotification(
  publication: Publication,
  subscription: Pick<Subscription, 'name' | 'notifyContentFormat'>,
  accountId: string,
): string {
  const { topic, messageId, body, bodyMd5, tag, publishTime } = publication;
  switch (subscription.notifyContentFormat) {
    case 'SIMPLIFIED':
    case 'STREAM':
      return body;
    case 'JSON':
      return JSON.stringify({
        TopicOwner: accountId,
        Message: body,
        Subscriber: accountId,
        PublishTime: String(publishTime),
        SubscriptionName: subscription.name,
        MessageMD5: bodyMd5,
        TopicName: topic,
        MessageId: messageId,
        MessageTag: tag,
      });
    case 'XML':
      return writeXml('Notification', {
        TopicOwner: accountId,
        TopicName: topic,
        Subscriber: accountId,
        SubscriptionName: subscription.name,
        MessageId: messageId,
        Message: body,
        MessageMD5: bodyMd5,
        MessageTag: tag,
        PublishTime: publishTime,
      });
  }
}
