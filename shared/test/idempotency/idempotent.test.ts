import { expect, it } from 'vitest';
import { idempotent } from '#src/idempotency/idempotent';
import type { IdempotencyStore, KeyState } from '#src/idempotency/store';

/** Makes a store that finds its key in this state, and records the calls. */
function storeOf(found: KeyState, change: Partial<IdempotencyStore> = {}) {
  const asked: unknown[] = [];
  const store: IdempotencyStore = {
    claim: async () => found,
    complete: async (key, result) => void asked.push(['complete', key, result]),
    release: async (key) => void asked.push(['release', key]),
    ...change,
  };
  return { store, asked };
}

it('runs the work of a claimed key with the number of its try, and remembers its result', async () => {
  const { store, asked } = storeOf({ state: 'claimed', attempt: 3 });
  const outcome = await idempotent(store, 'k', async (attempt) => `try ${attempt}`);
  expect(outcome).toEqual({ state: 'done', result: 'try 3' });
  expect(asked).toEqual([['complete', 'k', 'try 3']]);
});

it.each<KeyState>([{ state: 'completed', result: 7 }, { state: 'in-progress' }])(
  'runs nothing when the key is %j',
  async (found) => {
    const { store, asked } = storeOf(found);
    const outcome = await idempotent(store, 'k', () => Promise.reject(new Error('ran')));
    expect([outcome, asked]).toEqual([found, []]);
  },
);

it('releases the key of work that fails, and throws its error even when that fails too', async () => {
  const { store, asked } = storeOf({ state: 'claimed' });
  const fails = () => Promise.reject(new Error('no'));
  await expect(idempotent(store, 'k', fails)).rejects.toThrow('no');
  expect(asked).toEqual([['release', 'k']]);

  const away = storeOf({ state: 'claimed' }, { release: () => Promise.reject(new Error('away')) });
  await expect(idempotent(away.store, 'k', fails)).rejects.toThrow('no');
});

it('returns a result that cannot be stored, since running the work again would do it twice', async () => {
  const complete = () => Promise.reject(new Error('away'));
  const { store } = storeOf({ state: 'claimed' }, { complete });
  const lines: unknown[] = [];
  const log = { warn: () => {}, error: (fields: unknown) => void lines.push(fields) };
  const outcome = await idempotent(store, 'k', async () => 1, log);
  expect(outcome).toEqual({ state: 'done', result: 1 });
  expect(lines).toEqual([{ key: 'k', error: new Error('away') }]);
});
