import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ProjectView, viewProject } from '#src/project/view';
import { ROOT } from '#test/repository';
import { changesOf, type Fault } from './changes.ts';

let view: ProjectView;
beforeAll(async () => {
  view = await viewProject(ROOT);
});

const { said, withFunction, withText } = changesOf(() => view);

/** Makes a folder with only that env.yaml, removed after the test. */
function rootWith(environments: string): string {
  const root = mkdtempSync(join(tmpdir(), 'env-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'env.yaml'), environments);
  return root;
}

describe('a reviewer notices', () => {
  it.each<Fault>([
    [
      'a variable not declared',
      'environment',
      () => withFunction('oss-uploader', { environmentVariables: {} }),
      /^functions\/oss-uploader\/index\.ts:\d+: BUCKET_NAME is read, and s\.yaml does not declare it/,
    ],
    [
      'a variable that is not read',
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
      'an environment with a number',
      'environments',
      () => ({
        root: rootWith(
          view
            .read('env.yaml')
            .replace(
              '        infra:',
              '        topic-publisher: { environmentVariables: { LOG_LEVEL: 1 } }\n        infra:',
            ),
        ),
      }),
      /^env\.yaml:\d+: environment "testing": LOG_LEVEL is 1, and FC takes texts only: put it in quotes/,
    ],
    [
      'two environments of one name',
      'environments',
      () => ({ root: rootWith(view.read('env.yaml').replace(')}-staging', ')}-production')) }),
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
