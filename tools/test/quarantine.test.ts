import { ossQuarantine, type QuarantineEntry } from 'fc-kit/consume';
import { OssClient } from 'fc-kit/oss';
import { checkIn, resolveClaim } from 'fc-kit/publish';
import { SmqClient } from 'fc-kit/smq';
import type { TestCloud } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { keptInQueue } from '#src/quarantine/dead-letters';
import { keptInBucket } from '#src/quarantine/entries';
import { redrive } from '#src/quarantine/redrive';
import { ordersQueue, templateCloud } from '#test/cloud';
import { run } from '#test/run';

/** Runs the sub-command on that cloud as a person does. */
function quarantine(cloud: TestCloud, ...args: string[]) {
  const { accessKey, accountId, region, environment } = cloud;
  const env = {
    ...environment,
    ALIBABA_CLOUD_ACCOUNT_ID: accountId,
    ALIBABA_CLOUD_REGION_ID: region,
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKey.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKey.accessKeySecret,
  };
  return run(['quarantine', ...args], { env });
}

/** Starts a cloud with these messages in quarantine. */
async function withEntries(...entries: Partial<QuarantineEntry>[]) {
  const cloud = await templateCloud({ functions: false });
  const where = { region: cloud.region, credentials: cloud.accessKey, env: cloud.environment };
  const bucket = new OssClient({ ...where, bucket: cloud.bucket().name });
  const smq = new SmqClient({ ...where, accountId: cloud.accountId });
  const store = ossQuarantine(bucket);
  const put = (entry: Partial<QuarantineEntry>, index = 0) =>
    store.put({
      messageId: `M${index}`,
      source: { kind: 'queue', name: ordersQueue(cloud) },
      body: `body ${index}`,
      userProperties: {},
      error: { name: 'InvalidInputError', code: 'InvalidJson', message: 'Body is not JSON' },
      issues: [],
      dequeueCount: 3,
      receivedAt: Date.parse('2026-01-02T03:04:05Z'),
      ...entry,
    });
  for (const [index, entry] of entries.entries()) await put(entry, index);
  const keys = async () => {
    const found: string[] = [];
    for await (const { place } of keptInBucket(bucket)) found.push(place);
    return found;
  };
  const queued = () => cloud.queue(ordersQueue(cloud)).messages();
  return { cloud, bucket, smq, keys, queued, put };
}

it('lists, shows and sends back what is in quarantine', async () => {
  const { cloud, bucket, queued, keys } = await withEntries(
    {},
    { userProperties: { n: 1, text: 'x' } },
  );
  await bucket.putObject('quarantine/x/no-entry.json', 'nonsense');

  const [list, show] = await Promise.all([
    quarantine(cloud, 'list'),
    quarantine(cloud, 'show', 'M1'),
  ]);
  expect(list.stdout).toMatch(
    /^2026-01-02T03:04:05 {2}M0 {2}fc-templates-orders {2}3x {2}InvalidJson: Body is not JSON$/m,
  );
  expect(list.stdout).toMatch(/^no-entry {2}.* is not JSON$/m);
  expect(list.stdout).toMatch(/^3 in quarantine$/m);

  expect(JSON.parse(show.stdout)).toMatchObject({ messageId: 'M1', body: 'body 1' });

  const one = await quarantine(cloud, 'redrive', 'M1', '--rate', '100');
  expect(one).toEqual({ code: 0, stdout: '1 sent back, 0 left in quarantine\n', stderr: '' });
  expect(queued()).toMatchObject([{ body: 'body 1', userProperties: [{ name: 'n' }, {}] }]);
  expect(await keys()).toEqual([expect.stringContaining('/M0.json'), 'quarantine/x/no-entry.json']);
});

it('sends back the text of bodies in base64 if asked to, and others unchanged', async () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const { cloud, queued } = await withEntries({ body: base64('{"n":1}') }, { body: '{"n":2}' });
  const redriven = await quarantine(cloud, 'redrive', '--rate', '100', '--decode');
  expect(redriven.code).toBe(0);
  expect(
    queued()
      .map(({ body }) => body)
      .toSorted(),
  ).toEqual(['{"n":1}', '{"n":2}']);
});

