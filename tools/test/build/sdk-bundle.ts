import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { packageOf } from '#src/build/package-of';
import { functionNames } from '#src/project/function-names';
import { ROOT } from '#test/repository';

/** Bundles every function of the template, and every entry of fc-kit with everything it exports. */
export async function sdkBundle(plugin: Plugin): Promise<Metafile> {
  const functions = (await functionNames(ROOT)).map((name) => `functions/${name}/index.ts`);
  const { metafile } = await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: [...functions, ...kitEntries()].map(importAll).join('\n'),
      resolveDir: ROOT,
    },
    outdir: join(ROOT, 'dist'),
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
    conditions: ['fc-source'],
    external: ['proxy-agent'],
    plugins: [plugin],
    metafile: true,
  });
  return metafile;
}

/** Returns the modules of a namespace that files of packages import: `<package> <module>`. */
export function replacedIn({ inputs }: Metafile, namespace: string): Set<string> {
  const prefix = `${namespace}:`;
  const pairs = Object.entries(inputs).flatMap(([file, { imports }]) =>
    imports
      .filter(({ path }) => path.startsWith(prefix))
      .map(({ path }) => `${packageOf(join(ROOT, file))} ${path.slice(prefix.length)}`),
  );
  return new Set(pairs);
}

function kitEntries(): string[] {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'shared/package.json'), 'utf8'));
  return Object.keys(exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => `fc-kit/${entry.slice(2)}`);
}

function importAll(module: string, index: number): string {
  const specifier = module.startsWith('functions/') ? `./${module}` : module;
  return `import * as module${index} from '${specifier}'; console.log(module${index});`;
}
