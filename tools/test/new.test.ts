import { beforeAll, describe, expect, it } from 'vitest';
import { build } from '#src/build/build';
import { RULES } from '#src/check/rules/all-rules';
import { planCopy } from '#src/new/copy';
import { applyEdits, type Change, formatChanges, writeChanges } from '#src/new/edits';
import { pascal, renamer } from '#src/new/names';
import { leftovers, planRemoval } from '#src/new/removal';
import { type ProjectView, viewProject } from '#src/project/view';
import { ROOT } from '#test/repository';
import { repositoryCopy } from './repository-copy.ts';

let view: ProjectView;
beforeAll(async () => {
  view = await viewProject(ROOT);
});

const findings = (checked: ProjectView) => Object.values(RULES).flatMap((rule) => rule(checked));

function textOf(changes: readonly Change[], path: string): string {
  const change = changes.find((one) => one.path === path);
  if (change?.kind === 'edited') return applyEdits(change.before, change.edits);
  return change?.kind === 'created' ? change.text : '';
}

it('makes a function that the rules have nothing to say about, and takes it out without a trace', async () => {
  const root = await repositoryCopy();
  const before = await viewProject(root);
  const known = findings(before);
  const files = ['s.yaml', 'infra/template.yaml', 'README.md', 'test/e2e/permissions.test.ts'];
  const texts = files.map(before.read);

  writeChanges(root, planCopy(before, 'queue-consumer', 'order-mailer'));
  await build(root, ['order-mailer']);
  const after = await viewProject(root);
  expect(after.folders).toContain('order-mailer');
  expect(findings(after).length).toBe(known.length);
  const made = after.project.functions.find(({ resource }) => resource === 'order-mailer');
  expect(made).toMatchObject({
    name: `${after.project.name}-order-mailer`,
    role: `${after.project.name}-order-mailer`,
    handler: 'index.handler',
  });

  writeChanges(root, planRemoval(after, 'order-mailer'));
  const back = await viewProject(root);
  expect(files.map(back.read)).toEqual(texts);
  expect(back.folders).toEqual(before.folders);
});

