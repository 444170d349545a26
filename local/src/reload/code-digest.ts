import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * Returns a text that changes with the code, a folder or a zip file; undefined when it does not
 * exist. Installed packages count by their names, sizes and times, since they are many; all else by
 * its bytes, since a build rewrites identical content. Paths in `without` do not count.
 */
export async function codeDigest(
  path: string,
  without: readonly string[] = [],
): Promise<string | undefined> {
  const hash = createHash('sha256');
  const add = async (at: string, packages: boolean): Promise<void> => {
    hash.update(`\n${relative(path, at)}\n`);
    const found = at === path ? await stat(at) : await lstat(at).catch(() => undefined);
    if (!found) return;
    if (found.isSymbolicLink()) return void hash.update(await readlink(at).catch(() => ''));
    if (found.isDirectory()) {
      const names = (await readdir(at)).sort();
      for (const name of names)
        if (name !== '.git' && !without.includes(join(at, name)))
          await add(join(at, name), packages || name === 'node_modules');
    } else if (packages) hash.update(`${found.size} ${found.mtimeMs}`);
    else if (found.isFile())
      for await (const chunk of createReadStream(at)) hash.update(chunk as Buffer);
  };
  try {
    await add(path, false);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
