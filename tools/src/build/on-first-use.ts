import type { Plugin } from 'esbuild';
import { packageOf } from './package-of.ts';

interface Postponed {
  /** The packages that require it; other packages load it at once. */
  by: readonly string[];
  /** What those packages pass to `require`. */
  module: string;
}

/**
 * Modules that the SDKs load at once and that only some requests use. The packages under `by` are pinned to
 * exact versions.
 */
export const ON_FIRST_USE: readonly Postponed[] = [
  // Content types by a key's extension, if a request does not name one.
  { by: ['ali-oss'], module: 'mime' },
  // Answers with a body.
  { by: ['ali-oss', '@darabonba/typescript'], module: 'xml2js' },
  // Answers that are compressed.
  { by: ['urllib', 'httpx'], module: 'zlib' },
];

const NAMESPACE = 'on-first-use';

/** Makes a bundle load ON_FIRST_USE on first use: a stand-in forwards reads of exports, calls and `new`, and nothing else (`in` and `Object.keys` see the stand-in). */
export const onFirstUse: Plugin = {
  name: 'on-first-use',
  setup({ onResolve, onLoad }) {
    for (const { by, module } of ON_FIRST_USE)
      onResolve({ filter: new RegExp(`^${module}$`) }, ({ importer, resolveDir, path }) => {
        const owner = packageOf(importer) ?? '';
        if (!by.includes(owner)) return undefined;
        // The path names the owner too: another package may have another version.
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

/** Returns whether that path in esbuild's metafile is a stand-in's. */
export const isPostponed = (input: string): boolean => input.startsWith(`${NAMESPACE}:`);
