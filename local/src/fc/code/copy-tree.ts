import { chmodSync, constants, copyFileSync, lstatSync, type Stats } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/**
 * The files of a copy by their path in it: a state that shows whether a file is unchanged, and the
 * path of its copy.
 */
export type Copied = ReadonlyMap<string, { state: string; path: string }>;

/** So few files, each this small, are copied sooner than the thread pool could say so. */
const FEW_FILES = 16;
const SMALL_BYTES = 1024 * 1024;

/** Maximum number of files copied at once. */
const MAX_AT_ONCE = 16;

/**
 * Copies the folder `from` to `to`, which must not exist yet, so that nothing in it is writable:
 * files have mode 0444, or 0555 if executable, folders 0555. A file that has not changed since the
 * copy `before` was made is linked from there, at less than a tenth of the cost. A symbolic link
 * that leads out of the folder is skipped, as its target is not deployed either; other links stay
 * links. The absolute paths in `without` are skipped too. Resolves to the files of the copy.
 */
export async function copyTree(
  from: string,
  to: string,
  before?: Copied,
  without: readonly string[] = [],
): Promise<Copied> {
  const copied = new Map<string, { state: string; path: string }>();
  const folders: string[] = [];
  const files: string[] = [];

  const walk = async (folder: string): Promise<void> => {
    await mkdir(join(to, folder));
    folders.push(folder);
    for (const entry of await readdir(join(from, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (without.includes(join(from, path))) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isSymbolicLink()) await copyLink(path);
      else if (entry.isFile()) files.push(path);
    }
  };

  const copyLink = async (path: string): Promise<void> => {
    const target = await readlink(join(from, path));
    const leadsTo = resolve(from, dirname(path), target);
    const inside = relative(from, leadsTo);
    if (inside.startsWith('..') || isAbsolute(inside)) return;
    await symlink(relative(join(from, dirname(path)), leadsTo) || '.', join(to, path));
  };

  const few = (): boolean => files.length <= FEW_FILES;
  const copy = async (path: string): Promise<void> => {
    const [source, target] = [join(from, path), join(to, path)];
    const stats = few() ? lstatSync(source) : await lstat(source);
    const state = stateOf(stats);
    const known = before?.get(path);
    if (known?.state !== state || !(await linked(known.path, target))) {
      const mode = stats.mode & 0o111 ? 0o555 : 0o444;
      if (few() && stats.size <= SMALL_BYTES) {
        copyFileSync(source, target, constants.COPYFILE_FICLONE);
        chmodSync(target, mode);
      } else {
        await copyFile(source, target, constants.COPYFILE_FICLONE);
        await chmod(target, mode);
      }
    }
    copied.set(path, { state, path: target });
  };

  await walk('');
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let path = files[next++]; path !== undefined; path = files[next++]) await copy(path);
  };
  await Promise.all(Array.from({ length: Math.min(MAX_AT_ONCE, files.length) }, worker));
  for (const folder of folders) await chmod(join(to, folder), 0o555);
  return copied;
}

/** Returns false where the file system has no links, or the earlier copy is gone. */
async function linked(path: string, target: string): Promise<boolean> {
  return link(path, target).then(
    () => true,
    () => false,
  );
}

function stateOf({ ino, size, mtimeMs, ctimeMs, mode }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs, mode].join();
}
