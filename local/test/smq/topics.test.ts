import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, errorOf, NAMESPACE, type Smq, send, smqServer, textOf } from './helpers.ts';

async function withSubscription(subscription: string, server?: Smq): Promise<Smq> {
  const smq = server ?? (await smqServer());
  await smq.service.apply({ queues: [{ name: 'q' }], topics: [{ name: 't' }] });
  const answer = await send(smq, 'PUT', '/topics/t/subscriptions/s', {
    body: `<Subscription ${NAMESPACE}><Endpoint>acs:mns:any:any:queues/q</Endpoint>${subscription}</Subscription>`,
  });
  expect(answer.status).toBe(201);
  return smq;
}

function publish(smq: Smq, content: string) {
  return send(smq, 'POST', '/topics/t/messages', {
    body: `<Message ${NAMESPACE}>${content}</Message>`,
  });
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex').toUpperCase();

describe('a published message in the subscribed queue', () => {
  it("is JSON with its keys in the service's order", async () => {
    const smq = await withSubscription('<NotifyContentFormat>JSON</NotifyContentFormat>');
    const answer = await publish(
      smq,
      '<MessageBody>a &lt;b&gt; "c"</MessageBody><MessageTag>x</MessageTag>',
    );
    expect(answer.status).toBe(201);
    const messageId = textOf(answer.text, 'MessageId');
    expect(textOf(answer.text, 'MessageBodyMD5')).toBe(md5('a <b> "c"'));
    const [queued] = smq.service.inspect('q');
    expect(queued?.id).not.toBe(messageId);
    expect(queued?.body).toBe(
      JSON.stringify({
        TopicOwner: ACCOUNT,
        Message: 'a <b> "c"',
        Subscriber: ACCOUNT,
        PublishTime: String(smq.clock.now()),
        SubscriptionName: 's',
        MessageMD5: md5('a <b> "c"'),
        TopicName: 't',
        MessageId: messageId,
        MessageTag: 'x',
      }),
    );
  });

  it('is XML by default', async () => {
    const smq = await withSubscription('');
    const answer = await publish(smq, '<MessageBody>1 &lt; 2</MessageBody>');
    expect(smq.service.inspect('q')[0]?.body).toBe(
      [
        '<?xml version="1.0" ?>',
        `<Notification ${NAMESPACE}>`,
        `  <TopicOwner>${ACCOUNT}</TopicOwner>`,
        '  <TopicName>t</TopicName>',
        `  <Subscriber>${ACCOUNT}</Subscriber>`,
        '  <SubscriptionName>s</SubscriptionName>',
        `  <MessageId>${textOf(answer.text, 'MessageId')}</MessageId>`,
        '  <Message>1 &lt; 2</Message>',
        `  <MessageMD5>${md5('1 < 2')}</MessageMD5>`,
        `  <PublishTime>${smq.clock.now()}</PublishTime>`,
        '</Notification>',
        '',
      ].join('\n'),
    );
  });

  it.each(['SIMPLIFIED', 'STREAM'])('is the text alone in format %s', async (format) => {
    const smq = await withSubscription(`<NotifyContentFormat>${format}</NotifyContentFormat>`);
    await publish(smq, '<MessageBody> as it is\n</MessageBody>');
    expect(smq.service.inspect('q')[0]?.body).toBe(' as it is\n');
  });

  it('may be as large as a message can be, in whatever envelope', async () => {
    const smq = await withSubscription('<NotifyContentFormat>JSON</NotifyContentFormat>');
    const body = '"'.repeat(65_536);
    expect((await publish(smq, `<MessageBody>${body}</MessageBody>`)).status).toBe(201);
    const [received] = await smq.service.receive('q');
    expect(JSON.parse(received?.body ?? '')).toMatchObject({ Message: body });
  });

  it('comes only with the tag that the subscription filters for', async () => {
    const smq = await withSubscription(
      '<FilterTag>red</FilterTag><NotifyContentFormat>SIMPLIFIED</NotifyContentFormat>',
    );
    await publish(smq, '<MessageBody>none</MessageBody>');
    await publish(smq, '<MessageBody>blue</MessageBody><MessageTag>blue</MessageTag>');
    await publish(smq, '<MessageBody>red</MessageBody><MessageTag>red</MessageTag>');
    expect(smq.service.inspect('q').map(({ body }) => body)).toEqual(['red']);
  });
});

describe('subscriptions', () => {
  it('answer 204 for the same again and 409 for another', async () => {
    const smq = await withSubscription('<FilterTag>a</FilterTag>');
    const path = '/topics/t/subscriptions/s';
    const body = (tag: string) =>
      `<Subscription><Endpoint>acs:mns:any:any:queues/q</Endpoint><FilterTag>${tag}</FilterTag></Subscription>`;
    const same = await send(smq, 'PUT', path, { body: body('a') });
    expect(same.status).toBe(204);
    expect(same.headers.location).toBe(`${smq.url}${path}`);
    expect(errorOf(await send(smq, 'PUT', path, { body: body('b') }))).toBe(
      '409 SubscriptionAlreadyExist',
    );
  });

  it('show their attributes, change their strategy, are listed and deleted', async () => {
    const smq = await withSubscription('<FilterTag>a</FilterTag>');
    const path = '/topics/t/subscriptions/s';
    const set = await send(smq, 'PUT', `${path}?metaoverride=true`, {
      body: '<Subscription><NotifyStrategy>EXPONENTIAL_DECAY_RETRY</NotifyStrategy></Subscription>',
    });
    expect(set.status).toBe(204);
    const { text } = await send(smq, 'GET', path);
    expect(textOf(text, 'NotifyStrategy')).toBe('EXPONENTIAL_DECAY_RETRY');
    expect(textOf(text, 'FilterTag')).toBe('a');
    expect(textOf(text, 'NotifyContentFormat')).toBe('XML');
    const list = await send(smq, 'GET', '/topics/t/subscriptions');
    expect(textOf(list.text, 'SubscriptionURL')).toBe(`${smq.url}${path}`);
    expect(list.text).not.toContain('NextMarker');
    expect((await send(smq, 'DELETE', path)).status).toBe(204);
    expect(errorOf(await send(smq, 'GET', path))).toBe('404 SubscriptionNotExist');
  });

  it('refuse endpoints, tags, strategies and formats that are none', async () => {
    const smq = await smqServer();
    await smq.service.createTopic('t');
    const put = (content: string) =>
      send(smq, 'PUT', '/topics/t/subscriptions/s', {
        body: `<Subscription>${content}</Subscription>`,
      });
    const queue = '<Endpoint>acs:mns:r:1:queues/q</Endpoint>';
    expect(errorOf(await put(''))).toBe('400 EndpointInvalid');
    for (const endpoint of [
      '',
      'ftp://x',
      'http://',
      'acs:mns:r:1:topics/q',
      'acs:mns:r:1:queues/',
    ])
      expect(errorOf(await put(`<Endpoint>${endpoint}</Endpoint>`))).toBe('400 EndpointInvalid');
    for (const content of [
      '<FilterTag>12345678901234567</FilterTag>',
      '<FilterTag></FilterTag>',
      '<NotifyStrategy>NEVER</NotifyStrategy>',
      '<NotifyContentFormat>YAML</NotifyContentFormat>',
    ])
      expect(errorOf(await put(queue + content))).toBe('400 InvalidArgument');
  });

  it('to mail and SMS are accepted, and their text is recorded', async () => {
    const smq = await smqServer();
    await smq.service.createTopic('t');
    await smq.service.subscribe('t', 'm', {
      endpoint: 'mail:directmail:a@example.com',
      notifyContentFormat: 'SIMPLIFIED',
    });
    await publish(smq, '<MessageBody>hi</MessageBody>');
    expect(smq.service.deliveries()).toMatchObject([
      { state: 'recorded', endpoint: 'mail:directmail:a@example.com', text: 'hi' },
    ]);
  });
});

describe('names', () => {
  it('of queues, topics and subscriptions may begin with a digit and have 120 characters', async () => {
    const { service } = await smqServer();
    const name = `1${'a'.repeat(119)}`;
    await service.createQueue(name);
    await service.createTopic(name);
    await service.subscribe(name, name, { endpoint: `acs:mns:any:any:queues/${name}` });
    expect(service.listSubscriptions(name).items).toMatchObject([{ name, topic: name }]);
    const refused = { code: 'SubscriptionNameInvalid' };
    const endpoint = 'http://127.0.0.1/';
    await expect(service.subscribe(name, `${name}a`, { endpoint })).rejects.toMatchObject(refused);
  });
});

describe('topics', () => {
  it('are created once, described, and gone with their subscriptions when deleted', async () => {
    const smq = await withSubscription('');
    const put = (size: number) =>
      send(smq, 'PUT', '/topics/t', {
        body: `<Topic><MaximumMessageSize>${size}</MaximumMessageSize></Topic>`,
      });
    expect((await put(65_536)).status).toBe(204);
    expect(errorOf(await put(1024))).toBe('409 TopicAlreadyExist');
    const { text } = await send(smq, 'GET', '/topics/t');
    expect(textOf(text, 'MessageRetentionPeriod')).toBe('86400');
    expect((await send(smq, 'DELETE', '/topics/t')).status).toBe(204);
    expect((await send(smq, 'DELETE', '/topics/t')).status).toBe(204);
    expect(errorOf(await send(smq, 'GET', '/topics/t/subscriptions'))).toBe('404 TopicNotExist');
    await smq.service.createTopic('t');
    expect(smq.service.listSubscriptions('t').items).toEqual([]);
  });

  it('notify listeners of each publication, until they are removed', async () => {
    const smq = await smqServer();
    await smq.service.createTopic('t');
    const heard: string[] = [];
    const end = smq.service.onPublish('t', ({ body, tag }) => heard.push(`${body} ${tag}`));
    await smq.service.publish('t', { body: 'one', tag: 'x' });
    end();
    await smq.service.publish('t', { body: 'two' });
    expect(heard).toEqual(['one x']);
  });
});
