import { describe, expect, it } from 'vitest';
import type { FunctionSpec, RoleSpec, TriggerSpec } from '#src/project/types';
import { parseXml } from '#src/xml/parse';
import { linkOf, seen, startTestConsole } from './fixture.ts';

const QUEUE = 'acs:mns:*:*:/queues/orders/messages';

function role(name: string, action: string, resource: string): RoleSpec {
  const trust = {
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['fc.aliyuncs.com'] } },
    ],
  };
  const document = {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: [action], Resource: [resource] }],
  };
  return { name, trust, policies: [{ name: 'p', document }] };
}

const OSS_TRIGGER: TriggerSpec = {
  type: 'oss',
  name: 'o',
  source: 's.yaml:9',
  bucket: 'photos',
  events: ['oss:ObjectCreated:*'],
  prefix: 'in/',
  suffix: '.jpg',
};

async function startAccount() {
  const test = await startTestConsole([role('sender', 'mns:SendMessage', QUEUE)]);
  const { smq } = test;
  const endpoint = 'acs:mns:cn-hangzhou:1234567890:queues/orders';
  await smq.subscribe('news', 'to-orders', { endpoint, filterTag: 'urgent' });
  await smq.setDeadLetter('orders', { queue: 'dead', maxReceiveCount: 3 });
  const deploy = (spec: Partial<FunctionSpec> = {}) =>
    test.deploy(
      'exports.handler = async (e) => { if (String(e) === "fail") throw new Error("no"); };',
      {
        role: 'sender',
        triggers: [OSS_TRIGGER],
        ...spec,
      },
    );
  const asked = (session: string, action: string, resource: string) => {
    const { accessKeyId } = test.identities.assumeRole({
      role: 'sender',
      sessionName: session,
      durationSeconds: 900,
    });
    const key = test.identities.findAccessKey(accessKeyId);
    if (!key) throw new Error('no key');
    return test.identities.authorize(key, { action, resource });
  };
  const sentences = async () =>
    /<desc[^>]*>(.*?)<\/desc>/s.exec((await test.get('/map')).text)?.[1];
  return { ...test, deployed: deploy, asked, sentences };
}

describe('the map', () => {
  it('shows resources, their connections, and waiting messages', async () => {
    const { get, deployed, smq, runtime, store, sentences } = await startAccount();
    await deployed();
    await smq.send('orders', { body: 'a' });
    await store('in/a.jpg', 'x');
    await runtime.invoke('sample', Buffer.from('fail'));
    const page = await get('/map');
    expect(seen(page)).toContain('queue orders: 1 active');
    expect(seen(page)).toContain('bucket photos: 1 object');
    expect(seen(page)).toMatch(
      /function sample: [12] of [12] failed|function sample: 1 of 2 failed/,
    );
    expect(linkOf(page, 'orders')).toBe('/queues/orders');
    const said = await sentences();
    expect(said).toContain('bucket photos → function sample (in/*.jpg)');
    expect(said).toContain('topic news → queue orders (tag urgent)');
    expect(said).toContain('queue orders → queue dead (dead letters, after 3)');
    expect(said).toContain('function sample → queue orders (may, sends)');
    expect(page.text).toMatch(/<a href="\/queues\/orders"><g class="node queue"/);
    expect(page.text).toMatch(/<a href="\/functions\/sample"><g class="node function bad"/);
  });

  it('marks a dead-letter queue that is not empty', async () => {
    const { get, smq } = await startAccount();
    expect((await get('/map')).text).toContain('<g class="node queue" ');
    await smq.send('dead', { body: 'a' });
    expect((await get('/map')).text).toContain('<g class="node queue bad" ');
  });

  it('shows observed instead of permitted uses, and refusals', async () => {
    const { deployed, asked, sentences } = await startAccount();
    await deployed();
    asked('r-1', 'mns:SendMessage', 'acs:mns:cn-hangzhou:1234567890:/queues/orders/messages');
    asked('r-1', 'mns:SendMessage', 'acs:mns:cn-hangzhou:1234567890:/queues/orders/messages');
    asked('r-1', 'oss:GetObject', 'acs:oss:*:1234567890:photos/secret/a');
    const said = await sentences();
    expect(said).toContain('function sample → queue orders (sends 2)');
    expect(said).not.toContain('(may, sends)');
    expect(said).toContain('bucket photos → function sample (reads 1 refused)');
  });

  it('gives what a role of several functions did to the one whose invocation it was', async () => {
    const { deployed, asked, sentences, runtime } = await startAccount();
    await deployed();
    await deployed({ name: 'other', resource: 'other', triggers: [] });
    const resource = 'acs:mns:cn-hangzhou:1234567890:/queues/orders/messages';
    asked('req-1', 'mns:SendMessage', resource);
    expect(await sentences()).not.toContain('sends 1');
    await runtime.invoke('other', Buffer.from('x'), { requestId: 'req-1' });
    asked('req-1', 'mns:SendMessage', resource);
    const said = await sentences();
    expect(said).toContain('function other → queue orders (sends 2)');
    expect(said).not.toContain('function sample → queue orders (sends');
  });

  it('is a picture by itself, in light and dark, that is XML whatever the names are', async () => {
    const { get, deployed, smq } = await startAccount();
    const odd = `<b>"&'\u202e]]>\u0000${'汉'.repeat(200)}`;
    await deployed({ name: 'odd', resource: odd });
    await smq.subscribe('news', 'web', { endpoint: 'http://127.0.0.1:1/?a=<b>&c="' });
    await smq.createTopic('t'.repeat(120));
    const { text, headers } = await get('/map.svg');
    expect(headers['content-type']).toBe('image/svg+xml; charset=utf-8');
    expect(parseXml(Buffer.from(text)).name).toBe('svg');
    expect(text).toContain('@media (prefers-color-scheme: dark)');
    expect(text).not.toMatch(/<b>|\u202e|<script/);
    expect(text).not.toContain('\0');
    for (const [, shown = ''] of text.matchAll(/class="name"[^>]*>([^<]*)</g))
      expect(shown.replace(/&[^;]+;/g, 'x').length).toBeLessThanOrEqual(20);
    const page = await get('/map');
    expect(page.text).not.toMatch(/<b>|\u202e/);
    expect(page.text).not.toContain('\0');
    expect(page.text).not.toContain('<style');
  });

  it('draws three hundred things at most, those that are connected first', async () => {
    const { get, smq } = await startAccount();
    for (let nth = 0; nth < 320; nth++) await smq.createQueue(`a-${nth}`);
    const page = await get('/map');
    expect(page.text.match(/class="node /g)).toHaveLength(300);
    expect(seen(page)).toContain('24 more are not drawn.');
    expect(seen(page)).toContain('queue orders');
  });

  it('is a picture also of an account with nothing in it', async () => {
    const { get, smq, oss } = await startTestConsole();
    for (const name of ['orders', 'dead']) await smq.deleteQueue(name);
    await smq.deleteTopic('news');
    await oss.buckets.remove('photos');
    const { status, text } = await get('/map.svg');
    expect([status, parseXml(Buffer.from(text)).name]).toEqual([200, 'svg']);
  });
});
