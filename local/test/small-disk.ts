import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Mounts a file system in memory of that size (as `mount` takes it: `3m`), which fills up soon.
 * Needs the right to mount one.
 */
export function mountSmall(size: string) {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' });
  return {
    path,
    unmount() {
      execFileSync('umount', [path]);
      rmSync(path, { recursive: true });
    },
  };
}

export function canMount(): boolean {
  try {
    mountSmall('1m').unmount();
    return true;
  } catch {
    return false;
  }
}
