import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { onDeployed } from '#src/deploy/on-deployed';
import { previewOf } from '#src/deploy-tool/preview';
import { runDeployTool } from '#src/deploy-tool/run-deploy-tool';
import { ROOT } from '#test/repository';

/** A component that writes down what it is asked for; a folder of its name stands in for the one from the registry. */
const COMPONENT = `
const { appendFileSync } = require('node:fs');
const asked = (command) => async ({ resource, props }) => {
  appendFileSync(process.env.ASKED, JSON.stringify({ command, name: resource.name, props }) + '\\n');
  if (process.env.FAILS === resource.name) throw new Error('not today');
  return {};
};
module.exports = class { remove = asked('remove'); info = asked('info'); };
`;

async function deployedProject() {
  const root = await mkdtemp(join(tmpdir(), 'deployed-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const path of ['s.yaml', 'env.yaml', 'infra'])
    await cp(join(ROOT, path), join(root, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const component of ['fc3', 'ros']) {
    await mkdir(join(root, component));
    const main = JSON.stringify({ name: component, version: '1.0.0', main: 'index.js' });
    await writeFile(join(root, component, 'package.json'), main);
    await writeFile(join(root, component, 'index.js'), COMPONENT);
  }

  const names = { APP_NAME: 'shop', REGION: 'cn-beijing' };
  const env = {
    ...names,
    PATH: process.env.PATH,
    HOME: root,
    NODE_ENV: 'test',
    ASKED: join(root, 'asked'),
  };
  const preview = await previewOf(root, 'staging', env);
  const options = { preview, access: 'default', args: ['-y'] };
  const run = (command: 'info' | 'remove', names: string[], fails = '') =>
    onDeployed(command, {
      ...options,
      names,
      async run(args) {
        const { code } = await runDeployTool(root, args, { ...env, FAILS: fails });
        return code ?? 1;
      },
    });
  const asked = async () => {
    const lines = (await readFile(env.ASKED, 'utf8')).trim().split('\n');
    return lines.map(
      (line) => JSON.parse(line) as { name: string; props: Record<string, unknown> },
    );
  };
  return { run, asked };
}

it('takes away the functions of an environment, then the stack whose roles and bucket they use', async () => {
  const { run, asked } = await deployedProject();
  expect(await run('remove', [])).toBe(0);
  const order = await asked();
  expect(order.length).toBeGreaterThan(2);
  expect(order.findIndex(({ name }) => name === 'infra')).toBe(order.length - 1);
  expect(order.at(-1)?.props).toMatchObject({ name: 'shop-staging' });
  expect(order[0]?.props).toMatchObject({
    functionName: `shop-staging-${order[0]?.name}`,
    region: 'cn-beijing',
  });
});

it('leaves the stack where it is when a function could not be taken away', async () => {
  const { run, asked } = await deployedProject();
  expect(await run('remove', [], 'oss-uploader')).not.toBe(0);
  const names = (await asked()).map(({ name }) => name);
  expect(names.at(-1)).toBe('oss-uploader');
  expect(names).not.toContain('infra');
});

it('tells of all functions, and not of the stack, which cannot', async () => {
  const { run, asked } = await deployedProject();
  expect(await run('info', [])).toBe(0);
  const names = (await asked()).map(({ name }) => name);
  expect(names).toContain('queue-consumer');
  expect(names).not.toContain('infra');
});

it('takes away, and tells of, functions by name', async () => {
  const { run, asked } = await deployedProject();
  expect(await run('remove', ['oss-uploader'])).toBe(0);
  expect(await run('info', ['topic-publisher'])).toBe(0);
  expect(await asked()).toMatchObject([
    { command: 'remove', name: 'oss-uploader' },
    { command: 'info', name: 'topic-publisher' },
  ]);
  await expect(run('remove', ['infra'])).rejects.toThrow(
    '"infra" is no function; there are topic-',
  );
});
