import { beforeAll, describe, expect, it } from 'vitest';
import { type ProjectView, viewProject } from '#src/project/view';
import { ROOT } from '#test/repository';
import { changesOf, type Fault } from './changes.ts';

let view: ProjectView;
beforeAll(async () => {
  view = await viewProject(ROOT);
});

const { said, withText } = changesOf(() => view);

describe('a reviewer notices', () => {
  it.each<Fault>([
    [
      'a folder that is not declared',
      'entries',
      () => ({ folders: [...view.folders, 'stray'] }),
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
      'a role that is not there',
      'roles',
      () => withText('s.yaml', '.output.OssUploaderRole', '.output.Nothing'),
      /^s\.yaml:\d+: Function "oss-uploader" has no role/,
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
      'logs without the permission to write them',
      'logs',
      () => ({
        project: {
          ...view.project,
          roles: view.project.roles.map((role) => ({ ...role, policies: [] })),
        },
      }),
      /^s\.yaml:\d+: Function "oss-uploader" has a logConfig/,
    ],
    [
      'a missing test',
      'tests',
      () => ({
        files: (path) => view.files(path).filter((file) => !file.includes('oss-uploader')),
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
      () => ({
        files: (path) =>
          view.files(path).filter((file) => file !== 'test/permissions/oss-uploader.test.ts'),
      }),
      /^test\/permissions: no scenario proves .* "oss-uploader"/,
    ],
    [
      'a missing row',
      'readme',
      () => withText('README.md', '| [`oss-uploader`](', '| [`other`]('),
      /^README\.md:\d+: the table of functions has no row for "oss-uploader"/,
    ],
    [
      'a missing page',
      'readme',
      () => ({
        files: (path) => view.files(path).filter((file) => !file.includes('oss-uploader')),
      }),
      /^docs\/functions: there is no page on "oss-uploader"/,
    ],
    [
      'a row of nothing',
      'readme',
      () => ({ folders: [] }),
      /^README\.md:\d+: there is no functions\/topic-publisher\/index\.ts/,
    ],
    [
      'a missing row in Chinese',
      'readme',
      () => withText('README.zh-CN.md', '| [`oss-uploader`](', '| [`other`]('),
      /^README\.zh-CN\.md:\d+: the table of functions has no row for "oss-uploader"/,
    ],
    [
      'a command that one README has and the other has not',
      'languages',
      () => withText('README.zh-CN.md', 'npm run demo\n', 'npm run demo\nnpm start\n'),
      /^README\.zh-CN\.md:\d+: it has npm start where README\.md:\d+ has a block of text/,
    ],
    [
      'a page in Chinese alone',
      'languages',
      () => ({ files: (path) => [...view.files(path), 'docs/gone.zh-CN.md'] }),
      /^docs\/gone\.zh-CN\.md: there is no docs\/gone\.md: write it in English too/,
    ],
    [
      'a page on nothing',
      'readme',
      () => ({ files: (path) => [...view.files(path), 'docs/functions/gone.md'] }),
      /^docs\/functions\/gone\.md: it is about no function/,
    ],
  ])('%s', (_what, rule, change, message) => {
    expect(said(rule)).toEqual([]);
    expect(said(rule, change())).toContainEqual(expect.stringMatching(message));
  });
});
