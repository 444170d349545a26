import { expect, it } from 'vitest';
import { LocalCloudError } from '#src/errors';
import type { FunctionSpec, LeftOut, Project } from '#src/project/types';
import { Deployment } from '#src/start/deployment';

function fn(resource: string): FunctionSpec {
  return {
    name: `app-${resource}`,
    resource,
    codeDir: '/code',
    handler: 'index.handler',
    runtime: 'nodejs20',
    memorySize: 128,
    timeout: 3,
    environmentVariables: {},
    triggers: [],
    source: 's.yaml:7',
  };
}

function project(...resources: string[]): Project {
  return {
    name: 'app',
    region: 'cn-hangzhou',
    functions: resources.map(fn),
    queues: [],
    topics: [],
    subscriptions: [],
    buckets: [],
    roles: [],
    warnings: [],
  };
}

const MISSING = 'has no code: /code is missing';

/** Deploys all but the refused ones. */
function deployer(...refused: string[]) {
  const calls: string[] = [];
  return {
    calls,
    refused: new Set(refused),
    async deploy({ resource, name }: FunctionSpec) {
      if (this.refused.has(resource))
        throw new LocalCloudError(
          'CodeNotFound',
          `Function "${name}" (s.yaml:7) ${MISSING}`,
          'build it',
        );
      calls.push(`+${resource}`);
    },
    remove: (name: string) => void calls.push(`-${name}`),
  };
}

const LEFT_OUT: LeftOut = {
  what: 'Function "b"',
  resource: 'b',
  source: 's.yaml:7',
  reason: MISSING,
  remedy: 'build it',
};

it('leaves out the function that cannot be deployed, and runs the others', async () => {
  const app = project('a', 'b', 'c');
  const held = app.functions;
  const deployment = new Deployment(app, deployer('b'), false);
  for (const one of deployment.declared) await deployment.deploy(one);
  expect(held.map(({ resource }) => resource)).toEqual(['a', 'c']);
  expect(app.leftOut).toEqual([LEFT_OUT]);
});

it('runs a function again once it can be deployed', async () => {
  const app = project('a', 'b');
  const fc = deployer('b');
  const deployment = new Deployment(app, fc, false);
  for (const one of deployment.declared) await deployment.deploy(one);
  fc.refused.clear();
  expect(await deployment.deploy(deployment.declared[1] as FunctionSpec)).toBe(true);
  expect([app.functions.length, app.leftOut]).toEqual([2, []]);
});

it('leaves out a function whose build failed, without deploying it', async () => {
  const app = project('a');
  const fc = deployer();
  const deployment = new Deployment(app, fc, false);
  const failure = new LocalCloudError('BuildStepFailed', '"make" (s.yaml:9) ended with 1', 'look');
  await deployment.deploy(deployment.declared[0] as FunctionSpec, failure);
  expect([fc.calls, app.leftOut?.[0]?.reason]).toEqual([[], '"make" (s.yaml:9) ended with 1']);
});

it('keeps what the reader has left out, and makes an error of everything where it is strict', async () => {
  const app = { ...project('a', 'b'), leftOut: [{ ...LEFT_OUT, resource: 'php' }] };
  const deployment = new Deployment(app, deployer('b'), true);
  const [a, b] = deployment.declared as [FunctionSpec, FunctionSpec];
  await deployment.deploy(a);
  await expect(deployment.deploy(b)).rejects.toThrow(MISSING);
  expect(app.leftOut.map(({ resource }) => resource)).toEqual(['php']);
});

it('removes what the project no longer has', async () => {
  const app = project('a', 'b');
  const fc = deployer('b');
  const deployment = new Deployment(app, fc, false);
  for (const one of deployment.declared) await deployment.deploy(one);
  deployment.replace(project('c'));
  expect(fc.calls).toEqual(['+a', '-app-a', '-app-b']);
  expect([app.functions.map(({ resource }) => resource), app.leftOut]).toEqual([['c'], []]);
});
