import { describe, expect, it } from 'vitest';
import { until } from '#src/testing/until';
import { httpEndpoint } from './endpoint.ts';
import { errorOf, message, type Smq, send, textOf, withQueue } from './helpers.ts';

const messages = '/queues/q/messages';

const property = (name: string, value: string, type = 'STRING', element = 'PropertyValue') =>
  `<${element}><Name>${name}</Name><Value>${value}</Value><Type>${type}</Type></${element}>`;

const system = (name: string, value: string, type?: string) =>
  property(name, value, type, 'SystemPropertyValue');

const user = (...properties: string[]) => `<UserProperties>${properties.join('')}</UserProperties>`;

/** Returns a queue `q`, and a topic `t` with a subscription to it. */
async function withTopic(): Promise<Smq> {
  const smq = await withQueue();
  await smq.service.createTopic('t');
  const endpoint = 'acs:mns:any:any:queues/q';
  await smq.service.subscribe('t', 's', { endpoint, notifyContentFormat: 'SIMPLIFIED' });
  return smq;
}

describe('system properties', () => {
  const sent = `<SystemProperties>${system('traceparent', '00-a-b-01')}${system('baggage', 'a=1')}</SystemProperties>`;
  const wanted = [
    { name: 'traceparent', value: '00-a-b-01', type: 'STRING' },
    { name: 'baggage', value: 'a=1', type: 'STRING' },
  ];

  it.each([
    ['a send', messages, message('x', sent)],
    ['a batch', messages, `<Messages>${message('x', sent)}</Messages>`],
    ['a publication', '/topics/t/messages', message('x', sent)],
  ])('are SystemPropertyValue elements of %s, and of what is received', async (_, path, body) => {
    const smq = await withTopic();
    expect((await send(smq, 'POST', path, { body })).status).toBe(201);
    expect(smq.service.inspect('q')).toMatchObject([{ systemProperties: wanted }]);
    for (const query of ['?peekonly=true', '?numOfMessages=1']) {
      const { text } = await send(smq, 'GET', messages + query);
      expect(text.replace(/\n\s*/g, '')).toContain(sent);
    }
  });

  it('are of type STRING, and in elements of that name only', async () => {
    const smq = await withQueue();
    for (const content of [system('a', '1', 'NUMBER'), property('a', 'b')]) {
      const body = message('x', `<SystemProperties>${content}</SystemProperties>`);
      expect(errorOf(await send(smq, 'POST', messages, { body }))).toBe('400 InvalidArgument');
    }
    expect(smq.service.inspect('q')).toEqual([]);
  });
});

describe('user properties', () => {
  it.each([
    ['name', 'value', 'STRING'],
    ['a-b_c.D.9', '', 'STRING'],
    ['n'.repeat(256), 'v'.repeat(4096), 'STRING'],
    ['emoji', '\u{1F600}'.repeat(4096), 'STRING'],
    ['number', '-1.5e3', 'NUMBER'],
    ['text', 'not a number: the service does not look', 'NUMBER'],
    ['yes', 'true', 'BOOLEAN'],
    ['no', 'false', 'BOOLEAN'],
    ['bytes', 'AP8=', 'BINARY'],
    ['none', '', 'BINARY'],
  ] as const)('take %j with %j of type %s', async (name, value, type) => {
    const smq = await withTopic();
    for (const path of [messages, '/topics/t/messages']) {
      const body = message('x', user(property(name, value, type)));
      expect((await send(smq, 'POST', path, { body })).status).toBe(201);
    }
    const kept = [{ name, value, type }];
    expect(smq.service.inspect('q')).toMatchObject([
      { userProperties: kept },
      { userProperties: kept },
    ]);
  });

  it.each([
    ['', 'v', 'STRING'],
    ['n'.repeat(257), 'v', 'STRING'],
    ['a b', 'v', 'STRING'],
    ['naïve', 'v', 'STRING'],
    ['.a', 'v', 'STRING'],
    ['a.', 'v', 'STRING'],
    ['a..b', 'v', 'STRING'],
    ['a', 'v'.repeat(4097), 'STRING'],
    ['a', 'yes', 'BOOLEAN'],
    ['a', 'True', 'BOOLEAN'],
    ['a', '', 'BOOLEAN'],
    ['a', 'AP8', 'BINARY'],
    ['a', 'ÿ', 'BINARY'],
    ['a', 'v', 'DATE'],
  ] as const)('refuse %j with %j of type %s', async (name, value, type) => {
    const smq = await withTopic();
    for (const path of [messages, '/topics/t/messages']) {
      const body = message('x', user(property(name, value, type)));
      expect(errorOf(await send(smq, 'POST', path, { body }))).toBe('400 InvalidArgument');
    }
    expect(smq.service.inspect('q')).toEqual([]);
  });

  it('have unique, case-sensitive names', async () => {
    const smq = await withQueue();
    const post = (...names: string[]) =>
      send(smq, 'POST', messages, {
        body: message('x', user(...names.map((name) => property(name, 'v')))),
      });
    expect((await post('a', 'A')).status).toBe(201);
    expect(errorOf(await post('a', 'a'))).toBe('400 InvalidArgument');
  });

  it('count towards the size of the message', async () => {
    const smq = await withQueue();
    await smq.service.setQueueAttributes('q', { maximumMessageSize: 1024 });
    const post = (size: number) =>
      send(smq, 'POST', messages, {
        body: message('x'.repeat(size), user(property('n', 'v'.repeat(100)))),
      });
    expect((await post(1024 - 'n'.length - 'STRING'.length - 100)).status).toBe(201);
    expect(errorOf(await post(1025 - 'n'.length - 'STRING'.length - 100))).toBe(
      '400 InvalidArgument',
    );
  });
});

