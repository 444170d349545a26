import { describe, expect, it } from 'vitest';
import { RULES } from '#src/check/rules/all-rules';
import { withNeeds } from '#src/create/manifest';
import { changesOf, formatChanges, writeChanges } from '#src/parts/changes';
import { catalogAs } from '#src/parts/copy';
import { leftovers } from '#src/parts/leftovers';
import { pascal, renamer } from '#src/parts/names';
import { removed } from '#src/parts/remove';
import { readStack } from '#src/parts/stack';
import { viewProject } from '#src/project/view';
import { catalog, differing, NAMES, plus, project, sources } from './catalog.ts';
import { written } from './written.ts';

const ALL = project(NAMES);
const TEMPLATE = 'infra/template.yaml';
const template = (from: string, name = 'my-copy') => plus(ALL, from, name).get(TEMPLATE) ?? '';

it('makes a copy of each template that passes the rules, and removes it without a trace', async () => {
  const root = await written(ALL);
  let there = ALL;
  for (const from of NAMES) {
    const files = plus(ALL, from, 'my-copy');
    expect(differing(ALL, removed(files, ['my-copy'])), from).toEqual([]);
    writeChanges(root, changesOf(there, files));
    there = files;
    const view = await viewProject(root);
    const findings = Object.values(RULES).flatMap((rule) => rule(view));
    expect(findings.filter(({ remedy }) => !remedy.startsWith('fc-templates build'))).toEqual([]);
    expect(view.project.functions).toContainEqual(
      expect.objectContaining({ name: 'my-app-my-copy', role: 'my-app-my-copy' }),
    );
  }
});

it('leaves the copy complete when its original is removed', () => {
  for (const from of NAMES) {
    const left = removed(plus(ALL, from, 'my-copy'), [from]);
    const { parts } = readStack(left);
    for (const { id, needs } of parts.values())
      for (const need of needs) expect(parts.has(need), `${id} needs ${need}`).toBe(true);
    expect(parts.has('Resources.MyCopyRole')).toBe(true);
  }
});

it('keeps comments in the copy, with the new name in them', () => {
  const entry = (text = '', name = '') =>
    text.slice(text.indexOf(`\n  ${name}:`)).split(/\n\n/)[0] ?? '';
  const comments = (text: string) => text.split('\n').filter((line) => /^\s*#/.test(line));
  const files = plus(ALL, 'queue-consumer', 'order-mailer');
  const copied = entry(files.get('s.yaml'), 'order-mailer');
  const original = entry(ALL.get('s.yaml'), 'queue-consumer');
  expect(comments(original).length).toBeGreaterThan(0);
  expect(comments(copied)).toEqual(comments(original));
  expect(copied).not.toContain('queue-consumer');
  expect(files.get('functions/order-mailer/index.ts')).toMatch(/^\/\*\*\n \* order-mailer: /);
});

it('gives a copy the permissions of its template and the right to write logs', () => {
  const role = template('mpaas-vhost').split('\n  MyCopyRole:')[1]?.split(/\n\n/)[0];
  expect(role).toContain('log:PostLogStoreLogs');
  expect(role).toContain(`role/\${AppName}-my-copy-mpaas-query`);
});

it('lets the source of a trigger invoke the copy by its own role', () => {
  const invoked = (from: string) =>
    template(from).match(/:functions\/\$\{AppName\}-my-copy'/g) ?? [];
  expect(invoked('topic-subscriber')).toHaveLength(1);
  expect(invoked('oss-event-handler')).toHaveLength(1);
  expect(invoked('queue-consumer')).toEqual([]);
});

it('gives a copy of a consumer a queue of its own', () => {
  const files = plus(ALL, 'queue-event-consumer', 'order-mailer');
  expect(files.get(TEMPLATE)).toContain(`Fn::Sub: '\${AppName}-order-mailer'`);
  expect(files.get(TEMPLATE)).toContain(`quarantine/\${OrderMailerQueue.QueueName}`);
  expect(files.get('s.yaml')).toContain('output.OrderMailerQueueName}');
});

it('gives a copy of a function that OSS starts its own prefix, in trigger, variable, policy and test', () => {
  const files = plus(ALL, 'oss-event-handler', 'thumbnails');
  const entry = files.get('s.yaml') ?? '';
  expect(entry.match(/INPUT_PREFIX: thumbnails\/\n|prefix: thumbnails\/\n/g)).toHaveLength(2);
  expect(entry).toContain('INPUT_PREFIX: uploads/\n');
  expect(files.get(TEMPLATE)).toContain(`\${Bucket.Name}/thumbnails/*'`);
  expect(files.get('test/functions/thumbnails.test.ts')).not.toContain('uploads/');
});

describe('refuses before anything is written', () => {
  it.each([
    ['Order', '"Order" cannot be a function\'s name'],
    ['', '"" cannot be'],
    ['-a', '"-a" cannot be'],
    ['a--b', '"a--b" cannot be'],
    ['../x', '"../x" cannot be'],
    ['a_b', '"a_b" cannot be'],
    ['名', '"名" cannot be'],
    ['a'.repeat(32), 'has 32 characters; give 31 at most'],
    ['oss-uploader', '"oss-uploader" is the name of a template'],
    ['constructor', '"constructor" is what every object has'],
    ['deploy', '"deploy" is a command of the deploy tool'],
  ])('the name %j', (name, message) => {
    expect(() => catalogAs(catalog, 'queue-consumer', name)).toThrow(message);
  });

  it('the removal of an unknown function', () => {
    expect(() => removed(ALL, ['infra'])).toThrow('"infra" is not a function');
    expect(() => removed(ALL, ['nope'])).toThrow('"nope" is not a function');
  });
});

it('renames whole names of the function, and no module with a similar name', () => {
  const rename = renamer('oss-uploader', 'photo-box', ['oss-uploader', 'oss-uploader-two']);
  expect(rename(`'#functions/oss-uploader' \${AppName}-oss-uploader oss-uploader’s`)).toBe(
    `'#functions/photo-box' \${AppName}-photo-box photo-box’s`,
  );
  const others = "oss-uploader-two my-oss-uploader oss-uploaders '#shared/oss/oss-uploader'";
  expect(rename(others)).toBe(others);
  expect(pascal('a-b1-c')).toBe('AB1C');
});

it('says where code still names a removed function, and ignores documents', () => {
  const files = new Map([
    ['bench/run.ts', "start('topic-publisher');"],
    ['docs/a.md', 'topic-publisher'],
  ]);
  expect(leftovers(files, 'topic-publisher')).toEqual(['bench/run.ts:1']);
});

it('shows what it would do line by line, with place and sign', () => {
  const shown = formatChanges(changesOf(ALL, plus(ALL, 'oss-uploader', 'photo-box')), true);
  expect(shown).toMatch(/^created {2}functions\/photo-box\/index\.ts {2}\(\d+ lines\)$/m);
  expect(shown).toMatch(/^ {2}s\.yaml:\d+\n {2}\+ {3}photo-box:$/m);
});

it('finds nothing to change in the package.json of a project that was created', () => {
  const ours = JSON.parse(catalog.get('package.json') ?? '{}');
  const text = ALL.get('package.json') ?? '';
  expect(withNeeds(text, ours, sources)).toBe(text);
  expect(withNeeds('{ "name": "theirs" }', ours, sources)).toContain('"fc-kit"');
});
