import type { AsyncStore } from './types.ts';

/** Keeps nothing: what waits is gone with the process. */
export function memoryStore(): AsyncStore {
  return {
    read: () => [],
    put: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
