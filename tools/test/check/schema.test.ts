import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '#test/repository';
import { run } from '#test/run';
import { serverlessFile, strangersProject } from '#test/stranger';

it('names file, line and remedy for what a schema does not allow', async () => {
  const project = await strangersProject({
    's.yaml': serverlessFile('plain', './code', '      timeout: 600\n'),
    'code/index.js': 'exports.handler = async () => "";\n',
    'schema.json': JSON.stringify({ properties: { timeout: { maximum: 300 } } }),
    'none.json': '{ "type": 5 }',
  });
  const check = (schema: string) =>
    run(['check', '--project', project, '--schema', join(project, schema)], {
      env: { HOME: project },
    });
  const { code, stderr } = await check('schema.json');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^s\.yaml:13: "plain", timeout is over 300: see the fields of the component fc3$/m,
  );
  const none = await check('none.json');
  expect(none.code).toBe(1);
  expect(none.stderr).toMatch(
    /^error: --schema is ".*none\.json", which is not a JSON schema \(.*\): give/,
  );
});

it('reports a schema of another version than the component that deploys', async () => {
  const project = await strangersProject({
    's.yaml': serverlessFile('plain', './code').replace('component: fc3', 'component: fc3@0.1.21'),
    'code/index.js': 'exports.handler = async () => "";\n',
    'fc3-0.1.22.json': '{}',
    'fc3-0.1.21.json': '{}',
  });
  const check = (schema: string) =>
    run(['check', '--project', project, '--schema', join(project, schema)], {
      env: { HOME: project },
    });
  expect((await check('fc3-0.1.22.json')).stderr).toMatch(
    /^s\.yaml:\d+: "plain" is deployed by fc3@0\.1\.21, and the schema is of 0\.1\.22: pin fc3@0\.1\.22/,
  );
  expect((await check('fc3-0.1.21.json')).stderr).not.toContain('the schema is of');
});

it('the template pins one version of fc3 for all functions, and the deploy tool itself exactly', () => {
  const versions = [
    ...readFileSync(join(ROOT, 's.yaml'), 'utf8').matchAll(/component: (fc3.*)$/gm),
  ];
  expect(new Set(versions.map(([, component]) => component))).toEqual(new Set(['fc3@0.1.22']));
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(devDependencies['@serverless-devs/s']).toMatch(/^\d+\.\d+\.\d+$/);
});
