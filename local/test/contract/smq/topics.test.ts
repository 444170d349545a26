import { describe, expect, it } from 'vitest';
import { element, elements, isRemote, message, smqTarget } from './target.ts';

describe('topics', () => {
  it('are created, described, changed, listed and deleted', async () => {
    const smq = await smqTarget();
    const name = await smq.topic();
    const again = await smq.call('PUT', `/topics/${name}`, { body: '<Topic/>' });
    expect(again.status).toBe(204);
    const set = await smq.call('PUT', `/topics/${name}?metaoverride=true`, {
      body: '<Topic><MaximumMessageSize>2048</MaximumMessageSize></Topic>',
    });
    expect(set.status).toBe(204);
    const { text } = await smq.call('GET', `/topics/${name}`);
    expect(element(text, 'MaximumMessageSize')).toBe('2048');
    const other = await smq.call('PUT', `/topics/${name}`, { body: '<Topic/>' });
    expect([other.status, element(other.text, 'Code')]).toEqual([409, 'TopicAlreadyExist']);
    const list = await smq.call('GET', '/topics', { headers: { 'x-mns-prefix': name } });
    expect(element(list.text, 'TopicURL')).toMatch(new RegExp(`/topics/${name}$`));
    expect((await smq.call('DELETE', `/topics/${name}`)).status).toBe(204);
    expect((await smq.call('GET', `/topics/${name}`)).status).toBe(404);
  });
});

describe('a subscription', () => {
  it('is made once, described, changed, listed and ended', async () => {
    const smq = await smqTarget();
    const path = `/topics/${await smq.topic()}/subscriptions/s`;
    const put = (tag: string) =>
      smq.call('PUT', path, {
        body: `<Subscription><Endpoint>http://127.0.0.1:1/</Endpoint><FilterTag>${tag}</FilterTag></Subscription>`,
      });
    expect((await put('a')).status).toBe(201);
    expect((await put('a')).status).toBe(204);
    const other = await put('b');
    expect([other.status, element(other.text, 'Code')]).toEqual([409, 'SubscriptionAlreadyExist']);
    const set = await smq.call('PUT', `${path}?metaoverride=true`, {
      body: '<Subscription><NotifyStrategy>EXPONENTIAL_DECAY_RETRY</NotifyStrategy></Subscription>',
    });
    expect(set.status).toBe(204);
    const { text } = await smq.call('GET', path);
    expect(element(text, 'NotifyStrategy')).toBe('EXPONENTIAL_DECAY_RETRY');
    expect(element(text, 'FilterTag')).toBe('a');
    const list = await smq.call('GET', path.slice(0, -2));
    expect(list.text).toContain('SubscriptionURL');
    expect((await smq.call('DELETE', path)).status).toBe(204);
    const gone = await smq.call('GET', path);
    expect([gone.status, element(gone.text, 'Code')]).toEqual([404, 'SubscriptionNotExist']);
  });

  it.runIf(!isRemote || process.env.SMQ_CONTRACT_ACCOUNT_ID)(
    'brings what is published to its queue, by tag',
    async () => {
      const smq = await smqTarget();
      const [topic, queue] = [await smq.topic(), await smq.queue()];
      const region = new URL(smq.endpoint).hostname.split('.')[2]?.replace(/-internal$/, '') ?? 'r';
      const account = process.env.SMQ_CONTRACT_ACCOUNT_ID ?? '1';
      await smq.call('PUT', `/topics/${topic}/subscriptions/s`, {
        body: `<Subscription><Endpoint>acs:mns:${region}:${account}:queues/${queue}</Endpoint><FilterTag>red</FilterTag><NotifyContentFormat>JSON</NotifyContentFormat></Subscription>`,
      });
      const publish = (tag: string) =>
        smq.call('POST', `/topics/${topic}/messages`, {
          body: message(tag, `<MessageTag>${tag}</MessageTag>`),
        });
      await publish('blue');
      const published = await publish('red');
      expect(published.status).toBe(201);
      expect(elements(published.text)).toEqual(['Message', 'MessageId', 'MessageBodyMD5']);
      const received = await smq.call('GET', `/queues/${queue}/messages?waitseconds=10`);
      const body = element(received.text, 'MessageBody').replaceAll('&quot;', '"');
      expect(JSON.parse(body)).toMatchObject({
        Message: 'red',
        MessageTag: 'red',
        TopicName: topic,
        SubscriptionName: 's',
        MessageId: element(published.text, 'MessageId'),
      });
    },
  );
});
