import { expect, it } from 'vitest';
import { oddServer } from '#test/odd-server';
import { clientOf } from './local-smq.ts';

type Client = ReturnType<typeof clientOf>;
const endpoint = 'acs:mns:cn-hangzhou:1:queues/q';

/** Returns the document that a call sends. */
async function sent(call: (client: Client) => Promise<unknown>): Promise<string> {
  let document = '';
  const url = await oddServer((request, response) => {
    request.on('data', (chunk) => {
      document += chunk;
    });
    request.on('end', () => response.writeHead(503).end());
  });
  await expect(call(clientOf(url))).rejects.toMatchObject({ status: 503 });
  return document.replace(' xmlns="http://mns.aliyuncs.com/doc/v1/"', '');
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';

it.each<[string, (client: Client) => Promise<unknown>, string]>([
  [
    'a queue with every setting',
    (client) =>
      client.createQueue('q', {
        delaySeconds: 1,
        maximumMessageSize: 2048,
        messageRetentionPeriod: 61,
        visibilityTimeout: 3,
        pollingWaitSeconds: 4,
        loggingEnabled: true,
      }),
    '<Queue><DelaySeconds>1</DelaySeconds><MaximumMessageSize>2048</MaximumMessageSize><MessageRetentionPeriod>61</MessageRetentionPeriod><VisibilityTimeout>3</VisibilityTimeout><PollingWaitSeconds>4</PollingWaitSeconds><LoggingEnabled>True</LoggingEnabled></Queue>',
  ],
  ['a queue with none', (client) => client.createQueue('q'), '<Queue></Queue>'],
  [
    'a queue without a log',
    (client) => client.queue('q').setAttributes({ loggingEnabled: false }),
    '<Queue><LoggingEnabled>False</LoggingEnabled></Queue>',
  ],
  [
    'a topic with every setting',
    (client) => client.createTopic('t', { maximumMessageSize: 2048, loggingEnabled: true }),
    '<Topic><MaximumMessageSize>2048</MaximumMessageSize><LoggingEnabled>True</LoggingEnabled></Topic>',
  ],
  [
    'a topic with one',
    (client) => client.topic('t').setAttributes({ loggingEnabled: false }),
    '<Topic><LoggingEnabled>False</LoggingEnabled></Topic>',
  ],
  [
    'a subscription with every setting',
    (client) =>
      client.topic('t').subscribe('s', {
        endpoint,
        filterTag: 'tag',
        notifyStrategy: 'EXPONENTIAL_DECAY_RETRY',
        notifyContentFormat: 'JSON',
      }),
    `<Subscription><Endpoint>${endpoint}</Endpoint><FilterTag>tag</FilterTag><NotifyStrategy>EXPONENTIAL_DECAY_RETRY</NotifyStrategy><NotifyContentFormat>JSON</NotifyContentFormat></Subscription>`,
  ],
  [
    'another strategy',
    (client) => client.topic('t').setSubscription('s', 'BACKOFF_RETRY'),
    '<Subscription><NotifyStrategy>BACKOFF_RETRY</NotifyStrategy></Subscription>',
  ],
  [
    'a message with everything',
    (client) =>
      client.queue('q').send('a<b', {
        delaySeconds: 1,
        priority: 2,
        messageGroupId: 'g',
        userProperties: { text: 't', number: 1.5, no: false, bytes: Buffer.from('b') },
      }),
    '<Message><MessageBody>a&lt;b</MessageBody><DelaySeconds>1</DelaySeconds><Priority>2</Priority><UserProperties><PropertyValue><Name>text</Name><Value>t</Value><Type>STRING</Type></PropertyValue><PropertyValue><Name>number</Name><Value>1.5</Value><Type>NUMBER</Type></PropertyValue><PropertyValue><Name>no</Name><Value>false</Value><Type>BOOLEAN</Type></PropertyValue><PropertyValue><Name>bytes</Name><Value>Yg==</Value><Type>BINARY</Type></PropertyValue></UserProperties><MessageGroupId>g</MessageGroupId></Message>',
  ],
  [
    'a batch',
    (client) => client.queue('q').sendBatch([{ body: 'a', priority: 3 }, { body: '' }]),
    '<Messages><Message><MessageBody>a</MessageBody><Priority>3</Priority></Message><Message><MessageBody></MessageBody></Message></Messages>',
  ],
  [
    'a publication with everything',
    (client) =>
      client.topic('t').publish('a', {
        tag: 'tag',
        attributes: { Extend: '{"a":"<"}' },
        userProperties: { text: 't' },
        messageGroupId: 'g',
      }),
    '<Message><MessageBody>a</MessageBody><MessageTag>tag</MessageTag><MessageAttributes><Extend>{"a":"&lt;"}</Extend></MessageAttributes><UserProperties><PropertyValue><Name>text</Name><Value>t</Value><Type>STRING</Type></PropertyValue></UserProperties><MessageGroupId>g</MessageGroupId></Message>',
  ],
  [
    'deletes',
    (client) => client.queue('q').deleteBatch(['a+b', 'c']),
    '<ReceiptHandles><ReceiptHandle>a+b</ReceiptHandle><ReceiptHandle>c</ReceiptHandle></ReceiptHandles>',
  ],
])('sends %s as the documented elements', async (_, call, document) => {
  expect(await sent(call)).toBe(`${HEAD}${document}`);
});
