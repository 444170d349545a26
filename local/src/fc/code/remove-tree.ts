import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes a folder, whatever the modes of its contents. Does nothing if it does not exist. */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    // Only its owner may change the contents of a folder, and only where its mode allows that.
    await makeWritable(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755).catch(() => {});
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
    // A read-only file cannot be removed on Windows.
    else if (process.platform === 'win32')
      await chmod(join(folder, entry.name), 0o644).catch(() => {});
  }
}
