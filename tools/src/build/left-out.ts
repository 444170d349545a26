import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { packageOf } from './package-of.ts';

/** What stands for a module in the bundles. */
interface LeftOut {
  /** The packages that require it; others get the module itself. */
  by: readonly string[];
  /** What they pass to `require`. */
  module: RegExp;
  /**
   * CommonJS; by default a stand-in that throws, naming the module, as soon as it is used.
   * `members` is one with the module's own exports, each of which throws when called: for a module
   * whose exports are copied into another object.
   */
  instead?: string;
}

const use = (module: string) => `
const use = () => {
  throw new Error('${module} is left out of this bundle; take it off the list in tools/src/build/left-out.ts');
};`;

const throws = (module: string) => `${use(module)}
const get = (_, key) => (typeof key === 'symbol' ? undefined : key === '__esModule' || use());
module.exports = new Proxy(function () {}, { get, apply: use, construct: use });`;

const membersThrow = (module: string, names: readonly string[]) =>
  `${use(module)}
for (const name of ${JSON.stringify(names)}) exports[name] = function () { use(); };`;

/**
 * Modules that the SDKs load at once and that no helper under shared/ ever comes to: they are most
 * of a bundle's size, and of what an instance compiles and runs before it answers.
 */
export const LEFT_OUT: readonly LeftOut[] = [
  // Uploading code, and web sockets; calling a function needs neither.
  { by: ['@alicloud/fc2'], module: /^(ali-oss|axios|ws)$/ },

  // Prints requests with their credentials where DEBUG asks for it.
  {
    by: ['ali-oss', 'httpx', '@alicloud/mns', '@alicloud/fc2'],
    module: /^debug$/,
    instead: 'module.exports = () => Object.assign(() => {}, { enabled: false });',
  },

  // Several assertions for each client: Node's module is loaded for one that fails.
  {
    by: ['@alicloud/mns'],
    module: /^assert$/,
    instead: `module.exports = (value, message) => value || require('node:assert')(value, message);`,
  },

  // Answers as text in other charsets, forms, and digest authentication: ali-oss asks for none.
  { by: ['urllib'], module: /^(iconv-lite|formstream|digest-header)$/ },
  // Asks for the operating system's name; ali-oss sends a User-Agent of its own.
  {
    by: ['urllib'],
    module: /^default-user-agent$/,
    instead: 'module.exports = (name, version) => name + "/" + version;',
  },
  // The table of what qs has been through, written for engines without Map.
  {
    by: ['qs'],
    module: /^side-channel$/,
    instead: `module.exports = () => {
      const seen = new WeakMap();
      return { get: (key) => seen.get(key), has: (key) => seen.has(key), set: (key, value) => void seen.set(key, value) };
    };`,
  },
  // Queries are written, never read.
  { by: ['qs'], module: /^\.\/parse$/ },
  // Which browser this is: none.
  { by: ['ali-oss'], module: /^(platform|bowser)$/, instead: 'module.exports = {};' },
  // A second regular expression for IP addresses: Node compiles its own in order to connect.
  {
    by: ['ali-oss'],
    module: /\/isIP$/,
    instead: `exports.isIP = (host) => require('node:net').isIP(host) !== 0;`,
  },
  // Clients for several buckets as one, for the former image service and for STS.
  {
    by: ['ali-oss'],
    module: /^\.\/(cluster|image)$/,
    instead: `${use('An ali-oss client of another kind')} module.exports = () => use;`,
  },
  { by: ['ali-oss'], module: /^\.\/sts$/ },
  // Live streams; a bucket's settings, which infra/template.yaml makes.
  {
    by: ['ali-oss'],
    module: /^\.\/(rtmp|bucket|common\/bucket|common\/image)$/,
    instead: 'members',
  },

  // The writer beside xml2js's reader: requests are written without it.
  { by: ['xml2js'], module: /^xmlbuilder$/ },

  // Web sockets and proxies, calendar dates, deep merging: none in an RPC call.
  {
    by: ['@darabonba/typescript'],
    module: /^(lodash|moment|ws|https-proxy-agent|http-proxy-agent|socks-proxy-agent)$/,
  },
  { by: ['@darabonba/typescript'], module: /^\.\/websocket$/, instead: 'members' },
  { by: ['@alicloud/openapi-core'], module: /^(\.\/websocketUtils|@alicloud\/gateway-spi)$/ },
  // Finds a credential in one of many places; here each call is given one.
  {
    by: ['@alicloud/openapi-core'],
    module: /^@alicloud\/credentials$/,
    instead: `
      class Config { constructor(fields) { Object.assign(this, fields); } }
      class Client {
        constructor({ type, accessKeyId, accessKeySecret, securityToken }) {
          this.model = { type, accessKeyId, accessKeySecret, securityToken };
        }
        async getCredential() { return this.model; }
      }
      module.exports = { __esModule: true, default: Client, Config };`,
  },

  // Logs written by a worker thread; these are written at once, before the instance is frozen.
  { by: ['pino'], module: /^(thread-stream|\.\/transport|\.\/lib\/transport)$/ },
  { by: ['pino'], module: /^worker_threads$/, instead: 'exports.isMainThread = true;' },
  // Secrets are kept out of the lines by shared/redact.ts.
  { by: ['pino'], module: /^@pinojs\/redact$/ },
];

const NAMESPACE = 'left-out';

/** Leaves LEFT_OUT out of a bundle. */
export const leftOut: Plugin = {
  name: 'left-out',
  setup({ onResolve, onLoad }) {
    for (const { by, module, instead } of LEFT_OUT)
      onResolve({ filter: module }, ({ importer, resolveDir, path }) =>
        by.includes(packageOf(importer) ?? '')
          ? { path, namespace: NAMESPACE, pluginData: contents(path, resolveDir, instead) }
          : undefined,
      );
    onLoad({ filter: /./, namespace: NAMESPACE }, ({ pluginData }) => ({ contents: pluginData }));
  },
};

function contents(path: string, from: string, instead: string | undefined): string {
  if (instead !== 'members') return instead ?? throws(path);
  const module: object = createRequire(join(from, 'index.js'))(path);
  return membersThrow(path, Object.keys(module));
}

/** Whether that path in esbuild's metafile is a stand-in's. */
export const isLeftOut = (input: string): boolean => input.startsWith(`${NAMESPACE}:`);
