import { spawn } from 'node:child_process';
import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { endWithThis } from '../child/run-child.ts';
import { CommandError } from '../command-line/command-error.ts';
import { checkout } from '../templates/catalog.ts';
import type { Sources } from './manifest.ts';

const MINUTE = 60_000;
export const PACKAGES = ['fc-kit', 'fc-local', 'fc-templates'] as const;
/** In the repository, packages are named by their folders. */
const FOLDERS = ['shared', 'local', 'tools'];
export const VENDOR = 'vendor';

/** Returns the packages by their versions, from the registry. */
export async function registrySources(): Promise<Sources> {
  return sources(async (name) => `^${await versionOf(name)}`);
}

/** Returns the packages as files of the project's folder `vendor`. */
export async function vendorSources(): Promise<Sources> {
  return sources(async (name) => `file:${VENDOR}/${name}-${await versionOf(name)}.tgz`);
}

async function sources(of: (name: string) => Promise<string>): Promise<Sources> {
  const [kit, local, templates] = await Promise.all(PACKAGES.map(of));
  return { 'fc-kit': kit ?? '', 'fc-local': local ?? '', 'fc-templates': templates ?? '' };
}

/**
 * Packs the three packages, as they are installed beside this one, into `vendor` of the project at `root`.
 * Throws CommandError when npm fails.
 */
export async function packVendor(root: string): Promise<void> {
  const vendor = join(root, VENDOR);
  await mkdir(vendor, { recursive: true });
  const to = ['--pack-destination', vendor, '--silent'];
  const repository = checkout();
  if (repository) {
    // These are the sources: npm builds what it packs.
    const workspaces = FOLDERS.flatMap((folder) => ['-w', folder]);
    await npm(repository, ['pack', ...to, ...workspaces]);
  } else await npm(vendor, ['pack', ...to, '--ignore-scripts', ...PACKAGES.map(folderOf)]);
  const packed = await readdir(vendor);
  for (const name of PACKAGES)
    if (!packed.some((file) => file.startsWith(`${name}-`) && file.endsWith('.tgz')))
      throw new CommandError(`npm pack has made no ${name} in ${vendor}; run it there to see why`);
}

/** Removes the packed packages from `vendor`, and the folder if nothing else is in it. */
export function removeVendor(root: string): void {
  const vendor = join(root, VENDOR);
  const packed = new RegExp(`^(${PACKAGES.join('|')})-\\d[\\w.+-]*\\.tgz$`);
  const names = readdirSync(vendor);
  for (const name of names) if (packed.test(name)) rmSync(join(vendor, name));
  if (names.every((name) => packed.test(name))) rmdirSync(vendor);
}

/**
 * Runs npm, which ends with this process, and after ten minutes (`limitMs`). Throws CommandError, with the
 * end of npm's output, when it fails.
 */
export async function npm(
  cwd: string,
  args: readonly string[],
  { env = process.env, limitMs = 10 * MINUTE }: { env?: NodeJS.ProcessEnv; limitMs?: number } = {},
): Promise<void> {
  const child = spawn('npm', args, {
    cwd,
    env,
    timeout: limitMs,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2000);
    });
  const release = endWithThis(() => child.kill('SIGKILL'));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(
        new CommandError(`npm cannot be started (${cause.message}); install it with Node.js`, {
          cause,
        }),
      ),
    );
    child.once('close', resolve);
  }).finally(release);
  if (code === null)
    throw new CommandError(
      `npm ${args[0]} in ${cwd} was ended: it was not done after ${limitMs / MINUTE} minutes, or something has killed it; run it there to see why`,
    );
  if (code !== 0)
    throw new CommandError(
      `npm ${args[0]} fails in ${cwd}: ${said.trim().split('\n').slice(-3).join(' ')}`,
    );
}

function folderOf(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

async function versionOf(name: string): Promise<string> {
  const manifest: { version: string } = JSON.parse(
    await readFile(join(folderOf(name), 'package.json'), 'utf8'),
  );
  return manifest.version;
}
