import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { element, elements, message, smqTarget, type Target } from './target.ts';

const post = (smq: Target, queue: string, body: string) =>
  smq.call('POST', `/queues/${queue}/messages`, { body });
const get = (smq: Target, queue: string, query = '') =>
  smq.call('GET', `/queues/${queue}/messages${query}`);
const remove = (smq: Target, queue: string, handle: string) =>
  smq.call('DELETE', `/queues/${queue}/messages?ReceiptHandle=${encodeURIComponent(handle)}`);
const md5 = (text: string) => createHash('md5').update(text).digest('hex').toUpperCase();

describe('a message', () => {
  it('is sent, peeked, received with a lease, and deleted', async () => {
    const smq = await smqTarget();
    const queue = await smq.queue();
    const sent = await post(smq, queue, message('1 &lt; 2'));
    expect(sent.status).toBe(201);
    expect(elements(sent.text)).toEqual(['Message', 'MessageId', 'MessageBodyMD5']);
    expect(element(sent.text, 'MessageBodyMD5')).toBe(md5('1 < 2'));
    const peeked = await get(smq, queue, '?peekonly=true');
    expect([peeked.status, element(peeked.text, 'DequeueCount')]).toEqual([200, '0']);
    expect(peeked.text).not.toMatch(/ReceiptHandle|NextVisibleTime/);
    const received = await get(smq, queue, '?waitseconds=5');
    expect(elements(received.text)).toEqual([
      'Message',
      'MessageId',
      'MessageBodyMD5',
      'MessageBody',
      'ReceiptHandle',
      'EnqueueTime',
      'FirstDequeueTime',
      'NextVisibleTime',
      'DequeueCount',
      'Priority',
    ]);
    expect(element(received.text, 'MessageId')).toBe(element(sent.text, 'MessageId'));
    expect(element(received.text, 'MessageBody')).toBe('1 &lt; 2');
    expect(element(received.text, 'Priority')).toBe('8');
    const empty = await get(smq, queue, '?waitseconds=0');
    expect([empty.status, element(empty.text, 'Code')]).toEqual([404, 'MessageNotExist']);
    const handle = element(received.text, 'ReceiptHandle');
    expect((await remove(smq, queue, handle)).status).toBe(204);
    const again = await remove(smq, queue, handle);
    expect([again.status, element(again.text, 'Code')]).toEqual([404, 'MessageNotExist']);
  });

  it('is visible again when its lease ends, its first dequeue time kept', async () => {
    const smq = await smqTarget();
    const queue = await smq.queue();
    await post(smq, queue, message('x'));
    const first = await get(smq, queue, '?waitseconds=5');
    const handle = encodeURIComponent(element(first.text, 'ReceiptHandle'));
    const changed = await smq.call(
      'PUT',
      `/queues/${queue}/messages?receiptHandle=${handle}&visibilityTimeout=1`,
    );
    expect(changed.status).toBe(200);
    expect(elements(changed.text)).toEqual([
      'ChangeVisibility',
      'ReceiptHandle',
      'NextVisibleTime',
    ]);
    const second = await get(smq, queue, '?waitseconds=5');
    expect(element(second.text, 'DequeueCount')).toBe('2');
    expect(element(second.text, 'FirstDequeueTime')).toBe(element(first.text, 'FirstDequeueTime'));
  });

  it('that is delayed has a handle, and waits', async () => {
    const smq = await smqTarget();
    const queue = await smq.queue();
    const sent = await post(smq, queue, message('x', '<DelaySeconds>60</DelaySeconds>'));
    expect(elements(sent.text)).toContain('ReceiptHandle');
    expect((await get(smq, queue, '?waitseconds=0')).status).toBe(404);
    expect(element((await smq.call('GET', `/queues/${queue}`)).text, 'DelayMessages')).toBe('1');
  });

  it('carries user properties', async () => {
    const smq = await smqTarget();
    const queue = await smq.queue();
    const property =
      '<UserProperties><PropertyValue><Name>n</Name><Value>v</Value><Type>STRING</Type></PropertyValue></UserProperties>';
    await post(smq, queue, message('x', property));
    const { text } = await get(smq, queue, '?waitseconds=5');
    expect(text.replace(/>\s+</g, '><')).toContain(property);
  });
});

describe('batches', () => {
  it('are sent, peeked, received and deleted', async () => {
    const smq = await smqTarget();
    const queue = await smq.queue();
    const sent = await post(smq, queue, `<Messages>${message('a')}${message('b')}</Messages>`);
    expect(sent.status).toBe(201);
    expect(elements(sent.text)[0]).toBe('Messages');
    const peeked = await get(smq, queue, '?peekonly=true&numOfMessages=16');
    expect([peeked.status, elements(peeked.text)[0]]).toEqual([200, 'Messages']);
    const handles: string[] = [];
    for (let tries = 0; handles.length < 2 && tries < 5; tries++) {
      const { text } = await get(smq, queue, '?numOfMessages=16&waitseconds=5');
      handles.push(...[...text.matchAll(/<ReceiptHandle>([^<]+)/g)].map(([, one = '']) => one));
    }
    const wanted = handles.map((one) => `<ReceiptHandle>${one}</ReceiptHandle>`).join('');
    const removed = () =>
      smq.call('DELETE', `/queues/${queue}/messages`, {
        body: `<ReceiptHandles>${wanted}</ReceiptHandles>`,
      });
    expect((await removed()).status).toBe(204);
    const again = await removed();
    expect(again.status).toBe(404);
    expect(elements(again.text).slice(0, 5)).toEqual([
      'Errors',
      'Error',
      'ErrorCode',
      'ErrorMessage',
      'ReceiptHandle',
    ]);
  });
});
