import { LocalCloudError } from '../../../errors.ts';
import { openLmdb } from '../../../lmdb.ts';
import type { AsyncStore, Pending } from './types.ts';

const FORMAT = 1;

/**
 * Keeps the events in an LMDB environment at `path`. What is put survives a kill of the process; a
 * power cut may take the last writes. Throws LocalCloudError if the folder can't be used or was
 * written by another version.
 */
export function lmdbStore(path: string): AsyncStore {
  const root = openLmdb<number>(path, { maxDbs: 4, noSync: true });
  const settings = root.openDB<number, string>({ name: 'settings' });
  const invocations = root.openDB<Pending, number>({ name: 'invocations' });
  const format = settings.get('format');
  if (format === undefined) settings.putSync('format', FORMAT);
  else if (format !== FORMAT)
    throw new LocalCloudError(
      'OtherDataFormat',
      `The asynchronous invocations in "${path}" have format ${format}, not ${FORMAT}`,
      'remove the folder, or run the version that wrote it',
    );
  return {
    *read() {
      for (const { key, value } of invocations.getRange()) yield { key, value };
    },
    async put(key, value) {
      await invocations.put(key, value);
    },
    async remove(key) {
      await invocations.remove(key);
    },
    close: () => root.close(),
  };
}
