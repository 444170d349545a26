import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';

/** Build results, secrets and what belongs to this machine. */
const LEFT_OUT = ['.git', '.local', '.s', '.template', 'dist', 'node_modules', 'publish.yaml'];

const isLeftOut = (name: string) =>
  LEFT_OUT.includes(name) || name.startsWith('.env') || name.endsWith('.log');

/** What becomes a parameter in s.yaml: each has to be there once. */
const PARAMETERS: readonly { written: string; pattern: RegExp; rendered: string }[] = [
  { written: 'name: …', pattern: /^name: \S+$/gm, rendered: 'name: {{ appName }}' },
  { written: 'access: …', pattern: /^access: \S+$/gm, rendered: 'access: {{ accessAlias }}' },
  {
    written: "env('REGION', '…')",
    pattern: /env\('REGION', '[^']*'\)/g,
    rendered: "env('REGION', '{{ region }}')",
  },
  {
    written: "env('APP_NAME', '…')",
    pattern: /env\('APP_NAME', '[^']*'\)/g,
    rendered: "env('APP_NAME', '{{ appName }}')",
  },
];

/**
 * Packs the project at `root` into `out`, which is emptied before, as an application template for
 * `s init`. The project needs publish.yaml, README.md and CHANGELOG.md. Throws CommandError when
 * s.yaml has not each line that is a parameter once.
 */
export async function packTemplate(root: string, out: string): Promise<void> {
  const serverless = withParameters(await readFile(join(root, 's.yaml'), 'utf8'));
  await rm(out, { recursive: true, force: true });
  const src = join(out, 'src');
  await mkdir(src, { recursive: true });
  for (const name of await readdir(root))
    if (!isLeftOut(name) && resolve(root, name) !== resolve(out))
      await cp(join(root, name), join(src, name), {
        recursive: true,
        filter: (path) => !/[/\\](node_modules|dist)$/.test(path),
      });
  await writeFile(join(src, 's.yaml'), serverless);
  await cp(join(root, 'publish.yaml'), join(out, 'publish.yaml'));
  await cp(join(root, 'README.md'), join(out, 'readme.md'));
  await writeFile(join(out, 'version.md'), await readFile(join(root, 'CHANGELOG.md'), 'utf8'));
}

/** The text of s.yaml with `{{ … }}` where `s init` fills in what it was given. */
export function withParameters(text: string): string {
  if (text.includes('{{'))
    throw new CommandError('s.yaml has {{ in it, which s init would fill in: write it otherwise');
  return PARAMETERS.reduce((rest, { written, pattern, rendered }) => {
    const times = rest.match(pattern)?.length ?? 0;
    if (times !== 1)
      throw new CommandError(
        `s.yaml has ${written} ${times} times, and not once: s init fills in one value there`,
      );
    return rest.replace(pattern, rendered);
  }, text);
}
