import type { Plugin } from 'esbuild';
import { packageOf } from './package-of.ts';

interface Postponed {
  /** The packages that require it; others get it at once. */
  by: readonly string[];
  module: RegExp;
}

/** Modules that the SDKs load at once and that only some requests come to. */
export const ON_FIRST_USE: readonly Postponed[] = [
  // Content types by a key's extension, where a request does not name one.
  { by: ['ali-oss'], module: /^mime$/ },
  // Answers with a body.
  { by: ['ali-oss', '@alicloud/mns', '@darabonba/typescript'], module: /^xml2js$/ },
  // Answers that are compressed.
  { by: ['urllib', 'httpx'], module: /^zlib$/ },
  // What should not happen.
  { by: ['sonic-boom'], module: /^assert$/ },
];

const NAMESPACE = 'on-first-use';

/** Has a bundle load ON_FIRST_USE when it first uses them: a stand-in passes on what is done to it. */
export const onFirstUse: Plugin = {
  name: 'on-first-use',
  setup({ onResolve, onLoad }) {
    for (const { by, module } of ON_FIRST_USE)
      onResolve({ filter: module }, ({ importer, resolveDir, path }) => {
        const owner = packageOf(importer) ?? '';
        if (!by.includes(owner)) return undefined;
        // Named for its owner too: another's may be of another version.
        return {
          path: `${path} for ${owner}`,
          namespace: NAMESPACE,
          pluginData: { path, resolveDir },
        };
      });
    onLoad({ filter: /./, namespace: NAMESPACE }, ({ pluginData: { path, resolveDir } }) => ({
      contents: standIn(path),
      resolveDir,
    }));
  },
};

const standIn = (path: string) => `
const load = () => require('${path}');
module.exports = new Proxy(function () {}, {
  get: (_, key) => load()[key],
  apply: (_, self, args) => Reflect.apply(load(), self, args),
  construct: (_, args) => Reflect.construct(load(), args),
});`;

/** Whether esbuild's metafile means a stand-in by that path. */
export const isPostponed = (input: string): boolean => input.startsWith(`${NAMESPACE}:`);
