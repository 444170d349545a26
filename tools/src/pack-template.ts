import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './build.ts';
import { options, run, UsageError } from './cli.ts';

const HELP = `Usage: npm run pack:template -- [--out FOLDER]

Packs this repository as an application template for s init: publish.yaml, and under src/ the
repository, with region, app name and access as parameters in s.yaml. s init moves the packed folder
away; to try it:

  npm run pack:template && npx s init --uri .template -d ../my-app

  --out FOLDER          where to (.template); emptied before
  --help                print this and exit
`;

/** Build results, secrets and what belongs to this machine. */
const LEFT_OUT = ['.git', '.local', '.s', '.template', 'dist', 'node_modules', 'publish.yaml'];

const isLeftOut = (name: string) =>
  LEFT_OUT.includes(name) || name.startsWith('.env') || name.endsWith('.log');

/** What becomes a parameter in s.yaml: each has to be there once. */
const PARAMETERS: readonly [line: string, rendered: string][] = [
  ['name: fc-templates', 'name: {{ appName }}'],
  ['access: default', 'access: {{ accessAlias }}'],
  ["env('REGION', 'cn-hangzhou')", "env('REGION', '{{ region }}')"],
  ["env('APP_NAME', 'fc-templates')", "env('APP_NAME', '{{ appName }}')"],
];

/** Packs the repository at `root` into `out`, which is emptied before. Throws an Error when s.yaml no longer has a line that is a parameter. */
export async function packTemplate(root: string, out: string): Promise<void> {
  const serverless = withParameters(await readFile(join(root, 's.yaml'), 'utf8'));
  await rm(out, { recursive: true, force: true });
  const src = join(out, 'src');
  await mkdir(src, { recursive: true });
  for (const name of await readdir(root))
    if (!isLeftOut(name) && resolve(root, name) !== resolve(out))
      await cp(join(root, name), join(src, name), { recursive: true });
  await writeFile(join(src, 's.yaml'), serverless);
  await cp(join(root, 'publish.yaml'), join(out, 'publish.yaml'));
  await cp(join(root, 'README.md'), join(out, 'readme.md'));
  await writeFile(join(out, 'version.md'), await readFile(join(root, 'CHANGELOG.md'), 'utf8'));
}

/** The text of s.yaml with `{{ … }}` where `s init` fills in what it was told. */
export function withParameters(text: string): string {
  if (text.includes('{{')) throw new Error('s.yaml has {{ in it, which s init would render');
  return PARAMETERS.reduce((rest, [line, rendered]) => {
    const parts = rest.split(line);
    if (parts.length !== 2)
      throw new Error(`s.yaml has "${line}" ${parts.length - 1} times, and not once`);
    return parts.join(rendered);
  }, text);
}

async function main(): Promise<void> {
  const given = options({
    out: { type: 'string', default: '.template' },
    help: { type: 'boolean', default: false },
  });
  if (given.help) return void process.stdout.write(HELP);
  const out = resolve(ROOT, given.out);
  const inside = relative(ROOT, out);
  if (inside === '' || !(inside.startsWith('..') || inside.startsWith('.template')))
    throw new UsageError(`--out is "${given.out}"; give .template or a folder outside of this one`);
  if (relative(out, ROOT) === '' || !relative(out, ROOT).startsWith('..'))
    throw new UsageError(`--out is "${given.out}", which holds this repository; give another`);
  await packTemplate(ROOT, out);
  console.log(
    `Packed ${inside}; to try it: npx s init --uri ${inside} -d <folder>, which moves it away`,
  );
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1] ?? '')).href) run(main);
