import type { Plugin } from 'esbuild';

/** What stands for a module in the bundles. */
interface LeftOut {
  /** The package that requires it; others get the module itself. */
  by: string;
  module: RegExp;
  /** CommonJS; by default a stand-in that throws, naming the module, as soon as it is used. */
  instead?: string;
}

const THROWS = (module: string) => `
const use = () => {
  throw new Error('${module} is left out of this bundle; take it off the list in scripts/build/left-out.ts');
};
const get = (_, key) => (typeof key === 'symbol' ? undefined : key === '__esModule' || use());
module.exports = new Proxy(function () {}, { get, apply: use, construct: use });`;

/**
 * Modules that the SDKs load at once and that no helper under shared/ ever comes to: they are most
 * of a bundle's size, and of what an instance compiles and runs before it answers.
 */
export const LEFT_OUT: readonly LeftOut[] = [
  // Uploading code, and web sockets; calling a function needs neither.
  { by: '@alicloud/fc2', module: /^(ali-oss|axios|ws)$/ },

  // Answers as text in other charsets, forms, and digest authentication: ali-oss asks for none.
  { by: 'urllib', module: /^(iconv-lite|formstream|digest-header)$/ },
  // Asks for the operating system's name; ali-oss sends a User-Agent of its own.
  {
    by: 'urllib',
    module: /^default-user-agent$/,
    instead: 'module.exports = (name, version) => name + "/" + version;',
  },
  // The table of what qs has been through, written for engines without Map.
  {
    by: 'qs',
    module: /^side-channel$/,
    instead: `module.exports = () => {
      const seen = new WeakMap();
      return { get: (key) => seen.get(key), has: (key) => seen.has(key), set: (key, value) => void seen.set(key, value) };
    };`,
  },
  // Which browser this is: none.
  { by: 'ali-oss', module: /^platform$/, instead: 'module.exports = {};' },
  { by: 'ali-oss', module: /^bowser$/, instead: 'module.exports = {};' },
  // Live streams.
  { by: 'ali-oss', module: /^jstoxml$/ },

  // The writer beside xml2js's reader: requests are written without it.
  { by: 'xml2js', module: /^xmlbuilder$/ },

  // Web sockets and proxies, calendar dates, deep merging: none in an RPC call.
  {
    by: '@darabonba/typescript',
    module: /^(lodash|moment|ws|https-proxy-agent|http-proxy-agent|socks-proxy-agent)$/,
  },

  // Logs written by a worker thread; these are written at once, before the instance is frozen.
  { by: 'pino', module: /^thread-stream$/ },
];

const NAMESPACE = 'left-out';

/** Leaves LEFT_OUT out of a bundle. */
export const leftOut: Plugin = {
  name: 'left-out',
  setup({ onResolve, onLoad }) {
    for (const { by, module, instead } of LEFT_OUT) {
      const importer = new RegExp(`[/\\\\]node_modules[/\\\\]${by.replace('/', '[/\\\\]')}[/\\\\]`);
      onResolve({ filter: module }, (args) =>
        lastPackage(args.importer, importer)
          ? { path: args.path, namespace: NAMESPACE, pluginData: instead }
          : undefined,
      );
    }
    onLoad({ filter: /./, namespace: NAMESPACE }, ({ path, pluginData }) => ({
      contents: pluginData ?? THROWS(path),
    }));
  },
};

/** Whether a file belongs to that package, and not to one nested below it. */
function lastPackage(file: string, importer: RegExp): boolean {
  const start = Math.max(
    file.lastIndexOf('/node_modules/'),
    file.lastIndexOf('\\node_modules\\'),
    0,
  );
  return importer.test(file.slice(start));
}

/** Whether esbuild's metafile means a stand-in by that path. */
export const isLeftOut = (input: string): boolean => input.startsWith(`${NAMESPACE}:`);
