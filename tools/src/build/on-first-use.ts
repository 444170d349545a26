import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { folderOfPackage, packageOf } from './package-of.ts';

interface Postponed {
  /** The packages that require it; other packages load it at once. */
  by: readonly string[];
  /** What those packages pass to `require`. */
  module: string;
  /** CommonJS code for calls that need not load it; `load()` gives the module. By default every use does. */
  instead?: string;
}

/**
 * Modules that the SDKs load at once and that only some requests use. Unless it is Node's own, each is in a
 * file of its own in the package, which is read when it is first used. The packages under `by` are pinned to
 * exact versions.
 */
export const ON_FIRST_USE: readonly Postponed[] = [
  // Content types by a key's extension, if a request does not name one.
  {
    by: ['ali-oss'],
    module: 'mime',
    // No type is named by less than a letter.
    instead: `exports.getType = (path) => (/\\w/.test(path) ? load().getType(path) : null);`,
  },
  // Answers with a body.
  { by: ['ali-oss', '@darabonba/typescript'], module: 'xml2js' },
  // Sends the requests of clients that fc-kit has not made: its own have its transport.
  { by: ['ali-oss'], module: 'urllib' },
  // Answers that are compressed.
  { by: ['urllib', 'httpx'], module: 'zlib' },
];

/**
 * Packages that are in a file of their own too, whatever imports them: fc-kit imports them when it first
 * sends a request to OSS or reads a form, and a function that seldom does need not read them.
 */
export const APART: readonly string[] = [
  'ali-oss',
  '@fastify/busboy',
  '@alicloud/fc2/lib/client.js',
];

/**
 * Modules of a package that copies their functions into its own object: all of them are in one file, which
 * is read when one of the functions is first called.
 */
export const OPERATIONS = {
  by: 'ali-oss',
  modules: ['./object', './common/object'],
  /** A module that stays in the package's own file, by the one that has it. */
  atOnce: { './common/object': './common/object/signatureUrlV4' } as Readonly<
    Record<string, string>
  >,
};

/** Files of a package beside its bundle: the module of each, by the file's name. */
export type FilesApart = Map<string, string>;

const NAMESPACE = 'on-first-use';
/** Marks this plugin's own questions to esbuild. */
const ASKING = 'where is it';

/** A stand-in: its code, and the folder from which it requires what is not in a file of its own. */
interface StandIn {
  contents: string;
  resolveDir: string;
}

/**
 * Makes a bundle load ON_FIRST_USE on first use: a stand-in forwards reads of exports, calls and `new`, and
 * nothing else (`in` and `Object.keys` see the stand-in). The same for the functions of OPERATIONS. The
 * modules that it puts into files of their own are added to `apart`.
 */
export function onFirstUse(apart: FilesApart): Plugin {
  return {
    name: 'on-first-use',
    setup({ onResolve, onLoad, resolve }) {
      const postponed = new Set([...ON_FIRST_USE.map((one) => one.module), ...APART]);
      for (const module of postponed)
        onResolve({ filter: exactly(module) }, async (given) => {
          const { importer, resolveDir, path, kind, pluginData } = given;
          const owner = packageOf(importer) ?? '';
          const isPostponed = ON_FIRST_USE.find(
            (one) => one.module === path && one.by.includes(owner),
          );
          if (pluginData === ASKING || !(isPostponed || APART.includes(path))) return undefined;
          let wanted = path;
          if (!isBuiltin(path)) {
            const asked = { importer, resolveDir, kind, pluginData: ASKING };
            const { path: file, errors } = await resolve(path, asked);
            if (errors.length > 0) return { errors };
            const name = fileNameOf(path, file);
            apart.set(name, file);
            wanted = `./${name}`;
          }
          // The path names the owner too: another package may have another version.
          return {
            path: isPostponed ? `${path} for ${owner}` : path,
            namespace: NAMESPACE,
            pluginData: {
              contents: isPostponed ? onUse(wanted, isPostponed.instead) : atOnce(wanted),
              resolveDir,
            },
          };
        });

      for (const module of OPERATIONS.modules)
        onResolve({ filter: exactly(module) }, ({ importer, resolveDir, path }) => {
          if (packageOf(importer) !== OPERATIONS.by) return undefined;
          const name = fileNameOf(`${OPERATIONS.by}-operations`, importer);
          apart.set(name, join(resolveDir, ALL));
          const contents = onCall(path, `./${name}`, resolveDir);
          return { path, namespace: NAMESPACE, pluginData: { contents, resolveDir } };
        });
      onResolve({ filter: new RegExp(`${ALL}$`) }, ({ path }) => {
        const pluginData = { contents: all(OPERATIONS.modules), resolveDir: dirname(path) };
        return { path: ALL, namespace: NAMESPACE, pluginData };
      });

      onLoad({ filter: /./, namespace: NAMESPACE }, ({ pluginData }): StandIn => pluginData);
      onResolve({ filter: /^\.\//, namespace: NAMESPACE }, ({ path }) =>
        apart.has(path.slice('./'.length)) ? { path, external: true } : undefined,
      );
    },
  };
}

/** Name of the module that has all of OPERATIONS, in their folder. */
const ALL = 'all-operations';

function exactly(module: string): RegExp {
  return new RegExp(`^${module.replace(/[./]/g, '\\$&')}$`);
}

/** Returns the name of a module's file: with its version, since two packages may have two of them. */
function fileNameOf(module: string, file: string): string {
  const name = module.replace(/^@|\.js$/g, '').replaceAll('/', '-');
  const folder = folderOfPackage(file);
  if (folder === undefined) return `${name}.js`;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name}-${version}.js`;
}

const atOnce = (path: string) => `module.exports = require('${path}');`;

const FORWARD = `
module.exports = new Proxy(function () {}, {
  get: (_, key) => load()[key],
  apply: (_, self, args) => Reflect.apply(load(), self, args),
  construct: (_, args) => Reflect.construct(load(), args),
});`;

const onUse = (path: string, code = FORWARD) => `const load = () => require('${path}');${code}`;

function onCall(module: string, file: string, from: string): string {
  const own = OPERATIONS.atOnce[module];
  const names = Object.keys(createRequire(join(from, 'index.js'))(module));
  return `
for (const name of ${JSON.stringify(names)})
  exports[name] = function (...args) { return require('${file}')['${module}'][name].apply(this, args); };
${own === undefined ? '' : `Object.assign(exports, require('${own}'));`}`;
}

const all = (modules: readonly string[]) =>
  modules.map((module) => `exports['${module}'] = require('${module}');`).join('\n');

/** Returns whether that path in esbuild's metafile is a stand-in's. */
export const isPostponed = (input: string): boolean => input.startsWith(`${NAMESPACE}:`);
