import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { readProject } from '#src/project/project';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

interface Preview {
  resources: Record<string, { component: string; props: Record<string, unknown> }>;
}

/**
 * Runs `s preview` on the repository's s.yaml, in a separate home; NODE_ENV=test keeps it from
 * reporting.
 */
async function preview(env: NodeJS.ProcessEnv): Promise<Preview> {
  const home = await mkdtemp(join(tmpdir(), 'preview-'));
  try {
    const { stdout } = await promisify(execFile)(
      join(ROOT, 'node_modules/.bin/s'),
      ['preview', '--silent', '-o', 'json'],
      { cwd: ROOT, env: { PATH: process.env.PATH, HOME: home, NODE_ENV: 'test', ...env } },
    );
    return JSON.parse(stripVTControlCharacters(stdout)) as Preview;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

it.each([[{}], [{ APP_NAME: 'mine', REGION: 'cn-shanghai', BUCKET_NAME: 'my-bucket' }]])(
  'the deploy tool reads s.yaml as the local cloud does, with %j',
  async (env) => {
    const { resources } = await preview(env);
    const project = await readProject({ dir: ROOT, env, accountId: '42' });
    const keys = Object.keys(resources).filter((key) =>
      resources[key]?.component.startsWith('fc3@'),
    );

    expect(keys).toEqual(project.functions.map(({ resource }) => resource));
    for (const fn of project.functions) {
      const props = resources[fn.resource]?.props;
      expect(props).toMatchObject({
        region: project.region,
        functionName: fn.name,
        runtime: fn.runtime,
        handler: fn.handler,
        memorySize: fn.memorySize,
        timeout: fn.timeout,
      });
      const triggers = (props?.triggers ?? []) as { triggerType: string; triggerName: string }[];
      expect(triggers.map(({ triggerType, triggerName }) => [triggerType, triggerName])).toEqual(
        fn.triggers.map(({ type, name }) => [type, name]),
      );
      expect(join(ROOT, String(props?.code))).toBe(fn.codeDir);
      expect(Object.keys(Object(props?.environmentVariables))).toEqual(
        Object.keys(fn.environmentVariables),
      );
    }
  },
);