it('says in one line what is wrong', async () => {
  const { cloud } = await withEntries();
  const [unknown, round, missing, noBucket] = await Promise.all([
    quarantine(cloud, 'redrive', '--rate', '0'),
    quarantine(cloud, 'redrive', '--dead-letters', 'd', '--to', 'd'),
    quarantine(cloud, 'show', 'missing'),
    quarantine(cloud, 'list', '--bucket', 'no-such-bucket'),
  ]);
  expect(unknown.stderr).toBe('error: --rate is "0"; give a whole number from 1 to 1000\n');
  expect(round.stderr).toMatch(/^error: --to is "d", the queue that is read: .*\n$/);
  expect(missing.stderr).toMatch(/^error: there is no message "missing" in quarantine.*\n$/);
  expect(noBucket.stderr).toMatch(/^error: ListObjects .* NoSuchBucket.*\n$/);
  expect([unknown.code, round.code, missing.code, noBucket.code]).toEqual([2, 2, 2, 1]);
});

it('sends back at the rate that is given', async () => {
  const { bucket, smq, queued } = await withEntries({}, {}, {}, {});
  const pauses: number[] = [];
  let now = 0;
  const result = await redrive({ bucket, smq }, keptInBucket(bucket), {
    rate: 5,
    now: () => now,
    async sleep(ms) {
      pauses.push(ms);
      now += ms;
    },
  });
  expect(result).toEqual({ sent: 4, left: [] });
  expect(pauses).toEqual([0, 200, 200, 200]);
  expect(queued()).toHaveLength(4);
});

it('leaves messages from a topic, messages without a queue and objects that are no entries, and says why', async () => {
  const { bucket, smq, keys } = await withEntries(
    { source: { kind: 'topic', name: 'news' } },
    { source: { kind: 'queue', name: 'gone' } },
    {},
  );
  await bucket.putObject('quarantine/x/y.json', 'nonsense');
  const { sent, left } = await redrive({ bucket, smq }, keptInBucket(bucket), { rate: 1000 });
  expect(sent).toBe(1);
  expect(left).toMatchObject([
    { id: 'M1', reason: expect.stringContaining('QueueNotExist') },
    { id: 'M0', reason: expect.stringContaining('the topic "news"') },
    { id: 'y', reason: expect.stringContaining('is not JSON') },
  ]);
  expect(await keys()).toHaveLength(3);
});

it('sends messages to another queue if asked to, including a topic’s message', async () => {
  const { bucket, smq, keys, queued, cloud } = await withEntries({
    source: { kind: 'topic', name: 'news' },
  });
  const to = ordersQueue(cloud);
  const result = await redrive({ bucket, smq }, keptInBucket(bucket), { rate: 1000, to });
  expect(result).toEqual({ sent: 1, left: [] });
  expect([await keys(), queued()]).toMatchObject([[], [{ body: 'body 0' }]]);
});

/** Starts a cloud with two messages among the dead letters. */
async function withDeadLetters() {
  const made = await withEntries();
  const name = `${ordersQueue(made.cloud)}-dead`;
  const dead = made.smq.queue(name);
  const first = await dead.send('body 1', { userProperties: { n: 1 } });
  const second = await dead.send('body 2');
  const ids = [first.messageId, second.messageId];
  return { ...made, dead, ids, inDead: () => made.cloud.queue(name).messages() };
}

it('shows what is in a dead-letter queue', async () => {
  const { cloud, dead, ids } = await withDeadLetters();
  const [id = ''] = ids;
  const { stdout } = await quarantine(cloud, 'show', id, '--dead-letters', dead.name);
  expect(JSON.parse(stdout)).toEqual({
    place: `${dead.name}/${id}`,
    messageId: id,
    source: { kind: 'queue', name: 'unknown' },
    body: 'body 1',
    userProperties: { n: 1 },
    error: { name: 'DeadLetter', code: 'DeadLetter', message: 'SMQ or FC moved it here' },
    issues: [],
    dequeueCount: 1,
    receivedAt: expect.any(Number),
  });
});

