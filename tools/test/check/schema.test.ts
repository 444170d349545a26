import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '#test/run';
import { serverlessFile, strangersProject } from '#test/stranger';

it('names file, line and remedy of what a schema does not allow', async () => {
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
    /^error: --schema is ".*none\.json", and that is no JSON schema \(.*\): give/,
  );
});
