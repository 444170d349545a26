import { APP } from './app.ts';

/** What an eventbridge trigger hands over for messages of a queue, each with an id of its own place. */
export function queueEvent(bodies: readonly string[], first = 0, queue = 'shipments'): Buffer {
  const events = bodies.map((messageBody, index) => {
    const messageId = (first + index).toString(16).toUpperCase().padStart(32, '0');
    return {
      id: `c2g71017-6f65-fhcf-a814-${messageId.slice(20).toLowerCase()}`,
      source: 'MNS-Function-shipments',
      specversion: '1.0',
      type: 'mns:Queue:SendMessage',
      datacontenttype: 'application/json; charset=utf-8',
      subject: `acs:mns:cn-hangzhou:1000000000000001:queues/${queue}`,
      time: '2026-01-02T03:04:05.678Z',
      aliyunaccountid: '1000000000000001',
      aliyunpublishtime: '2026-01-02T03:04:06.000Z',
      aliyunregionid: 'cn-hangzhou',
      data: { requestId: '606EA3074344430D4C810000', messageId, messageBody },
    };
  });
  return Buffer.from(JSON.stringify(events));
}

/** What an mns_topic trigger hands over in its JSON format. */
export function topicEvent(message: string, attributes: Record<string, string> = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      ...attributes,
      TopicOwner: '1000000000000001',
      Message: message,
      Subscriber: '1000000000000001',
      PublishTime: 1_767_323_045_678,
      SubscriptionName: 'orders',
      MessageMD5: 'BA4BA9B48AC81F0F9C66F6C909C30000',
      TopicName: `${APP}-orders`,
      MessageId: '2F5B3C281B283D4EAC694B7425280000',
    }),
  );
}
