import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Fields } from '#local/project/fields';
import type { FunctionSpec, Project } from '#local/project/types';
import { parseYaml } from '#local/project/yaml-tree';
import { ROOT } from '#scripts/build';
import { type House, readHouse } from '#scripts/check/house';
import { mismatches } from '#scripts/check/json-schema';
import { RULES } from '#scripts/check/rules';

let house: House;
beforeAll(async () => {
  house = await readHouse(ROOT);
});

const said = (rule: string, changed: Partial<House> = {}) =>
  (RULES[rule]?.({ ...house, ...changed }) ?? []).map(
    ({ source, problem, remedy }) => `${source}: ${problem}: ${remedy}`,
  );

/** The project with one of its functions changed. */
function withFunction(name: string, change: Partial<FunctionSpec>): { project: Project } {
  const functions = house.project.functions.map((fn) =>
    fn.resource === name ? { ...fn, ...change } : fn,
  );
  return { project: { ...house.project, functions } };
}

/** The house with one file's text changed, s.yaml and the template read again. */
function withText(file: string, from: string | RegExp, to: string): Partial<House> {
  const text = house.read(file).replace(from, to);
  expect(text).not.toBe(house.read(file));
  const read = (path: string) => (path === file ? text : house.read(path));
  const fields = () => new Fields(parseYaml(text, file), file);
  return {
    read,
    ...(file === 's.yaml' && { serverless: fields() }),
    ...(file === 'infra/template.yaml' && { template: fields() }),
  };
}

