import { describe, expect, it } from 'vitest';
import { localSmq } from './local-smq.ts';

describe('characters', () => {
  const forbidden = {
    'U+0000': ['a\u0000', 1],
    'U+0008': ['\u0008', 0],
    'U+000B': ['ab\u000bc', 2],
    'U+001F': ['\n\t\u001f', 2],
    'U+D83D': ['half an emoji \ud83d', 14],
    'U+DE00': ['\ude00', 0],
    'U+FFFE': ['😀\ufffe', 2],
    'U+FFFF': ['\uffff', 0],
  } as const;
  for (const [name, [body, index]] of Object.entries(forbidden)) {
    it(`${name} is refused in a body, by name and place, and nothing is sent`, async () => {
      const { client, orders } = await localSmq();
      const message = `Message body has ${name} at index ${index}, which SMQ's XML cannot carry`;
      const error = expect.objectContaining({
        name: 'InvalidInputError',
        code: 'InvalidCharacter',
        message: expect.stringContaining(message),
      });
      const queue = client.queue('orders');
      await expect(queue.send(body)).rejects.toEqual(error);
      await expect(queue.sendBatch([{ body: 'good' }, { body }])).rejects.toEqual(error);
      await expect(client.topic('news').publish(body)).rejects.toEqual(error);
      expect(orders.messages()).toEqual([]);
    });
  }

  it('are refused in tags and properties too', async () => {
    const { client } = await localSmq();
    const wrong = { code: 'InvalidCharacter' };
    const [queue, topic] = [client.queue('orders'), client.topic('news')];
    await expect(topic.publish('x', { tag: '\u0001' })).rejects.toMatchObject(wrong);
    await expect(queue.send('x', { userProperties: { name: '\u0001' } })).rejects.toMatchObject(
      wrong,
    );
    await expect(queue.send('x', { userProperties: { '\u0001': 'value' } })).rejects.toMatchObject(
      wrong,
    );
  });
});

describe('size', () => {
  const tooLarge = {
    'bytes of UTF-8, not characters': '中'.repeat(21_846),
    'what markup takes when escaped': '<'.repeat(16_385),
    'a byte over': 'x'.repeat(65_537),
  };
  for (const [what, body] of Object.entries(tooLarge)) {
    it(`counts ${what}`, async () => {
      const { client, orders } = await localSmq();
      const error = {
        name: 'InvalidInputError',
        code: 'PayloadTooLarge',
        message: expect.stringMatching(
          /^Message body takes 655\d\d bytes as escaped UTF-8, over SMQ's limit of 65536: .*claim check/,
        ),
      };
      await expect(client.queue('orders').send(body)).rejects.toMatchObject(error);
      await expect(client.topic('news').publish(body)).rejects.toMatchObject(error);
      expect(orders.messages()).toEqual([]);
    });
  }
});

describe('options', () => {
  it('out of range are refused with the range', async () => {
    const { client } = await localSmq();
    const queue = client.queue('orders');
    for (const options of [
      { priority: 0 },
      { priority: 17 },
      { delaySeconds: -1 },
      { delaySeconds: 604_801 },
    ])
      await expect(queue.send('x', options)).rejects.toMatchObject({ code: 'InvalidArgument' });
    await expect(queue.changeVisibility('handle', 0)).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: 'seconds is 0: give a whole number from 1 to 43200',
    });
  });

  it('more than 50 user properties, or a number that is none, are refused', async () => {
    const { client } = await localSmq();
    const queue = client.queue('orders');
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`p${index}`, index]));
    await expect(queue.send('x', { userProperties: many })).rejects.toMatchObject({
      code: 'TooManyUserProperties',
    });
    await expect(queue.send('x', { userProperties: { ratio: Number.NaN } })).rejects.toMatchObject({
      code: 'InvalidUserProperty',
    });
  });
});
