import { describe, expect, it } from 'vitest';
import { element, elements, smqTarget } from './target.ts';

describe('queues', () => {
  it('are created once: the same again is 204, another is 409, both creates have the location', async () => {
    const smq = await smqTarget();
    const name = smq.name('queues');
    const put = (seconds: number) =>
      smq.call('PUT', `/queues/${name}`, {
        body: `<Queue><VisibilityTimeout>${seconds}</VisibilityTimeout></Queue>`,
      });
    const created = await put(60);
    expect(created.status).toBe(201);
    expect(created.headers.location).toMatch(new RegExp(`^http://.+/queues/${name}$`));
    const again = await put(60);
    expect([again.status, again.headers.location, again.text]).toEqual([
      204,
      created.headers.location,
      '',
    ]);
    const other = await put(61);
    expect([other.status, element(other.text, 'Code')]).toEqual([409, 'QueueAlreadyExist']);
  });

  it('take attributes, show them in order, and keep those that a change does not name', async () => {
    const smq = await smqTarget();
    const name = await smq.queue('<DelaySeconds>3</DelaySeconds>');
    const set = await smq.call('PUT', `/queues/${name}?metaoverride=true`, {
      body: '<Queue><PollingWaitSeconds>2</PollingWaitSeconds></Queue>',
    });
    expect(set.status).toBe(204);
    const { status, text } = await smq.call('GET', `/queues/${name}`);
    expect(status).toBe(200);
    expect(text).toMatch(
      /^<\?xml version="1\.0" \?>\n<Queue xmlns="http:\/\/mns\.aliyuncs\.com\/doc\/v1">\n {2}</,
    );
    expect(elements(text).slice(0, 12)).toEqual([
      'Queue',
      'QueueName',
      'DelaySeconds',
      'MaximumMessageSize',
      'MessageRetentionPeriod',
      'VisibilityTimeout',
      'CreateTime',
      'LastModifyTime',
      'PollingWaitSeconds',
      'ActiveMessages',
      'InactiveMessages',
      'DelayMessages',
    ]);
    expect(element(text, 'DelaySeconds')).toBe('3');
    expect(element(text, 'PollingWaitSeconds')).toBe('2');
    expect(element(text, 'MessageRetentionPeriod')).toBe('345600');
  });

  it('are listed by prefix, in pages', async () => {
    const smq = await smqTarget();
    const name = smq.name('queues');
    for (const queue of [name, `${name}-2`])
      await smq.call('PUT', `/queues/${queue}`, { body: '<Queue/>' });
    const list = (headers: Record<string, string>) =>
      smq.call('GET', '/queues', { headers: { 'x-mns-prefix': name, ...headers } });
    const first = await list({ 'x-mns-ret-number': '1' });
    expect(element(first.text, 'QueueURL')).toMatch(new RegExp(`/queues/${name}$`));
    const marker = element(first.text, 'NextMarker');
    const second = await list({ 'x-mns-ret-number': '1', 'x-mns-marker': marker });
    expect(element(second.text, 'QueueURL')).toMatch(new RegExp(`/queues/${name}-2$`));
    expect(second.text).not.toContain('NextMarker');
    expect((await smq.call('DELETE', `/queues/${name}-2`)).status).toBe(204);
  });

  it('are deleted, and again', async () => {
    const smq = await smqTarget();
    const name = await smq.queue();
    expect((await smq.call('DELETE', `/queues/${name}`)).status).toBe(204);
    expect((await smq.call('DELETE', `/queues/${name}`)).status).toBe(204);
    expect((await smq.call('GET', `/queues/${name}`)).status).toBe(404);
  });
});

it('account attributes are shown', async () => {
  const smq = await smqTarget();
  const { status, text } = await smq.call('GET', '/?accountmeta=true');
  expect(status).toBe(200);
  expect(elements(text)[0]).toBe('Account');
});
