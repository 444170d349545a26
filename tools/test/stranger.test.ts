import { existsSync } from 'node:fs';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startTestCloud } from 'fc-local/testing';
import { expect, it, onTestFinished } from 'vitest';
import { locateDeployTool } from '#src/deploy-tool/locate';
import { ROOT } from '#test/repository';
import { run } from '#test/run';
import { installKit, serverlessFile, strangersProject } from '#test/stranger';

const HANDLER = `import { json } from '#shared/handler';
export const handler = async () => json(200, { greeting: process.env.GREETING });
`;

it('bundles a handler of the template in another project, where #shared leads to fc-kit', async () => {
  const project = await strangersProject({
    'package.json': '{ "type": "module", "imports": { "#shared/*": "fc-kit/*" } }',
    's.yaml': serverlessFile(
      'hello',
      './dist/hello',
      '      environmentVariables: { GREETING: hi }\n      triggers: [{ triggerName: http, triggerType: http, triggerConfig: { authType: anonymous, methods: [GET] } }]\n',
    ),
    'functions/hello/index.ts': HANDLER,
  });
  await installKit(project, ['handler']);
  const built = await run(['build'], { cwd: project });
  expect(built).toMatchObject({ code: 0, stderr: '' });
  expect(built.stdout).toMatch(/^hello +\d+ KB +\d+ KB zipped\n$/);
  expect(await run(['check'], { cwd: project })).toEqual({
    code: 0,
    stdout: 'Checked 1 functions: nothing found\n',
    stderr: expect.stringMatching(/^note: s\.yaml:14: hello\/http lets in anyone [^\n]*\n$/),
  });

  const cloud = await startTestCloud({ project });
  onTestFinished(() => cloud.close());
  expect(await (await fetch(cloud.function('hello').url)).json()).toEqual({ greeting: 'hi' });
});

it('reports nothing about a project of plain JavaScript, which the build leaves unchanged', async () => {
  const project = await strangersProject({
    's.yaml': serverlessFile('plain', './code', '      environmentVariables: { GREETING: hi }\n'),
    'code/index.js': 'exports.handler = async () => process.env.GREETING;\n',
  });
  expect(await run(['check', '--project', project])).toEqual({
    code: 0,
    stdout: 'Checked 1 functions: nothing found\n',
    stderr: '',
  });
  const { code, stderr } = await run(['build', '--project', project]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: there is no folder under functions\/; write .*\n$/);
  expect(existsSync(join(project, 'dist'))).toBe(false);
});

it('uses the deploy tool of the project, else the one beside this package', async () => {
  const own = createRequire(import.meta.url).resolve('@serverless-devs/s/package.json');
  const project = await strangersProject({ 's.yaml': serverlessFile('plain', './') });
  expect(locateDeployTool(project)).toBe(join(own, '..', 'bin', 's'));

  const other = await strangersProject({
    'node_modules/@serverless-devs/s/package.json': '{ "name": "@serverless-devs/s" }',
  });
  expect(locateDeployTool(other)).toBe(
    join(other, 'node_modules', '@serverless-devs', 's', 'bin', 's'),
  );
});

it('previews, adds and removes functions of a project with neither README nor tests', async () => {
  const project = await strangersProject({
    's.yaml': `${serverlessFile('hello', './dist/hello')}      role: \${resources.infra.output.HelloRole}
  infra:
    component: ros
    props: { region: cn-hangzhou, name: their-app, template: ./infra/template.yaml }
`,
    'infra/template.yaml': `ROSTemplateFormatVersion: '2015-09-01'
Resources:
  HelloRole:
    Type: ALIYUN::RAM::Role
    Properties:
      RoleName: hello
      AssumeRolePolicyDocument:
        Version: '1'
        Statement:
          - Action: sts:AssumeRole
            Effect: Allow
            Principal: { Service: [fc.aliyuncs.com] }
Outputs:
  HelloRole:
    Value:
      Fn::GetAtt: [HelloRole, Arn]
`,
    'functions/hello/index.ts': 'export const handler = async () => "hello";\n',
  });
  await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  const preview = await run(['preview'], { cwd: project, env: { HOME: project } });
  expect(preview.code).toBe(0);
  expect(preview.stdout).toContain('functionName: hello');

  const read = () =>
    Promise.all(
      ['s.yaml', 'infra/template.yaml'].map((file) => readFile(join(project, file), 'utf8')),
    );
  const before = await read();
  await writeFile(join(project, 'package.json'), '{ "type": "module" }\n');
  const add = ['add', 'oss-uploader', '--as', 'bye', '--from-registry'];
  const made = await run(add, { cwd: project });
  expect(made.code).toBe(0);
  expect(made.stderr).toContain('This project is JavaScript');
  expect(made.stdout).toMatch(/^created {2}functions\/bye\/index\.ts$/m);
  expect(existsSync(join(project, 'README.md'))).toBe(false);
  const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
  expect(manifest.imports['#shared/*']).toBe('fc-kit/*');
  expect(manifest.dependencies['fc-kit']).toMatch(/^\^/);
  expect((await run(add, { cwd: project })).stdout).toBe(
    'bye is there already, with all that it needs.\n',
  );

  const removed = await run(['remove', 'bye'], { cwd: project });
  expect(removed).toMatchObject({ code: 0, stderr: '' });
  expect(await read()).toEqual(before);
  expect(existsSync(join(project, 'functions/bye'))).toBe(false);
});
