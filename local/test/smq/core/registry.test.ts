import { expect, it, onTestFinished, vi } from 'vitest';
import { Registry } from '#src/smq/core/registry';
import { service } from './helpers.ts';

/** Returns a registry of that many names, and how many of them a page has examined. */
function registryOf(count: number) {
  const registry = new Registry<{ name: string }>('QueueNotExist');
  for (let i = 0; i < count; i++) {
    const name = `queue-${String(i).padStart(6, '0')}`;
    registry.set(name, { name });
  }
  return registry;
}

it('pages through a hundred thousand names, each once and in order, with and without a prefix', () => {
  const registry = registryOf(100_000);
  for (const [prefix, count] of [
    [undefined, 100_000],
    ['queue-0123', 100],
    ['queue-09', 10_000],
    ['other', 0],
  ] as const) {
    const names: string[] = [];
    let marker: string | undefined;
    do {
      const page = registry.page({ prefix, marker, limit: 999 });
      names.push(...page.items.map(({ name }) => name));
      marker = page.nextMarker;
    } while (marker !== undefined);
    expect(names).toHaveLength(count);
    expect(names).toEqual([...new Set(names)].sort());
  }
});

it('looks for a page at no more names than are on it', () => {
  const registry = registryOf(100_000);
  let compared = 0;
  const startsWith = String.prototype.startsWith;
  String.prototype.startsWith = function (...args) {
    compared++;
    return startsWith.apply(this, args);
  };
  try {
    registry.page({ prefix: 'queue-05', limit: 10 });
  } finally {
    String.prototype.startsWith = startsWith;
  }
  expect(compared).toBeLessThanOrEqual(11);
});

it('is asked for as many queues for a page of their list, whatever there are of them', async () => {
  const { smq } = service();
  const asked = vi.spyOn(Registry.prototype, 'get');
  onTestFinished(() => asked.mockRestore());
  const counts: number[] = [];
  for (const [from, to] of [
    [0, 200],
    [200, 2000],
  ] as const) {
    await Promise.all(Array.from({ length: to - from }, (_, i) => smq.createQueue(`q${from + i}`)));
    asked.mockClear();
    expect(smq.listQueues({ limit: 10, marker: 'q15' }).items).toHaveLength(10);
    counts.push(asked.mock.calls.length);
  }
  expect(counts).toEqual([20, 20]);
});

it('has a name again that was removed, and not twice one that was set twice', () => {
  const registry = registryOf(3);
  registry.remove('queue-000001');
  registry.set('queue-000001', { name: 'queue-000001' });
  registry.set('queue-000000', { name: 'queue-000000' });
  expect(registry.page({}).items.map(({ name }) => name)).toEqual([
    'queue-000000',
    'queue-000001',
    'queue-000002',
  ]);
});
