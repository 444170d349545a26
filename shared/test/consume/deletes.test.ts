import { DrivenClock } from 'fc-local/testing';
import { expect, it } from 'vitest';
import type { ItemResult } from '#src/concurrency/item-result';
import { Deletes } from '#src/consume/deletes';
import { ServiceError } from '#src/errors/errors';
import type { Queue } from '#src/smq/queue';
import { localSmq } from '#test/smq/local-smq';

const refused = (code: string, retryable: boolean): ItemResult<undefined> => ({
  ok: false,
  error: new ServiceError(code, { service: 'smq', code, retryable }),
});
const done: ItemResult<undefined> = { ok: true, value: undefined };

/** Makes deletes over a queue that gives these answers, one for each request. */
async function over(answers: ((handles: readonly string[]) => ItemResult<undefined>[])[]) {
  const { client } = await localSmq();
  const queue: Queue = client.queue('orders');
  const requests: string[][] = [];
  queue.deleteBatch = async (handles) => {
    requests.push([...handles]);
    const answer = answers.shift() ?? ((asked) => asked.map(() => done));
    return answer(handles);
  };
  const clock = new DrivenClock();
  const deletes = new Deletes(queue, clock);
  const deleteAll = async (handles: string[], lease = 60_000) => {
    let ended = false;
    const ends = clock.now() + lease;
    const all = Promise.all(handles.map((handle) => deletes.delete({ handle, ends }))).finally(
      () => {
        ended = true;
      },
    );
    while (!ended) await clock.advance(100);
    return all;
  };
  return { deleteAll, requests };
}

it('sends what ends together in batches of 16', async () => {
  const { deleteAll, requests } = await over([]);
  const results = await deleteAll(Array.from({ length: 40 }, (_, n) => `h${n}`));
  expect(results.every(({ ok }) => ok)).toBe(true);
  expect(requests.map((handles) => handles.length)).toEqual([16, 16, 8]);
});

it('sends 16 at once though a request is under way', async () => {
  const { client } = await localSmq();
  const queue: Queue = client.queue('orders');
  const requests: number[] = [];
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  queue.deleteBatch = async (handles) => {
    requests.push(handles.length);
    await answered;
    return handles.map(() => done);
  };
  const clock = new DrivenClock();
  const deletes = new Deletes(queue, clock);
  const ends = clock.now() + 60_000;
  const all = Array.from({ length: 32 }, (_, n) => deletes.delete({ handle: `h${n}`, ends }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(requests).toEqual([16, 16]);
  answer();
  expect((await Promise.all(all)).every(({ ok }) => ok)).toBe(true);
});

it('reads the answer item by item, and sends again only what may succeed', async () => {
  const { deleteAll, requests } = await over([
    () => [done, refused('MessageNotExist', false), refused('InternalError', true)],
  ]);
  expect(await deleteAll(['a', 'b', 'c'])).toMatchObject([
    { ok: true },
    { ok: false, error: { code: 'MessageNotExist' } },
    { ok: true },
  ]);
  expect(requests).toEqual([['a', 'b', 'c'], ['c']]);
});

it('counts a message that is gone at the second try as deleted by the first, whose answer was lost', async () => {
  const { deleteAll } = await over([
    () => {
      throw new ServiceError('reset', { service: 'smq', code: 'x', retryable: true });
    },
    () => [refused('MessageNotExist', false), done],
  ]);
  expect(await deleteAll(['a', 'b'])).toMatchObject([{ ok: true }, { ok: true }]);
});

it('does not count a message as deleted whose lease may just have ended', async () => {
  const { deleteAll } = await over([
    () => {
      throw new ServiceError('reset', { service: 'smq', code: 'x', retryable: true });
    },
    () => [refused('MessageNotExist', false)],
  ]);
  expect(await deleteAll(['a'], 10)).toMatchObject([{ ok: false }]);
});

it.each([
  [1, true],
  [0, false],
])(
  'counts a message as gone by its own first try with %i ms of its lease left: %s',
  async (left, ok) => {
    const { client } = await localSmq();
    const queue = client.queue('orders');
    const clock = new DrivenClock();
    const ends = clock.now() + 60_000;
    let tries = 0;
    let answer: (() => void) | undefined;
    queue.deleteBatch = async () => {
      if (++tries === 1)
        throw new ServiceError('reset', { service: 'smq', code: 'x', retryable: true });
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return [refused('MessageNotExist', false)];
    };
    const deleted = new Deletes(queue, clock).delete({ handle: 'h', ends });
    while (!answer) {
      await clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await clock.advance(ends - clock.now() - left);
    answer();
    const result = await deleted;
    expect(result).toMatchObject({ ok });
  },
);

it('gives up on a refusal at once, and on a failure that stays in the end', async () => {
  const refusal = await over([
    () => {
      throw new ServiceError('denied', { service: 'smq', code: 'AccessDenied' });
    },
  ]);
  expect(await refusal.deleteAll(['a'])).toMatchObject([{ ok: false }]);
  expect(refusal.requests).toHaveLength(1);

  const down = () => {
    throw new ServiceError('down', { service: 'smq', code: 'x', retryable: true });
  };
  const failure = await over(Array(20).fill(down));
  expect(await failure.deleteAll(['a'])).toMatchObject([{ ok: false, error: { code: 'x' } }]);
  expect(failure.requests).toHaveLength(5);
});

it('reports a refusal at the second try', async () => {
  const { deleteAll } = await over([
    () => {
      throw new ServiceError('reset', { service: 'smq', code: 'x', retryable: true });
    },
    () => [refused('AccessDenied', false)],
  ]);
  expect(await deleteAll(['a'])).toMatchObject([{ ok: false, error: { code: 'AccessDenied' } }]);
});

it('counts no message as deleted that an answer does not mention', async () => {
  const { deleteAll } = await over([() => [done]]);
  expect(await deleteAll(['a', 'b'])).toMatchObject([
    { ok: true },
    { ok: false, error: { message: 'Answer does not speak of each message' } },
  ]);
});
