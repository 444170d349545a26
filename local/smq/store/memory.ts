import type { Store } from './store.ts';

/** Keeps nothing: the state is the core's own, and goes with the process. */
export function memoryStore(): Store {
  return {
    read: () => [],
    commit: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
