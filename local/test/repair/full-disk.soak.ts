import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openEnvironment } from '#src/data/lmdb';
import { repairDataFolder } from '#src/repair/data-folder';
import { SMQ_TABLES } from '#src/smq/store/lmdb';
import { canMount, mountSmall } from '#test/small-disk';
import { folderOf } from '#test/temporary-folder';

it.skipIf(!canMount())(
  'a repair onto a disk that fills up is one error, and leaves the damaged folder as it is (needs the right to mount one)',
  async () => {
    const data = folderOf();
    const environment = openEnvironment(join(data, 'smq'), { tables: SMQ_TABLES });
    const messages = environment.table('messages');
    environment.write(() => {
      for (let i = 0; i < 3000; i++) messages.put([1, i], { body: 'x'.repeat(1000) });
    }, true);
    await environment.close();
    const before = readdirSync(data, { recursive: true });
    const { path, unmount } = mountSmall('2m');
    onTestFinished(unmount);
    await expect(repairDataFolder(data, join(path, 'saved'))).rejects.toMatchObject({
      code: 'DataNotWritten',
      message: `"${join(path, 'saved', 'smq')}" cannot be written to: the disk is full`,
    });
    expect(readdirSync(data, { recursive: true })).toEqual(before);
  },
);
