import { describe, expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { SmqService } from '#src/smq/core/service';
import { type FailingStore, failingStore } from './failing-store.ts';

interface Situation {
  clock: DrivenClock;
  store: FailingStore;
  smq: SmqService;
  /** Receipt handles of the messages `leased` and `also leased` in `q`, and of `first` in `line`. */
  handles: string[];
}

const QUEUE_URL = 'acs:mns:r:1:queues/q';

/** Returns an account with one of everything. */
async function situation(): Promise<Situation> {
  const store = failingStore();
  const clock = new DrivenClock(1_000_000_000_000);
  const smq = new SmqService({ clock, store, accountId: '1', onError: () => {} });
  await smq.apply({
    queues: [
      {
        name: 'q',
        visibilityTimeout: 60,
        pollingWaitSeconds: 0,
        deadLetter: { queue: 'dead', maxReceiveCount: 2 },
      },
      { name: 'dead' },
      { name: 'other' },
    ],
    topics: [{ name: 't' }, { name: 'quiet' }],
    subscriptions: [
      { name: 's', topic: 't', endpoint: QUEUE_URL },
      { name: 'mail', topic: 't', endpoint: 'mail:directmail:a@example.com' },
    ],
  });
  await smq.setLoggingBucket('logs');
  for (const body of ['leased', 'also leased', 'visible', 'also visible'])
    await smq.send('q', { body });
  await smq.send('q', { body: 'delayed', delaySeconds: 30 });
  const received = await smq.receive('q', { max: 2 });
  await smq.send('q', { body: 'urgent', priority: 1 });
  await smq.send('other', { body: 'elsewhere' });
  for (const body of ['poison', 'more poison']) await smq.send('dead', { body });
  await smq.publish('t', { body: 'news' });
  await smq.createQueue('line', { queueType: 'fifo' });
  for (const body of ['first', 'second', 'third']) await smq.send('line', { body, groupId: 'g' });
  const [first] = await smq.receive('line');
  received.push(...(first ? [first] : []));
  return { clock, store, smq, handles: received.map(({ receiptHandle }) => receiptHandle) };
}

/** Returns everything that a client or the console can see, except handles. */
function everything(smq: SmqService) {
  const queues = smq.listQueues().items;
  const topics = smq.listTopics().items;
  return {
    queues,
    topics,
    messages: queues.map(({ name }) => smq.inspect(name)),
    order: queues.map(({ name }) => smq.peek(name, 16).map(({ id }) => id)),
    subscriptions: topics.map(({ name }) => smq.listSubscriptions(name).items),
    deliveries: smq.deliveries(),
    bucket: smq.loggingBucket,
  };
}

function restarted({ clock, store }: Situation): SmqService {
  return new SmqService({ clock, store, accountId: '1', onError: () => {} });
}

type Work = (situation: Situation) => Promise<unknown>;

/** Every operation that writes. Each can be done after any other of them has failed. */
const OPERATIONS: Record<string, Work> = {
  CreateQueue: ({ smq }) => smq.createQueue('new'),
  SetQueueAttributes: ({ smq }) => smq.setQueueAttributes('q', { visibilityTimeout: 7 }),
  'SetQueueAttributes, retention': ({ smq }) =>
    smq.setQueueAttributes('q', { messageRetentionPeriod: 60 }),
  'SetQueueAttributes without a dead-letter policy': ({ smq }) =>
    smq.setQueueAttributes('q', {}, 'none'),
  'a dead-letter policy': ({ smq }) =>
    smq.setDeadLetter('other', { queue: 'dead', maxReceiveCount: 3 }),
  DeleteQueue: ({ smq }) => smq.deleteQueue('q'),
  SendMessage: ({ smq }) => smq.send('q', { body: 'sent' }),
  'SendMessage, delayed': ({ smq }) => smq.send('q', { body: 'sent', delaySeconds: 9 }),
  BatchSendMessage: ({ smq }) => smq.sendBatch('q', [{ body: 'one' }, { body: 'two' }]),
  ReceiveMessage: ({ smq }) => smq.receive('q'),
  BatchReceiveMessage: ({ smq }) => smq.receive('q', { max: 16 }),
  DeleteMessage: ({ smq, handles }) => smq.deleteMessage('q', handles[0] ?? ''),
  'DeleteMessage of another': ({ smq, handles }) => smq.deleteMessage('q', handles[1] ?? ''),
  ChangeMessageVisibility: ({ smq, handles }) => smq.changeVisibility('q', handles[0] ?? '', 5),
  'SendMessage of a group': ({ smq }) => smq.send('line', { body: 'fourth', groupId: 'g' }),
  'DeleteMessage of a group': ({ smq, handles }) => smq.deleteMessage('line', handles[2] ?? ''),
  'DeleteMessage of a group for which a receiver waits': ({ smq, handles }) =>
    Promise.all([
      smq.receive('line', { waitSeconds: 30 }),
      smq.deleteMessage('line', handles[2] ?? ''),
    ]),
  'purge of a group': ({ smq }) => smq.purge('line'),
  purge: ({ smq }) => smq.purge('q'),
  move: ({ smq }) => smq.move('q', 'other'),
  CreateTopic: ({ smq }) => smq.createTopic('new'),
  SetTopicAttributes: ({ smq }) => smq.setTopicAttributes('t', { maximumMessageSize: 2048 }),
  DeleteTopic: ({ smq }) => smq.deleteTopic('t'),
  Subscribe: ({ smq }) => smq.subscribe('t', 'new', { endpoint: QUEUE_URL }),
  SetSubscriptionAttributes: ({ smq }) =>
    smq.setSubscriptionStrategy('t', 's', 'EXPONENTIAL_DECAY_RETRY'),
  Unsubscribe: ({ smq }) => smq.unsubscribe('t', 's'),
  PublishMessage: ({ smq }) => smq.publish('t', { body: 'published' }),
  SetAccountAttributes: ({ smq }) => smq.setLoggingBucket('other logs'),
};
const NAMES = Object.keys(OPERATIONS);

function isNothing(answer: unknown): boolean {
  return Array.isArray(answer) && answer.length === 0;
}

describe('a write that fails', () => {
  it.each(NAMES)('leaves everything as before %s, in the store too', async (name) => {
    const operation = OPERATIONS[name] as Work;
    const here = await situation();
    const before = everything(here.smq);
    here.store.full = true;
    await expect(operation(here)).rejects.toThrow('no space left on device');
    expect(everything(here.smq)).toEqual(before);
    expect(everything(restarted(here))).toEqual(before);
    here.store.full = false;
    await operation(here);
    expect(everything(restarted(here))).toEqual(everything(here.smq));
    expect(everything(here.smq)).not.toEqual(before);
  });

  it.each(NAMES)('leaves everything as before %s and any other in the same turn', async (name) => {
    const here = await situation();
    const before = everything(here.smq);
    for (const other of NAMES) {
      here.store.full = true;
      const work = [name, other, name].map((one) => (OPERATIONS[one] as Work)(here));
      const results = await Promise.allSettled(work);
      // A receive that finds nothing promises nothing.
      const acknowledged = results.filter(
        (result) => result.status === 'fulfilled' && !isNothing(result.value),
      );
      expect(acknowledged, other).toEqual([]);
      expect(everything(here.smq), other).toEqual(before);
      here.store.full = false;
    }
    expect(everything(restarted(here))).toEqual(before);
  });

  it('lets the handles of what could not be deleted stay good', async () => {
    const here = await situation();
    here.store.full = true;
    const [first = '', second = ''] = here.handles;
    await expect(here.smq.deleteMessage('q', first)).rejects.toThrow('no space');
    await expect(here.smq.changeVisibility('q', second, 5)).rejects.toThrow('no space');
    here.store.full = false;
    await here.smq.deleteMessage('q', first);
    await here.smq.deleteMessage('q', second);
  });

  it('gives a message to another receiver when its lease could not be stored', async () => {
    const { smq, store } = await situation();
    store.full = true;
    const answers = await Promise.allSettled([
      smq.receive('other', { waitSeconds: 30 }),
      smq.receive('other'),
    ]);
    expect(answers[0]?.status).toBe('rejected');
    store.full = false;
    const [got] = await smq.receive('other');
    expect(got).toMatchObject({ body: 'elsewhere', dequeueCount: 1 });
  });

  it('puts a message back after the one before it has become too old', async () => {
    const { clock, smq, store } = await situation();
    await smq.createQueue('short', { messageRetentionPeriod: 60, visibilityTimeout: 90 });
    await smq.send('short', { body: 'old' });
    await clock.advance(30_000);
    for (const body of ['a', 'b']) await smq.send('short', { body });
    const [, second] = await smq.receive('short', { max: 2 });
    store.full = true;
    const deleted = smq.deleteMessage('short', second?.receiptHandle ?? '');
    const failed = expect(deleted).rejects.toThrow('no space');
    clock.advance(30_000);
    await failed;
    store.full = false;
    await smq.send('short', { body: 'c' });
    expect(smq.inspect('short').map(({ body }) => body)).toEqual(['a', 'b', 'c']);
    expect(await smq.purge('short')).toBe(3);
  });

  it('sends two changes of attributes in one turn on as if one came after the other', async () => {
    const here = await situation();
    await Promise.all([
      here.smq.setQueueAttributes('q', { visibilityTimeout: 7 }),
      here.smq.setQueueAttributes('q', { delaySeconds: 3 }),
    ]);
    const wanted = { visibilityTimeout: 7, delaySeconds: 3 };
    expect(here.smq.getQueue('q')).toMatchObject(wanted);
    expect(restarted(here).getQueue('q')).toMatchObject(wanted);
  });

  it('leaves dead letters where they are, and moves them when it can', async () => {
    const { clock, smq, store } = await situation();
    await smq.purge('q');
    await smq.purge('dead');
    await smq.send('q', { body: 'failing' });
    for (const _ of [1, 2]) {
      await smq.receive('q');
      if (_ === 2) store.full = true;
      await clock.advance(60_000);
    }
    const bodies = (queue: string) => smq.inspect(queue).map(({ body }) => body);
    await clock.advance(0);
    expect([bodies('q'), bodies('dead')]).toEqual([['failing'], []]);
    store.full = false;
    await clock.advance(1000);
    await store.commit([]);
    expect([bodies('q'), bodies('dead')]).toEqual([[], ['failing']]);
    const again = new SmqService({ clock, store, accountId: '1' });
    expect(again.inspect('dead').map(({ body }) => body)).toEqual(['failing']);
    expect(again.inspect('q')).toEqual([]);
  });

  it('keeps a notification pending whose way into its queue could not be written', async () => {
    const { clock, smq, store } = await situation();
    await smq.subscribe('quiet', 'late', {
      endpoint: 'acs:mns:r:1:queues/late',
      notifyStrategy: 'EXPONENTIAL_DECAY_RETRY',
    });
    await smq.publish('quiet', { body: 'for later' });
    await clock.advance(0);
    await smq.createQueue('late');
    store.full = true;
    await clock.advance(60_000);
    expect(smq.inspect('late')).toEqual([]);
    expect(smq.getTopic('quiet').messageCount).toBe(1);
    store.full = false;
    await clock.advance(86_400_000);
    expect(smq.getTopic('quiet').messageCount).toBe(0);
    expect(smq.inspect('late')).toHaveLength(1);
  });

  it('of the end of a notification without a subscription is made again', async () => {
    const { clock, smq, store } = await situation();
    await smq.subscribe('quiet', 'late', { endpoint: 'acs:mns:r:1:queues/late' });
    await smq.publish('quiet', { body: 'for later', groupId: 'g' });
    await clock.advance(0);
    await smq.unsubscribe('quiet', 'late');
    store.full = true;
    await clock.advance(60_000);
    expect(smq.getTopic('quiet').messageCount).toBe(1);
    store.full = false;
    await clock.advance(60_000);
    await store.commit([]);
    expect(smq.getTopic('quiet').messageCount).toBe(0);
  });
});

describe('an answer', () => {
  it.each(NAMES)('to %s leaves after its group is written, also among others', async (name) => {
    const here = await situation();
    let written = false;
    here.store.onWrite = () => {
      written = true;
    };
    const others = NAMES.filter((other) => !other.startsWith('Delete') && other !== 'purge');
    await Promise.all([
      ...others.map((other) => (OPERATIONS[other] as Work)(here).catch(() => {})),
      (OPERATIONS[name] as Work)(here).then(
        (answer) => expect(written || isNothing(answer), name).toBe(true),
        () => {}, // what another one of the same turn has made impossible is refused at once
      ),
    ]);
  });

  it.each<[string, (smq: SmqService) => Promise<unknown>, (smq: SmqService) => Promise<unknown>]>([
    ['CreateQueue', (smq) => smq.createQueue('new'), (smq) => smq.createQueue('new')],
    ['DeleteQueue', (smq) => smq.deleteQueue('q'), (smq) => smq.deleteQueue('q')],
    ['CreateTopic', (smq) => smq.createTopic('new'), (smq) => smq.createTopic('new')],
    ['DeleteTopic', (smq) => smq.deleteTopic('t'), (smq) => smq.deleteTopic('t')],
    [
      'Subscribe',
      (smq) => smq.subscribe('t', 'new', { endpoint: QUEUE_URL }),
      (smq) => smq.subscribe('t', 'new', { endpoint: QUEUE_URL }),
    ],
    ['Unsubscribe', (smq) => smq.unsubscribe('t', 's'), (smq) => smq.unsubscribe('t', 's')],
  ])(
    'to a second %s in the same turn waits for the write of the first',
    async (_, first, second) => {
      const here = await situation();
      here.store.full = true;
      const both = await Promise.allSettled([first(here.smq), second(here.smq)]);
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    },
  );
});
