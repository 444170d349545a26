import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ROOT } from '#src/build';

const LEFT_OUT = ['.git', '.local', '.template', 'node_modules'];

/** A copy of the whole repository at another path, gone after the test; its node_modules are this one's. */
export async function repositoryCopy(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'repository-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const left = LEFT_OUT.map((name) => join(ROOT, name));
  await cp(ROOT, root, { recursive: true, filter: (path) => !left.includes(path) });
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

/** Runs a command there and gives what it prints; throws with that when it fails. */
export function runIn(root: string, command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} fails in ${root}\n${stdout}\n${stderr}`);
  }
}