it('keeps the comments of what it copies, and says the new name in them', () => {
  const changes = planCopy(view, 'queue-consumer', 'order-mailer');
  const comments = (text: string) => text.split('\n').filter((line) => /^\s*#/.test(line));
  const entry = (text: string, name: string) =>
    text.slice(text.indexOf(`\n  ${name}:`)).split(/\n\n/)[0] ?? '';
  const copied = entry(textOf(changes, 's.yaml'), 'order-mailer');
  const original = entry(view.read('s.yaml'), 'queue-consumer');
  expect(comments(original).length).toBeGreaterThan(0);
  expect(comments(copied)).toEqual(comments(original));
  expect(copied).not.toContain('queue-consumer');
  expect(textOf(changes, 'functions/order-mailer/index.ts')).toMatch(/^\/\*\*\n \* order-mailer: /);
});

it('gives a copy the permissions of its template and the right to write logs', () => {
  const template = textOf(planCopy(view, 'mpaas-vhost', 'my-vhost'), 'infra/template.yaml');
  const role = template.slice(template.indexOf('\n  MyVhostRole:')).split(/\n\n/)[0];
  expect(role).toContain('log:PostLogStoreLogs');
  // Its output, and the trust of the role that both assume.
  expect(template.match(/Fn::GetAtt: \[MyVhostRole, Arn\]/g)).toHaveLength(2);
});

it('lets the source of a trigger invoke the copy too, and no other', () => {
  const invoked = (from: string) =>
    textOf(planCopy(view, from, 'my-copy'), 'infra/template.yaml').match(
      /:functions\/\$\{AppName\}-my-copy'/g,
    ) ?? [];
  expect(invoked('topic-subscriber')).toHaveLength(1);
  expect(invoked('oss-event-handler')).toHaveLength(1);
  expect(invoked('queue-consumer')).toEqual([]);
});

it('gives a copy of a function that EventBridge feeds a queue of its own', () => {
  const changes = planCopy(view, 'queue-event-consumer', 'order-mailer');
  const template = textOf(changes, 'infra/template.yaml');
  expect(template).toContain(`Fn::Sub: '\${AppName}-order-mailer'`);
  expect(template).toContain(`queues/\${OrderMailerQueue.QueueName}`);
  expect(textOf(changes, 's.yaml')).toContain('output.OrderMailerQueueName}');
});

it('gives a copy of a function that OSS sets off a prefix of its own, in trigger, variable, policy and test', () => {
  const changes = planCopy(view, 'oss-event-handler', 'thumbnails');
  const entry = textOf(changes, 's.yaml');
  expect(entry.match(/INPUT_PREFIX: thumbnails\/\n|prefix: thumbnails\/\n/g)).toHaveLength(2);
  expect(entry).toContain('INPUT_PREFIX: uploads/\n');
  expect(textOf(changes, 'infra/template.yaml')).toContain(`\${Bucket.Name}/thumbnails/*'`);
  expect(textOf(changes, 'test/functions/thumbnails.test.ts')).not.toContain('uploads/');
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
    ['infra', '"infra" in s.yaml is there already'],
    ['oss-uploader', 'functions/oss-uploader is there already'],
    ['topic-invocation', 'TopicInvocationRole is there already'],
    ['constructor', '"constructor" is what every object has'],
    ['deploy', '"deploy" is a command of the deploy tool'],
  ])('the name %j', (name, message) => {
    expect(() => planCopy(view, 'queue-consumer', name)).toThrow(message);
  });

  it('a name that would give one of the stack’s outputs a second time', () => {
    expect(() => planCopy(view, 'queue-event-consumer', 'dead')).toThrow(
      'DeadQueueName is there already',
    );
  });

  it('a template that is not there, with the nearest one', () => {
    expect(() => planCopy(view, 'queue-consumr', 'a')).toThrow('did you mean queue-consumer?');
  });

  it('to take out what is no function', () => {
    expect(() => planRemoval(view, 'infra')).toThrow('"infra" is no function');
    expect(() => planRemoval(view, 'nope')).toThrow('"nope" is no function');
  });
});

it('keeps the line ends of the files it edits', () => {
  const windows = { ...view, read: (path: string) => view.read(path).replaceAll('\n', '\r\n') };
  const changes = planCopy(windows, 'queue-consumer', 'order-mailer');
  for (const path of ['s.yaml', 'infra/template.yaml', 'README.md', 'test/e2e/permissions.test.ts'])
    expect(textOf(changes, path)).not.toMatch(/[^\r]\n/);
});

it('renames whole names of the function, and no module that is named alike', () => {
  const rename = renamer('oss-uploader', 'photo-box', ['oss-uploader', 'oss-uploader-two']);
  expect(rename(`'#functions/oss-uploader' \${AppName}-oss-uploader oss-uploader’s`)).toBe(
    `'#functions/photo-box' \${AppName}-photo-box photo-box’s`,
  );
  const others = "oss-uploader-two my-oss-uploader oss-uploaders '#shared/oss/oss-uploader'";
  expect(rename(others)).toBe(others);
  expect(pascal('a-b1-c')).toBe('AB1C');
});

it('says where other code still names what is taken out', () => {
  expect(leftovers(view, 'topic-publisher').join()).toMatch(/bench\/cold-start\.ts:\d+/);
});

it('shows what it would do line by line, with place and sign', () => {
  const shown = formatChanges(planCopy(view, 'oss-uploader', 'photo-box'), true);
  expect(shown).toMatch(/^created {2}functions\/photo-box\/index\.ts {2}\(\d+ lines\)$/m);
  expect(shown).toMatch(/^ {2}s\.yaml:\d+\n {2}\+\n {2}\+ {3}photo-box:$/m);
});
