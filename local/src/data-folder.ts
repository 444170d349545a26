import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalCloudError } from './errors.ts';

/**
 * Locks the data folder for this process, since two on one folder would lose each other's messages.
 * Throws LocalCloudError when a running process holds it, or when it cannot be used; the lock of a
 * killed one does not count. `close` releases it.
 */
export async function holdDataFolder(folder: string): Promise<{ close(): Promise<void> }> {
  const file = join(folder, 'lock');
  try {
    if ((await mkdir(folder, { recursive: true })) !== undefined) await hideFromGit(folder);
    if (!(await create(file))) {
      const holder = Number(await readFile(file, 'utf8'));
      if (isRunning(holder)) throw inUse(folder, file, holder);
      await rm(file, { force: true });
      if (!(await create(file))) throw inUse(folder, file);
    }
  } catch (cause) {
    if (cause instanceof LocalCloudError) throw cause;
    throw new LocalCloudError(
      'DataFolder',
      `Cannot use "${folder}" as the data folder (${cause instanceof Error ? cause.message : cause})`,
      'give a folder that can be written to, or run in memory',
      { cause },
    );
  }
  return { close: () => rm(file, { force: true }) };
}

/** Keeps a new folder out of Git: its messages, objects and keys do not belong in any history. */
async function hideFromGit(folder: string): Promise<void> {
  await writeFile(join(folder, '.gitignore'), '*\n');
}

/**
 * Creates the file, with this process's id in it from the start. Returns false when it already
 * exists.
 */
async function create(file: string): Promise<boolean> {
  const written = `${file}.${randomUUID()}`;
  try {
    await writeFile(written, String(process.pid));
    await link(written, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(written, { force: true });
  }
}

/** Returns whether a process of that id runs, whoever owns it. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(folder: string, file: string, holder?: number): LocalCloudError {
  const by = holder === undefined ? 'another process' : `process ${holder}`;
  return new LocalCloudError(
    'DataFolderInUse',
    `The data folder "${folder}" is in use by ${by}`,
    `end it, or give another folder (if it is no local cloud, remove ${file})`,
  );
}