it('leaves dead letters in place, and asks for the queue to send them to', async () => {
  const { smq, bucket, dead, inDead } = await withDeadLetters();
  const { sent, left } = await redrive({ bucket, smq }, keptInQueue(dead), { rate: 1000 });
  expect(sent).toBe(0);
  expect(left).toMatchObject(Array(2).fill({ reason: expect.stringContaining('give --to') }));
  for (const { visibleAt } of inDead()) expect(visibleAt - Date.now()).toBeLessThanOrEqual(1000); // given back
  expect(inDead()).toHaveLength(2);
});

it('sends dead letters to the queue that is named', async () => {
  const { smq, bucket, dead, cloud, queued, inDead } = await withDeadLetters();
  const to = ordersQueue(cloud);
  const result = await redrive({ bucket, smq }, keptInQueue(dead), { rate: 1000, to });
  expect(result).toEqual({ sent: 2, left: [] });
  expect(
    queued()
      .map(({ body }) => body)
      .toSorted(),
  ).toEqual(['body 1', 'body 2']);
  expect(inDead()).toEqual([]);
});

it('says that dead letters cannot be chosen by their queue', async () => {
  const { cloud, dead } = await withDeadLetters();
  const asked = ['list', '--dead-letters', dead.name, '--queue', ordersQueue(cloud)];
  expect(await quarantine(cloud, ...asked)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('dead letters do not say where they came from'),
  });
});

it('continues past dead letters that it has left, although they come again', async () => {
  const { dead, ids } = await withDeadLetters();
  const [first, second] = await dead.receiveBatch({ max: 2, waitSeconds: 0 });
  const coming = [first, first, second, first, second, first, second, first];
  dead.receive = async () => coming.shift();
  const seen: string[] = [];
  for await (const { id } of keptInQueue(dead)) seen.push(id);
  expect(seen.toSorted()).toEqual(ids.toSorted());
  expect(coming).not.toEqual([]);
});

it('stores the payload of a claim check again', async () => {
  const { bucket, smq, queued, put } = await withEntries();
  const { claim, body } = await checkIn(bucket, 'a large payload');
  await put({ body, payload: 'a large payload' });
  await bucket.deleteObject(claim.key); // by the lifecycle rule
  await redrive({ bucket, smq }, keptInBucket(bucket), { rate: 1000 });
  const [message] = queued();
  expect(await resolveClaim(bucket, message?.body ?? '')).toMatchObject({
    body: 'a large payload',
  });
});

it.each(['quarantine', 'a dead-letter queue'])(
  'sends a message of a group back to its group, from %s',
  async (where) => {
    const { bucket, smq, cloud, put } = await withEntries();
    const dead = smq.queue('dead');
    if (where === 'quarantine') await put({ messageGroupId: 'customer 7' });
    else {
      await cloud.queue('dead').create();
      await dead.send('body 0', { messageGroupId: 'customer 7' });
    }
    const kept = where === 'quarantine' ? keptInBucket(bucket) : keptInQueue(dead);
    const result = await redrive({ bucket, smq }, kept, { rate: 1000, to: ordersQueue(cloud) });
    expect(result).toEqual({ sent: 1, left: [] });
    const message = await smq.queue(ordersQueue(cloud)).receive({ waitSeconds: 0 });
    expect(message).toMatchObject({ body: 'body 0', messageGroupId: 'customer 7' });
  },
);

it('restores bytes among the user properties', async () => {
  const bytes = Buffer.from([0, 255, 10]);
  const { bucket, smq, cloud } = await withEntries({ userProperties: { bytes } });
  await redrive({ bucket, smq }, keptInBucket(bucket), { rate: 1000 });
  const message = await smq.queue(ordersQueue(cloud)).receive({ waitSeconds: 0 });
  expect(Buffer.from(message?.userProperties.bytes as Uint8Array)).toEqual(bytes);
});
