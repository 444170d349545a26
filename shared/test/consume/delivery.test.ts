import { expect, it } from 'vitest';
import { ClaimMemory } from '#src/consume/claim-memory';
import { handleOne } from '#src/consume/handle-one';
import type { Incoming } from '#src/consume/message';
import type { ConsumeOptions } from '#src/consume/options';
import type { IdempotencyStore, KeyState } from '#src/idempotency/store';
import { createLog } from '#src/log/log';
import * as z from '#src/schema/index';

/** Handles one message and returns the verdict, the attempts its handler was given, and what was logged. */
async function handled(
  properties: Partial<Incoming>,
  options: Partial<ConsumeOptions<object>> = {},
) {
  const attempts: number[] = [];
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const verdict = await handleOne(
    {
      messageId: 'M',
      source: { kind: 'queue', name: 'q' },
      body: '{}',
      userProperties: {},
      ...properties,
    },
    {
      schema: z.object({}),
      deadline: { remaining: () => 60_000 },
      log: createLog({ level: 'info', destination }),
      handle: async (_, { attempt }) => void attempts.push(attempt),
      ...options,
    },
    new AbortController().signal,
    new ClaimMemory(1),
  );
  return { verdict, attempts, lines };
}

/** A store that finds its keys in this state. */
const storeOf = (state: KeyState): IdempotencyStore => ({
  claim: async () => state,
  complete: async () => {},
  release: async () => {},
});

it('counts the try of a message as the first where neither its source nor the store counts', async () => {
  const store = storeOf({ state: 'claimed' });
  expect((await handled({})).attempts).toEqual([1]);
  expect((await handled({}, { idempotency: { store, key: () => 'k' } })).attempts).toEqual([1]);
});

it('takes the count of the store for a message whose source does not count', async () => {
  const idempotency = { store: storeOf({ state: 'claimed', attempt: 3 }), key: () => 'k' };
  expect((await handled({}, { idempotency })).attempts).toEqual([3]);
  expect((await handled({ attempt: 2 }, { idempotency })).attempts).toEqual([2]);
});

it('logs the key of a message whose side effect was run before', async () => {
  const store = storeOf({ state: 'completed', result: undefined });
  const { verdict, attempts, lines } = await handled(
    {},
    { idempotency: { store, key: () => 'k' } },
  );
  expect(verdict.outcome).toBe('handled');
  expect(attempts).toEqual([]);
  expect(lines).toEqual([
    expect.objectContaining({ message: 'Skipped repeated message', key: 'k', messageId: 'M' }),
  ]);
});

it('logs no repeated message where the side effect is run', async () => {
  const idempotency = { store: storeOf({ state: 'claimed' }), key: () => 'k' };
  expect((await handled({}, { idempotency })).lines).toEqual([]);
});

it('runs the handler of a message that has come too often where there is no quarantine to set it aside', async () => {
  expect((await handled({ attempt: 9 }, { maxTries: 2 })).attempts).toEqual([9]);
});
