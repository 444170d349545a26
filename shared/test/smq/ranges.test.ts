import { expect, it } from 'vitest';
import { type Call, on } from './call.ts';

const endpoint = 'http://127.0.0.1/';
const bad = 'InvalidArgument';
const range = (name: string, low: number, high: number, call: (value: number) => Call) =>
  [low - 1, low, high, high + 1, low + 0.5].map(
    (value, index) => [name, value, index === 1 || index === 2, call(value)] as const,
  );

/** Each option's documented range: a value outside is refused before anything is sent. */
const RANGES = [
  ...range(
    'max of a list',
    1,
    1000,
    (max) =>
      ({ client }) =>
        client.listQueues({ max }),
  ),
  ...range(
    'max of a receive',
    1,
    16,
    (max) =>
      ({ queue }) =>
        queue.receiveBatch({ max }),
  ),
  ...range(
    'max of a peek',
    1,
    16,
    (max) =>
      ({ queue }) =>
        queue.peekBatch(max),
  ),
  ...range(
    'waitSeconds',
    0,
    30,
    (waitSeconds) =>
      ({ queue }) =>
        queue.receive({ waitSeconds }),
  ),
  ...range(
    'seconds',
    1,
    43_200,
    (seconds) =>
      ({ queue }) =>
        queue.changeVisibility('h', seconds),
  ),
  ...range(
    'priority',
    1,
    16,
    (priority) =>
      ({ queue }) =>
        queue.send('x', { priority }),
  ),
  ...range(
    'delaySeconds of a message',
    0,
    604_800,
    (delaySeconds) =>
      ({ queue }) =>
        queue.send('x', { delaySeconds }),
  ),
  ...(
    [
      ['delaySeconds', 0, 604_800],
      ['maximumMessageSize', 1024, 65_536],
      ['messageRetentionPeriod', 60, 604_800],
      ['visibilityTimeout', 1, 43_200],
      ['pollingWaitSeconds', 0, 30],
    ] as const
  ).flatMap(([name, low, high]) =>
    range(
      name,
      low,
      high,
      (value) =>
        ({ queue }) =>
          queue.setAttributes({ [name]: value }),
    ),
  ),
  ...range(
    'maximumMessageSize of a topic',
    1024,
    65_536,
    (maximumMessageSize) =>
      ({ topic }) =>
        topic.setAttributes({ maximumMessageSize }),
  ),
];

it.each(RANGES)('%s of %d is within its range: %s', async (name, value, isGood, call) => {
  const [option] = name.split(' ');
  const message = expect.stringMatching(`^${option} is ${value}: give a whole number from `);
  await expect(call(on('http://127.0.0.1:1'))).rejects.toMatchObject(
    isGood ? { code: 'ConnectionFailed' } : { code: bad, message },
  );
});

it.each([
  [0, 'InvalidBatchSize'],
  [1, 'ConnectionFailed'],
  [16, 'ConnectionFailed'],
  [17, 'InvalidBatchSize'],
])('a batch of %i: %s', async (count, code) => {
  const { queue } = on('http://127.0.0.1:1');
  const items = Array.from({ length: count }, () => 'x');
  await expect(queue.sendBatch(items.map((body) => ({ body })))).rejects.toMatchObject({ code });
  await expect(queue.deleteBatch(items)).rejects.toMatchObject({ code });
});

it.each([
  ['', 'InvalidTag'],
  ['x', 'ConnectionFailed'],
  ['x'.repeat(16), 'ConnectionFailed'],
  ['x'.repeat(17), 'InvalidTag'],
])('a tag %j: %s', async (tag, code) => {
  const { topic } = on('http://127.0.0.1:1');
  await expect(topic.publish('x', { tag })).rejects.toMatchObject({ code });
  await expect(topic.subscribe('s', { endpoint, filterTag: tag })).rejects.toMatchObject({ code });
});

it.each(['prefix', 'marker'])('refuses a %s that no header can carry', async (name) => {
  const { client } = on('http://127.0.0.1:1');
  for (const value of ['ä', 'a\nb', '\u007f'])
    await expect(client.listTopics({ [name]: value })).rejects.toMatchObject({ code: bad });
});
