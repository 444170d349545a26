import { execFileSync } from 'node:child_process';
import { copyFile, cp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleEntries, bundleProgram, bundleTogether } from './bundle.ts';
import { compile } from './compile.ts';
import { keepReachable } from './declarations.ts';

/**
 * Builds what is packed of each package into its `dist`: JavaScript for Node.js 20, and declarations if it
 * exports something. Run as `tsx build/package.ts <folder>`; npm does that before it packs.
 */
const BUILDS: Record<string, (folder: string) => Promise<void>> = {
  // One file for each source, so that a bundler takes what a handler needs and nothing else.
  async shared(folder) {
    compile(folder);
  },

  // One file, because a command starts faster that way, in one folder with the files that the code reads.
  async local(folder) {
    const [src, dist] = [join(folder, 'src'), join(folder, 'dist')];
    await bundleTogether(
      folder,
      {
        index: 'index.ts',
        testing: 'testing/index.ts',
        project: 'project/index.ts',
        cli: 'cli/main.ts',
      },
      ['index', 'testing', 'project'],
    );
    await bundleProgram(join(src, 'code-cache', 'core.ts'), join(dist, 'load.cjs'));
    await bundleProgram(join(src, 'fc', 'instance', 'bootstrap.ts'), join(dist, 'bootstrap.cjs'));
    await copyFile(join(src, 'fc', 'instance', 'bootstrap.py'), join(dist, 'bootstrap.py'));
    for (const name of ['style.css', 'live.js'])
      await copyFile(join(src, 'console', name), join(dist, name));
    compile(folder);
    const entries = ['index.d.ts', 'testing/index.d.ts', 'project/index.d.ts'];
    await keepReachable(join(dist, 'types'), entries);
  },

  async tools(folder) {
    await bundleEntries(folder, { main: 'main.ts' });
    // Compiled for the Node.js that builds a function.
    const programs = join(folder, 'src', 'build', 'code-cache');
    await cp(programs, join(folder, 'dist', 'code-cache'), { recursive: true });
    // What `fc-templates create` and `add` write.
    const pack = join(folder, 'src', 'templates', 'pack.ts');
    const args = ['--import', 'tsx', pack, ROOT, join(folder, 'dist')];
    execFileSync(process.execPath, args, { stdio: 'inherit' });
  },
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const names = Object.keys(BUILDS);
const name = basename(process.argv[2] ?? '');
const build = BUILDS[name];
if (!build) throw new Error(`"${name}" is no package; give one of ${names.join(', ')}`);
const folder = join(ROOT, name);
await rm(join(folder, 'dist'), { recursive: true, force: true });
await build(folder);
