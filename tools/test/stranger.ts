import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { ROOT } from './repository.ts';

/**
 * Makes a user's own project: these files in a folder with a space in its name, nothing installed; removed
 * after the test.
 */
export async function strangersProject(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'some project-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** Installs fc-kit in a project as it is packed, as JavaScript alone, with these of its entries. */
export async function installKit(project: string, entries: readonly string[]): Promise<void> {
  const installed = join(project, 'node_modules', 'fc-kit');
  await build({
    absWorkingDir: join(ROOT, 'shared'),
    entryPoints: entries.map((entry) => `src/${entry}/index.ts`),
    outdir: join(installed, 'dist'),
    outbase: 'src',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  await cp(join(ROOT, 'shared/package.json'), join(installed, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
}

/** Returns an s.yaml with one function of that key, whose code is in that folder. */
export function serverlessFile(name: string, code: string, more = ''): string {
  return `edition: 3.0.0
name: their-app
access: default
resources:
  ${name}:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: ${name}
      runtime: nodejs20
      handler: index.handler
      code: ${code}
${more}`;
}
