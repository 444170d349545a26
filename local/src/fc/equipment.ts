import { memoryStore } from './async/store/memory.ts';
import type { AsyncStore } from './async/store/types.ts';
import { bootstrapFile } from './bootstrap-file.ts';
import { readOnlyPrefix } from './read-only.ts';
import type { RuntimeOptions } from './types.ts';

/** What the runtime uses on this machine. */
export interface Equipment {
  folder: string;
  /** The compiled bootstrap. */
  bootstrap: string;
  prefix: readonly string[];
  store: AsyncStore;
}

/** Finds or makes all of it; the runtime's own files are in `folder`. */
export async function equip(folder: string, options: RuntimeOptions): Promise<Equipment> {
  const [bootstrap, prefix] = await Promise.all([bootstrapFile(folder), readOnlyPrefix()]);
  return { folder, bootstrap, prefix, store: await openStore(options) };
}

/** Loads LMDB only for a data folder. */
async function openStore({ data, sync = false }: RuntimeOptions): Promise<AsyncStore> {
  if (data === undefined) return memoryStore();
  const { lmdbStore } = await import('./async/store/lmdb.ts');
  return lmdbStore(data, { sync });
}
