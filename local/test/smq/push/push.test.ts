import { createHash, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SubscriptionInput } from '#src/smq/core/subscription';
import { until } from '#src/testing/until';
import { httpEndpoint, type Posted } from '../endpoint.ts';
import { ACCOUNT, type Smq, smqServer } from '../helpers.ts';

async function subscribed(input: SubscriptionInput): Promise<Smq> {
  const smq = await smqServer();
  await smq.service.createTopic('t');
  await smq.service.subscribe('t', 's', input);
  return smq;
}

/** Checks a push as an endpoint in another language does, from the documented steps. */
async function isSigned({ method, path, headers }: Posted): Promise<boolean> {
  const certificateUrl = Buffer.from(
    String(headers['x-mns-signing-cert-url']),
    'base64',
  ).toString();
  const pem = await (await fetch(certificateUrl)).text();
  const mns = Object.keys(headers)
    .filter((name) => name.startsWith('x-mns-'))
    .sort()
    .map((name) => `${name}:${headers[name]}\n`)
    .join('');
  const text = `${method}\n${headers['content-md5']}\n${headers['content-type']}\n${headers.date}\n${mns}${path}`;
  const signature = Buffer.from(String(headers.authorization), 'base64');
  return verify('sha1', Buffer.from(text), new X509Certificate(pem).publicKey, signature);
}

describe('a push to an HTTP endpoint', () => {
  it.each([
    ['XML', 'text/xml;charset=utf-8', /^<\?xml .*<Message>a &lt;b&gt;<\/Message>/s],
    ['JSON', 'application/json;charset=utf-8', /^\{"TopicOwner":.*"Message":"a <b>"/],
    ['SIMPLIFIED', 'text/plain;charset=utf-8', /^a <b>$/],
    ['STREAM', 'text/plain;charset=utf-8', /^a <b>$/],
  ] as const)('in format %s is signed with the served certificate', async (format, type, body) => {
    const endpoint = await httpEndpoint();
    const url = `${endpoint.url}/hook?a=b`;
    const smq = await subscribed({ endpoint: url, notifyContentFormat: format });
    await smq.service.publish('t', { body: 'a <b>', tag: 'red' });
    await until(() => smq.service.deliveries().length === 0);
    const [posted] = endpoint.posted;
    if (!posted) throw new Error('nothing was posted');
    expect(posted).toMatchObject({
      method: 'POST',
      path: '/hook?a=b',
      headers: {
        'content-type': type,
        date: new Date(smq.clock.now()).toUTCString(),
        'x-mns-version': '2015-06-06',
      },
    });
    expect(posted.body).toMatch(body);
    const md5 = createHash('md5').update(posted.body).digest('hex');
    expect(posted.headers['content-md5']).toBe(Buffer.from(md5).toString('base64'));
    expect(await isSigned(posted)).toBe(true);
    expect(await isSigned({ ...posted, path: '/other' })).toBe(false);
  });

  it('says in headers what a body alone cannot', async () => {
    const endpoint = await httpEndpoint();
    const smq = await subscribed({ endpoint: endpoint.url, notifyContentFormat: 'SIMPLIFIED' });
    const { messageId, publishTime } = await smq.service.publish('t', { body: 'x', tag: 'é' });
    await until(() => endpoint.posted.length === 1);
    expect(endpoint.posted[0]).toMatchObject({
      path: '/notifications',
      headers: {
        'x-mns-message-id': messageId,
        'x-mns-message-tag': '%C3%A9',
        'x-mns-publish-time': String(publishTime),
        'x-mns-subscriber': ACCOUNT,
        'x-mns-subscription-name': 's',
        'x-mns-topic-name': 't',
        'x-mns-topic-owner': ACCOUNT,
      },
    });
  });

  it.each([304, 301, 403, 500])('that is answered %i is not taken', async (status) => {
    const endpoint = await httpEndpoint(status);
    const smq = await subscribed({ endpoint: endpoint.url });
    await smq.service.publish('t', { body: 'x' });
    await until(() => smq.service.deliveries()[0]?.failures === 1);
    expect(smq.service.deliveries()).toMatchObject([{ state: 'pending', failures: 1 }]);
    expect(endpoint.posted).toHaveLength(1);
  });

  it('has failed when there is no answer within 5 seconds, or no one there', async () => {
    const endpoint = await httpEndpoint();
    endpoint.answer(undefined);
    const smq = await subscribed({ endpoint: endpoint.url });
    await smq.service.subscribe('t', 'nobody', { endpoint: 'http://127.0.0.1:1/' });
    await smq.service.publish('t', { body: 'x' });
    await until(() => endpoint.posted.length === 1);
    await until(() => smq.service.deliveries()[1]?.failures === 1);
    await smq.clock.advance(4999);
    expect(smq.service.deliveries()[0]?.failures).toBe(0);
    await smq.clock.advance(1);
    await until(() => smq.service.deliveries()[0]?.failures === 1);
    expect(smq.service.deliveries().map(({ error }) => error)).toEqual([
      'no answer within 5 s',
      'connect ECONNREFUSED 127.0.0.1:1',
    ]);
  });

  it.each(['http://example.com/x', 'http://10.0.0.1/', 'http://[::2]/', 'https://example.com'])(
    'to %s stays here: it is kept as undeliverable',
    async (endpoint) => {
      const smq = await subscribed({ endpoint });
      await smq.service.publish('t', { body: 'x' });
      await until(() => smq.service.deliveries()[0]?.state === 'undeliverable');
      expect(smq.service.deliveries()[0]).toMatchObject({ endpoint, failures: 1 });
      expect(smq.service.deliveries()[0]?.error).toContain('is not on this machine');
    },
  );
});
