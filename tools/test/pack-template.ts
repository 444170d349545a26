import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runDeployTool } from '#src/deploy-tool/run-deploy-tool';
import { packTemplate } from '#src/pack-template/pack-template';
import { ROOT } from '#test/repository';

/** What `s init` makes of the packed repository, with those parameters; gone after the test. */
export async function rendered(parameters: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'template-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [packed, app] = [join(folder, 'packed'), join(folder, 'app')];
  await packTemplate(ROOT, packed);
  const args = ['init', '--uri', packed, '-d', app, '-y'];
  const { code, stdout, stderr } = await runDeployTool(
    ROOT,
    [...args, '--parameters', JSON.stringify(parameters)],
    { PATH: process.env.PATH, HOME: folder, NODE_ENV: 'test' },
  );
  if (code !== 0) throw new Error(`s init ends with ${code}\n${stdout}\n${stderr}`);
  return app;
}
