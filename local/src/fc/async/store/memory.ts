import type { AsyncStore } from './types.ts';

/** Returns a store that keeps nothing: waiting events are lost with the process. */
export function memoryStore(): AsyncStore {
  return {
    read: () => [],
    put: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