describe('an element that the API does not have', () => {
  const topic = '<Topic><Colour>red</Colour></Topic>';
  const queue = '<Queue><Colour>red</Colour></Queue>';
  const policy = '<DlqPolicy><Colour>red</Colour></DlqPolicy>';
  const endpoint = '<Endpoint>acs:mns:any:any:queues/q</Endpoint>';
  it.each([
    ['POST', messages, message('x', '<Colour>red</Colour>')],
    ['POST', messages, message('x', '<MessageTag>red</MessageTag>')],
    ['POST', messages, message('x', user('<Colour>red</Colour>'))],
    ['POST', messages, message('x', user('<PropertyValue><Colour>red</Colour></PropertyValue>'))],
    ['POST', messages, `<Messages>${message('x')}<Colour>red</Colour></Messages>`],
    ['POST', messages, `<Messages>${message('x', '<Colour>red</Colour>')}</Messages>`],
    ['DELETE', messages, '<ReceiptHandles><Colour>red</Colour></ReceiptHandles>'],
    ['POST', '/topics/t/messages', message('x', '<Colour>red</Colour>')],
    ['POST', '/topics/t/messages', message('x', '<DelaySeconds>1</DelaySeconds>')],
    ['PUT', '/queues/new', queue],
    ['PUT', '/queues/new', `<Queue>${policy}</Queue>`],
    ['PUT', '/queues/q?metaoverride=true', queue],
    ['PUT', '/topics/new', topic],
    ['PUT', '/topics/t?metaoverride=true', topic],
    ['PUT', '/topics/t/subscriptions/new', `<Subscription>${endpoint}<Colour/></Subscription>`],
    ['PUT', '/topics/t/subscriptions/new', `<Subscription>${endpoint}${policy}</Subscription>`],
    [
      'PUT',
      '/topics/t/subscriptions/s?metaoverride=true',
      `<Subscription>${endpoint}</Subscription>`,
    ],
    ['PUT', '/?accountmeta=true', '<Account><Colour>red</Colour></Account>'],
  ])('is refused by name: %s %s %s', async (method, path, body) => {
    const smq = await withTopic();
    const answer = await send(smq, method, path, { body });
    expect(errorOf(answer)).toBe('400 InvalidArgument');
    expect(textOf(answer.text, 'Message')).toMatch(
      /^The XML you provided did not validate against our published schema, cause by \w+\.$/,
    );
    expect(smq.service.listQueues().items.map(({ name }) => name)).toEqual(['q']);
    expect(smq.service.listTopics().items.map(({ name }) => name)).toEqual(['t']);
    expect(smq.service.listSubscriptions('t').items).toHaveLength(1);
    expect(smq.service.inspect('q')).toEqual([]);
  });
});

describe('a push to an HTTP endpoint', () => {
  const extras = {
    userProperties: [{ name: 'a', value: '1', type: 'NUMBER' }],
    systemProperties: [{ name: 'baggage', value: 'b', type: 'STRING' }],
    groupId: 'g',
  } as const;

  async function pushed(notifyContentFormat: 'XML' | 'JSON'): Promise<string> {
    const smq = await withQueue();
    const { url, posted } = await httpEndpoint();
    await smq.service.createTopic('t');
    await smq.service.subscribe('t', 's', { endpoint: url, notifyContentFormat });
    await smq.service.publish('t', {
      body: 'x',
      groupId: extras.groupId,
      userProperties: [...extras.userProperties],
      systemProperties: [...extras.systemProperties],
    });
    await until(() => posted.length === 1);
    return posted[0]?.body ?? '';
  }

  it('has the properties and the group in its XML', async () => {
    expect((await pushed('XML')).replace(/\n\s*/g, '')).toContain(
      `</PublishTime><SystemProperties>${system('baggage', 'b')}</SystemProperties>${user(property('a', '1', 'NUMBER'))}<MessageGroupId>g</MessageGroupId></Notification>`,
    );
  });

  it('has the properties and the group in its JSON', async () => {
    expect(JSON.parse(await pushed('JSON'))).toMatchObject({
      Message: 'x',
      UserProperties: [{ Name: 'a', Value: '1', Type: 'NUMBER' }],
      SystemProperties: [{ Name: 'baggage', Value: 'b', Type: 'STRING' }],
      MessageGroupId: 'g',
    });
  });
});

it('keeps the attributes for mail and SMS with what would be sent', async () => {
  const smq = await withQueue();
  await smq.service.createTopic('t');
  await smq.service.subscribe('t', 'm', { endpoint: 'mail:directmail:a@example.com' });
  const body = message('x', '<MessageAttributes><DM>{"Subject":"hi"}</DM></MessageAttributes>');
  expect((await send(smq, 'POST', '/topics/t/messages', { body })).status).toBe(201);
  expect(smq.service.deliveries()).toMatchObject([
    { publication: { attributes: { DM: '{"Subject":"hi"}' } } },
  ]);
});
