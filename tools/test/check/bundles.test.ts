import { beforeAll, describe, expect, it } from 'vitest';
import { type ProjectView, viewProject } from '#src/project/view';
import { ROOT } from '#test/repository';
import { changesOf, type Fault } from './changes.ts';

let view: ProjectView;
beforeAll(async () => {
  view = await viewProject(ROOT);
});

const { said, withFunction } = changesOf(() => view);

describe('a reviewer notices', () => {
  it.each<Fault>([
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
      /^s\.yaml:\d+: .*no dist\/oss-uploader\/other\.js: fc-templates build oss-uploader/,
    ],
    [
      'code from elsewhere',
      'handlers',
      () => withFunction('oss-uploader', { codeDir: ROOT }),
      /^s\.yaml:\d+: Function "oss-uploader" is deployed from/,
    ],
    [
      'a package with more in it',
      'packages',
      () => ({ files: (path) => [...view.files(path), `${path}/.env`] }),
      /^dist\/oss-uploader\/\.env: the package of "oss-uploader" holds more than its bundle/,
    ],
    [
      'a file that its bundle does not load later',
      'packages',
      () => ({ files: (path) => [...view.files(path), `${path}/urllib-0.0.0.js`] }),
      /^dist\/oss-uploader\/urllib-0\.0\.0\.js: the package of "oss-uploader" holds more than its bundle/,
    ],
    [
      'a missing file that its bundle loads later',
      'packages',
      () => ({
        files: (path) => view.files(path).filter((file) => !/\/ali-oss-[\d.]+\.js$/.test(file)),
      }),
      /^dist\/oss-uploader\/ali-oss-6\.23\.0\.js: the bundle of "oss-uploader" loads it later, and it is not there: fc-templates build oss-uploader/,
    ],
    [
      'a code cache of one script without the bundle’s',
      'packages',
      () => ({ files: (path) => [...view.files(path), `${path}/ali-oss-6.23.0.cache`] }),
      /^dist\/oss-uploader\/ali-oss-6\.23\.0\.cache: the package of "oss-uploader" holds more than its bundle/,
    ],
    [
      'a package too large',
      'packages',
      () => ({ zipped: (path) => (path.endsWith('/index.js') ? 200 * 1024 + 1 : 0) }),
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
      () => ({ files: (path) => [...view.files(path), `${path}/bundle.js`] }),
      /^dist\/oss-uploader\/bundle\.js: the package of "oss-uploader" holds more than its bundle/,
    ],
  ])('%s', (_what, rule, change, message) => {
    expect(said(rule)).toEqual([]);
    expect(said(rule, change())).toContainEqual(expect.stringMatching(message));
  });
});

it('asks for no file that a bundle’s own code does without', () => {
  const optional = '"use strict";let found;try{found=require("./optional.js")}catch{}';
  const read = (path: string) =>
    path.endsWith('/index.js') ? `${optional}${view.read(path)}` : view.read(path);
  expect(said('packages', { read })).toEqual([]);
});
