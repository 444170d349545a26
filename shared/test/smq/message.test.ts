import { describe, expect, it } from 'vitest';
import { oddServer, reply } from '#test/odd-server';
import { clientOf, localSmq } from './local-smq.ts';

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
  it('of a batch may be exactly the limit, and not one byte more', async () => {
    const { client, orders } = await localSmq();
    const queue = client.queue('orders');
    // & takes five bytes.
    const batch = (bytes: number) => [
      { body: '&'.repeat(6000) },
      { body: 'x'.repeat(bytes - 30_000) },
    ];
    await expect(queue.sendBatch(batch(65_537))).rejects.toMatchObject({
      code: 'PayloadTooLarge',
      message: expect.stringMatching(/^Batch of 2 message bodies takes 65537 bytes/),
    });
    expect(orders.messages()).toEqual([]);
    const results = await queue.sendBatch(batch(65_536));
    expect(results.map(({ ok }) => ok)).toEqual([true, true]);
    expect(orders.messages()).toHaveLength(2);
  });

  for (const [what, body] of Object.entries(tooLarge)) {
    it(`counts ${what}`, async () => {
      const { client, orders } = await localSmq();
      const error = {
        name: 'InvalidInputError',
        code: 'PayloadTooLarge',
        status: 413,
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

  it('more than 50 user properties, or a number that is not finite, are refused', async () => {
    const { client } = await localSmq();
    const queue = client.queue('orders');
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`p${index}`, index]));
    await expect(queue.send('x', { userProperties: many })).rejects.toMatchObject({
      code: 'TooManyUserProperties',
    });
    const { p50: _, ...fifty } = many;
    await queue.send('x', { userProperties: fifty });
    expect((await queue.receive())?.userProperties).toEqual(fifty);
    await expect(queue.send('x', { userProperties: { ratio: Number.NaN } })).rejects.toMatchObject({
      code: 'InvalidUserProperty',
    });
  });

  it.each(['', '.a', 'a.', '.', 'a b', 'ä', 'a/b', 'x'.repeat(257)])(
    'a user property named %j is refused',
    async (name) => {
      const { client, orders } = await localSmq();
      const userProperties = { [name]: 'x' };
      const error = {
        code: 'InvalidUserProperty',
        message: expect.stringContaining(
          `is named ${JSON.stringify(name.slice(0, 256))}: use 1 to 256 letters, digits, `,
        ),
      };
      await expect(client.queue('orders').send('x', { userProperties })).rejects.toMatchObject(
        error,
      );
      await expect(client.topic('news').publish('x', { userProperties })).rejects.toMatchObject(
        error,
      );
      expect(orders.messages()).toEqual([]);
    },
  );

  it.each<[string, string | Uint8Array]>([
    ['4,097 characters', 'x'.repeat(4097)],
    ['3,073 bytes, which are 4,100 in base64', Buffer.alloc(3073)],
  ])('a user property of %s is refused', async (_, value) => {
    const { client } = await localSmq();
    await expect(
      client.queue('orders').send('x', { userProperties: { value } }),
    ).rejects.toMatchObject({
      code: 'InvalidUserProperty',
      message: expect.stringMatching(/has 4(097|100) characters: give 4096 at most/),
    });
  });

  it('user properties of exactly the limits arrive unchanged', async () => {
    const { client } = await localSmq();
    const userProperties = {
      ['x'.repeat(256)]: '大'.repeat(4096),
      bytes: Buffer.alloc(3072, 7),
      'a.b_c-1': true,
      no: false,
      number: -1.5e300,
    };
    await client.queue('orders').send('x', { userProperties });
    expect((await client.queue('orders').receive())?.userProperties).toEqual(userProperties);
  });
});

it.each([
  ['BOOLEAN', 'true', true],
  ['Boolean', 'False', false],
  ['BOOLEAN', 'yes', 'yes'],
  ['Number', '1.50', '1.50'],
  ['NUMBER', '1.5', 1.5],
  ['NUMBER', '12345678901234567890', '12345678901234567890'],
  ['String', 'true', 'true'],
  ['Binary', 'AQI=', Buffer.from([1, 2])],
])('a received property of type %s and value %j is %j', async (type, value, expected) => {
  const property = `<PropertyValue><Name>p</Name><Value>${value}</Value><Type>${type}</Type></PropertyValue>`;
  const fields = {
    MessageId: 'A',
    MessageBody: 'x',
    MessageBodyMD5: 'B',
    ReceiptHandle: 'h',
    EnqueueTime: 1,
    FirstDequeueTime: 1,
    NextVisibleTime: 2,
    DequeueCount: 1,
    Priority: 8,
  };
  const content = Object.entries(fields).map(([name, one]) => `<${name}>${one}</${name}>`);
  const url = await oddServer(
    reply(
      200,
      { 'content-type': 'text/xml' },
      `<Messages xmlns="x"><Message>${content.join('')}<UserProperties>${property}</UserProperties></Message></Messages>`,
    ),
  );
  const message = await clientOf(url).queue('orders').receive();
  expect(message?.userProperties).toEqual({ p: expected });
});
