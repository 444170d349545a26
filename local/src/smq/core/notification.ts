import type { Property } from '../properties.ts';
import { propertyElements } from '../properties-xml.ts';
import { writeXml } from '../write-xml.ts';
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
  /** Attributes for mail and SMS, by the kind of endpoint. */
  attributes?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  publishTime: number;
}

/**
 * Returns the body sent to an endpoint: the text alone for SIMPLIFIED and STREAM, else an envelope.
 * `accountId` is the owner of topic and subscription. With `extras` the envelope also has the
 * message's properties and its group, under their names in a queue's message: for endpoints that
 * accept only the body. That form is not documented; an envelope without them has the recorded
 * form.
 */
export function formatNotification(
  publication: Publication,
  subscription: Pick<Subscription, 'name' | 'notifyContentFormat'>,
  accountId: string,
  { extras }: { extras: boolean },
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
        ...(extras && extraValues(publication)),
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
        ...(extras && {
          SystemProperties: propertyElements('SystemProperties', publication),
          UserProperties: propertyElements('UserProperties', publication),
          MessageGroupId: publication.groupId,
        }),
      });
  }
}

function extraValues({ systemProperties, userProperties, groupId }: Publication): object {
  return {
    SystemProperties: systemProperties?.map(capitalised),
    UserProperties: userProperties?.map(capitalised),
    MessageGroupId: groupId,
  };
}

function capitalised({ name, value, type }: Property): object {
  return { Name: name, Value: value, Type: type };
}