/** A folder with nothing but that env.yaml, gone after the test. */
function rootWith(environments: string): string {
  const root = mkdtempSync(join(tmpdir(), 'env-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'env.yaml'), environments);
  return root;
}

describe('a reviewer notices', () => {
  it.each<[string, string, () => Partial<House>, RegExp]>([
    [
      'a folder that is not declared',
      'entries',
      () => ({ folders: [...house.folders, 'stray'] }),
      /^functions\/stray\/index\.ts: s\.yaml declares no function "stray": add it/,
    ],
    [
      'an entry with no folder',
      'entries',
      () => ({ exists: (path) => !path.includes('oss-uploader') }),
      /^s\.yaml:\d+: Function "oss-uploader" has no functions\/oss-uploader\/index\.ts/,
    ],
    [
      'a name without its stack',
      'names',
      () =>
        withText(
          's.yaml',
          'functionName: \u0024{resources.infra.props.name}-oss-uploader',
          'functionName: uploader',
        ),
      /^s\.yaml:\d+: .*write functionName: \$\{resources\.infra\.props\.name\}-oss-uploader$/,
    ],
    [
      'a role of nobody’s',
      'roles',
      () => withText('s.yaml', '.output.OssUploaderRole', '.output.Nothing'),
      /^s\.yaml:\d+: Function "oss-uploader" takes no role/,
    ],
    [
      'a role shared',
      'roles',
      () => withText('s.yaml', '.output.OssUploaderRole', '.output.QueueConsumerRole'),
      /^s\.yaml:\d+: Function "oss-uploader" shares the role QueueConsumerRole with "queue-consumer"/,
    ],
    [
      'a role left over',
      'roles',
      () => withText('s.yaml', '.output.OssUploaderRole', '.output.QueueConsumerRole'),
      /^infra\/template\.yaml:\d+: Role OssUploaderRole is for functions/,
    ],
    [
      'logs nobody may write',
      'logs',
      () => ({
        project: {
          ...house.project,
          roles: house.project.roles.map((role) => ({ ...role, policies: [] })),
        },
      }),
      /^s\.yaml:\d+: Function "oss-uploader" has a logConfig/,
    ],
    [
      'a missing test',
      'tests',
      () => ({
        files: (path) => house.files(path).filter((file) => !file.includes('oss-uploader')),
      }),
      /^functions\/oss-uploader\/index\.ts: there is no test\/functions\/oss-uploader\.test\.ts/,
    ],
    [
      'a test of nothing',
      'tests',
      () => ({ files: () => ['test/functions/gone.test.ts'] }),
      /^test\/functions\/gone\.test\.ts: there is no functions\/gone\//,
    ],
    [
      'a missing scenario',
      'tests',
      () => withText('test/e2e/permissions.test.ts', "async 'oss-uploader'(", 'async other('),
      /^test\/e2e\/permissions\.test\.ts: no scenario proves .* "oss-uploader"/,
    ],
    [
      'a missing row',
      'readme',
      () => withText('README.md', '| [`oss-uploader`](', '| [`other`]('),
      /^README\.md:\d+: the table of functions has no row for "oss-uploader"/,
    ],
    [
      'a missing section',
      'readme',
      () => withText('README.md', '**oss-uploader.**', 'oss-uploader'),
      /^README\.md:\d+: there is no section on "oss-uploader"/,
    ],
    [
      'a row of nothing',
      'readme',
      () => ({ folders: [] }),
      /^README\.md:\d+: there is no functions\/topic-publisher\/index\.ts/,
    ],
    [
      'a section on nothing',
      'readme',
      () => withText('README.md', '**oss-uploader.**', '**oss-uploader.** It.\n\n**gone.**'),
      /^README\.md:\d+: the section "gone" is about no function/,
    ],
    [
      'a handler not exported',
      'handlers',
      () => withFunction('oss-uploader', { handler: 'index.main' }),
      /^s\.yaml:\d+: handler is "index\.main", and .* exports no main/,
    ],
    [
      'a file not built',
      'handlers',
      () => withFunction('oss-uploader', { handler: 'other.handler' }),
      /^s\.yaml:\d+: .*no dist\/oss-uploader\/other\.js: npm run build -- oss-uploader/,
    ],
    [
      'code from elsewhere',
      'handlers',
      () => withFunction('oss-uploader', { codeDir: ROOT }),
      /^s\.yaml:\d+: Function "oss-uploader" is deployed from/,
    ],
    [
      'a variable not declared',
      'environment',
      () => withFunction('oss-uploader', { environmentVariables: {} }),
      /^functions\/oss-uploader\/index\.ts:\d+: BUCKET_NAME is read, and s\.yaml does not declare it/,
    ],
    [
      'a variable nobody reads',
      'environment',
      () => withText('s.yaml', 'QUEUE_NAME: ', 'QUEUE_NAMES: '),
      /^s\.yaml:\d+: QUEUE_NAMES is declared, and nothing in the bundle/,
    ],
    [
      'a variable that is a number',
      'environment',
      () => withText('s.yaml', /QUEUE_NAME: .*/, 'QUEUE_NAME: 5'),
      /^s\.yaml:\d+: QUEUE_NAME is 5, and FC takes texts only: put it in quotes/,
    ],
    [
      'too much environment',
      'environment',
      () =>
        withFunction('oss-uploader', { environmentVariables: { BUCKET_NAME: 'é'.repeat(2043) } }),
      /are 4097 bytes, and FC takes 4096/,
    ],
    [
      'a timeout over the visibility',
      'queues',
      () => withFunction('queue-consumer', { timeout: 91 }),
      /^s\.yaml:\d+: "queue-consumer" may run for 91 seconds, .* come back after 90: raise/,
    ],
    [
      'no dead-letter queue',
      'queues',
      () => ({
        project: {
          ...house.project,
          queues: house.project.queues.map(({ deadLetter: _, ...queue }) => queue),
        },
      }),
      /^infra\/template\.yaml:\d+: "queue-consumer" consumes .*-orders, which has no dead-letter queue/,
    ],
    [
      'eventbridge not last',
      'triggers',
      () =>
        withFunction('queue-event-consumer', {
          triggers: house.project.functions
            .flatMap(({ triggers }) => triggers)
            .filter(({ type }) => type === 'eventbridge' || type === 'timer')
            .toSorted((a, b) => a.type.localeCompare(b.type)),
        }),
      /^s\.yaml:\d+: trigger "[\w-]+" of "queue-event-consumer" stands after one of type eventbridge/,
    ],
    [
      'an oss trigger without a role',
      'triggers',
      () =>
        withFunction('oss-uploader', {
          triggers: [
            {
              type: 'oss',
              name: 't',
              bucket: 'b',
              events: [],
              prefix: '',
              suffix: '',
              source: 's.yaml:1',
            },
          ],
        }),
      /^s\.yaml:1: trigger "t" of "oss-uploader" has no invocationRole/,
    ],
    [
      'a tag too long',
      'triggers',
      () => ({
        project: {
          ...house.project,
          subscriptions: [{ name: 's', topic: 't', endpoint: 'e', filterTag: 'x'.repeat(17) }],
        },
      }),
      /the tag of subscription s has 17 characters: give 16 at most/,
    ],
    [
      'a package with more in it',
      'packages',
      () => ({ files: (path) => [...house.files(path), `${path}/.env`] }),
      /^dist\/oss-uploader\/\.env: the package of "oss-uploader" holds more than its bundle/,
    ],
    [
      'a package too large',
      'packages',
      () => ({ zipped: () => 200 * 1024 + 1 }),
      /^s\.yaml:\d+: dist\/\S+ is 201 KB zipped, and 200 KB are allowed/,
    ],
    [
      'a package with a code cache too large',
      'packages',
      () => ({
        files: (path) => ['index.js', 'bundle.js', 'bundle.cache'].map((file) => `${path}/${file}`),
        zipped: () => 300 * 1024,
      }),
      /^s\.yaml:\d+: dist\/\S+ is 900 KB zipped, and 650 KB are allowed/,
    ],
    [
      'a bundle without its code cache',
      'packages',
      () => ({ files: (path) => [...house.files(path), `${path}/bundle.js`] }),
      /^dist\/oss-uploader\/bundle\.js: the package of "oss-uploader" holds more than its bundle/,
    ],
    [
      'an environment with a number',
      'environments',
      () => ({
        root: rootWith(house.read('env.yaml').replace('LOG_LEVEL: debug', 'LOG_LEVEL: 1')),
      }),
      /^env\.yaml:\d+: environment "testing": LOG_LEVEL is 1, and FC takes texts only: put it in quotes/,
    ],
    [
      'two environments of one name',
      'environments',
      () => ({ root: rootWith(house.read('env.yaml').replace(')}-staging', ')}-production')) }),
      /^env\.yaml:\d+: environment "production" has the stack of "staging"/,
    ],
    [
      'an environment of what is not there',
      'environments',
      () => withText('s.yaml', '  infra:\n', '  stack:\n'),
      /^env\.yaml:\d+: environment "testing" overlays "infra", which s\.yaml does not declare/,
    ],
  ])('%s', (_what, rule, change, message) => {
    expect(said(rule)).toEqual([]);
    expect(said(rule, change())).toContainEqual(expect.stringMatching(message));
  });
});

it.each([
  [{ type: 'string' }, 5, 'is 5, and wants string'],
  [{ required: ['a'], type: 'object' }, {}, 'lacks a'],
  [{ additionalProperties: false, type: 'object' }, { a: 1 }, 'is not allowed here'],
  [{ items: { enum: ['a', 'b'] } }, ['a', 'c'], 'is "c", and wants one of a, b'],
  [{ $ref: '#/definitions/n', definitions: { n: { minimum: 2 } } }, 1, 'is under 2'],
  [{ pattern: '^a' }, 'b', 'does not match ^a'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 1, 'fits none of the forms it may have'],
  [JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]}}'), { a: 1 }, 'lacks b'],
])('the schema %j does not hold for %j', (schema, value, message) => {
  expect(mismatches(schema, value).map((one) => one.message)).toEqual([message]);
});
