import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { blocksIn, documents, ROOT } from '../documents/markdown.ts';

/** Every block of TypeScript there is a module of its own. */
const EXAMPLES = documents()
  .filter((file) => file.startsWith('docs/'))
  .flatMap((file) => blocksIn(file))
  .filter(({ language }) => language === 'ts');

it('the examples in docs/ compile as modules of a project', async () => {
  const project = await mkdtemp(join(tmpdir(), 'examples-'));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  for (const name of ['node_modules', 'package.json', 'shared'])
    await symlink(join(ROOT, name), join(project, name));
  for (const { file, line, text } of EXAMPLES)
    await writeFile(join(project, `${file.replaceAll('/', '-')}-${line}.ts`), text);
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    include: ['*.ts', 'shared/src/**/*.d.ts'],
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(config));

  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [tsc, '-p', project, '--checkers', '1'],
    {
      cwd: project,
    },
  ).catch((error) => error);

  expect(EXAMPLES.length).toBeGreaterThan(10);
  expect(stdout).toBe('');
});
