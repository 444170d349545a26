import { expect, it } from 'vitest';
import { drain } from '#src/consume/drain';
import { ossQuarantine } from '#src/consume/quarantine';
import { queueOf } from './queue-of.ts';

it('keeps the group of a quarantined message, its texts and numbers as they are, and bytes as base64', async () => {
  const { queue, options, bucket, objects } = await queueOf([]);
  const userProperties = { text: 'x', count: 3, isNew: true, bytes: Buffer.from([0, 255]) };
  await queue.send('no JSON', { messageGroupId: 'customer 7', userProperties });
  await drain(queue, { ...options(), quarantine: ossQuarantine(bucket) });
  const [key = ''] = await objects('quarantine/q/');
  const entry = JSON.parse(String((await bucket.getObject(key)).body));
  expect(entry).toMatchObject({
    messageGroupId: 'customer 7',
    userProperties: { text: 'x', count: 3, isNew: true, bytes: { base64: 'AP8=' } },
  });
});
