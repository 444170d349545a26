import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ROOT } from '#test/repository';

const LEFT_OUT = ['.git', '.local', '.template', 'node_modules'];

/** The repository's own packages, by the names they are imported by. */
const OWN_PACKAGES = { 'fc-kit': 'shared', 'fc-local': 'local', 'fc-templates': 'tools' };

/**
 * Copies the whole repository to another path, removed after the test. Installed packages are those of this
 * repository, its own are those of the copy.
 */
export async function repositoryCopy(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'repository-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const left = LEFT_OUT.map((name) => join(ROOT, name));
  await cp(ROOT, root, {
    recursive: true,
    filter: (path) => !left.includes(path) && !path.endsWith('/node_modules'),
  });
  await linkPackages(root);
  return root;
}

/** Gives a copy at `root` the installed packages of this repository, and links its own packages to its own folders. */
export async function linkPackages(root: string): Promise<void> {
  const [installed, own] = [join(ROOT, 'node_modules'), join(root, 'node_modules')];
  await mkdir(join(own, '.bin'), { recursive: true });
  for (const name of await readdir(installed))
    if (name !== '.bin' && !Object.hasOwn(OWN_PACKAGES, name))
      await symlink(join(installed, name), join(own, name));
  // Relative links: those of its own packages lead to the copy.
  for (const name of await readdir(join(installed, '.bin')))
    await symlink(await readlink(join(installed, '.bin', name)), join(own, '.bin', name));
  for (const [name, folder] of Object.entries(OWN_PACKAGES)) {
    await symlink(join(root, folder), join(own, name));
    // Packages installed for one package alone.
    const nested = await readdir(join(ROOT, folder, 'node_modules')).catch(() => []);
    if (nested.length > 0)
      await symlink(join(ROOT, folder, 'node_modules'), join(root, folder, 'node_modules'));
  }
}

/** Runs a command there and returns what it prints; throws with that output when it fails. */
export function runIn(root: string, command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} fails in ${root}\n${stdout}\n${stderr}`);
  }
}
