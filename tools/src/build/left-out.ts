import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { packageOf } from './package-of.ts';

/** Modules that are replaced by a stand-in in some packages. */
interface LeftOut {
  /** The packages that require them, each of which requires all of them; other packages get the modules themselves. */
  by: readonly string[];
  /** What those packages pass to `require`. */
  modules: readonly string[];
  /**
   * CommonJS code; by default a stand-in that throws, naming the module, as soon as it is used. `members`
   * has the module's own exports, each of which throws when called: for a module whose exports are copied
   * into another object. A function is given what is passed to `require`, and the folder of who requires it.
   */
  instead?: string | ((module: string, from: string) => string);
}

/** The error of a stand-in that is used after all: by code that calls an SDK in a way that fc-kit does not. */
const use = (module: string) => `
const use = () => {
  throw new Error('${module} is left out of this bundle, since fc-kit never uses it; bundle it with: fc-templates build --keep ${module}');
};`;

const throws = (module: string) => `${use(module)}
const get = (_, key) => (typeof key === 'symbol' ? undefined : key === '__esModule' || use());
module.exports = new Proxy(function () {}, { get, apply: use, construct: use });`;

const membersThrow = (module: string, names: readonly string[]) =>
  `${use(module)}
for (const name of ${JSON.stringify(names)}) exports[name] = function () { use(); };`;

/**
 * Modules that the SDKs load at once and that nothing in fc-kit ever uses: they are most of a bundle's
 * size, and of what an instance compiles and runs before it answers. The packages under `by` are pinned to
 * exact versions, since another version may load other modules.
 */
export const LEFT_OUT: readonly LeftOut[] = [
  // Uploading code, and web sockets; calling a function needs neither.
  { by: ['@alicloud/fc2'], modules: ['ali-oss', 'axios', 'ws'] },

  // Prints requests with their credentials if DEBUG asks for it.
  {
    by: ['ali-oss', 'httpx', '@alicloud/mns', '@alicloud/fc2'],
    modules: ['debug'],
    instead: 'module.exports = () => Object.assign(() => {}, { enabled: false });',
  },

  // Makes several assertions for each client: Node's module is loaded for the one that fails.
  {
    by: ['@alicloud/mns'],
    modules: ['assert'],
    instead: `module.exports = (value, message) => value || require('node:assert')(value, message);`,
  },

  // Sending and reading, which fc-kit does itself.
  { by: ['@alicloud/mns'], modules: ['httpx', 'xml2js'] },

  // Handles answers as text in other charsets, forms, and digest authentication: ali-oss uses none of them.
  { by: ['urllib'], modules: ['iconv-lite', 'formstream', 'digest-header'] },
  // Reads the operating system's name; ali-oss sends a User-Agent of its own.
  {
    by: ['urllib'],
    modules: ['default-user-agent'],
    instead: 'module.exports = (name, version) => name + "/" + version;',
  },
  // A table of the values qs has visited, written for engines without Map.
  {
    by: ['qs'],
    modules: ['side-channel'],
    instead: `module.exports = () => {
      const seen = new WeakMap();
      return { get: (key) => seen.get(key), has: (key) => seen.has(key), set: (key, value) => void seen.set(key, value) };
    };`,
  },
  // Queries are written, never read.
  { by: ['qs'], modules: ['./parse'] },
  // Much of Node's own, of which these few are used.
  {
    by: ['ali-oss'],
    modules: ['utility'],
    instead: `
      exports.encodeURIComponent = (text) => { try { return encodeURIComponent(text); } catch { return text; } };
      exports.timestamp = () => Math.round(Date.now() / 1000);
      const ESCAPED = { '"': '&quot;', '&': '&amp;', "'": '&#39;', '<': '&lt;', '>': '&gt;' };
      exports.escape = (text) => String(text).replace(/["&'<>]/g, (character) => ESCAPED[character]);`,
  },
  // Writes queries of any depth: those that are signed hold texts, numbers and null. OSS sorts their names by
  // bytes; ali-oss by a language's rules, for which V8 loads tables of all languages.
  {
    by: ['ali-oss'],
    modules: ['qs'],
    instead: `
      exports.stringify = (query, { encoder }) =>
        Object.keys(query).sort().filter((name) => query[name] !== undefined)
          .map((name) => query[name] === null ? encoder(name) : encoder(name) + '=' + encoder(query[name])).join('&');`,
  },
  // Of all that it says only the version is read.
  {
    by: ['ali-oss'],
    modules: ['../package.json'],
    instead: (module, from) =>
      `exports.version = ${JSON.stringify(createRequire(join(from, 'index.js'))(module).version)};`,
  },
  // Tells what a value is, one way for each of some forty kinds.
  {
    by: ['ali-oss'],
    modules: ['is-type-of'],
    instead: `
      const { Stream } = require('node:stream');
      exports.string = (value) => typeof value === 'string';
      exports.array = Array.isArray;
      exports.readableStream = (value) => value instanceof Stream && typeof value._read === 'function' && typeof value._readableState === 'object';
      exports.writableStream = (value) => value instanceof Stream && typeof value._write === 'function' && typeof value._writableState === 'object';`,
  },
  // Formats dates in any way: a request is dated in these two.
  {
    by: ['ali-oss'],
    modules: ['dateformat'],
    instead: `
      module.exports = (date, format) => {
        const given = new Date(date);
        return format.includes('GMT') ? given.toUTCString() : given.toISOString().replace(/[-:]|\\.\\d+/g, '');
      };`,
  },
  // Detects the browser: there is none.
  { by: ['ali-oss'], modules: ['platform', 'bowser'], instead: 'module.exports = {};' },
  // A second regular expression for IP addresses: Node compiles its own to connect.
  {
    by: ['ali-oss'],
    modules: ['./isIP', '../utils/isIP'],
    instead: `exports.isIP = (host) => require('node:net').isIP(host) !== 0;`,
  },
  // Clients for several buckets as one, for the former image service and for STS.
  {
    by: ['ali-oss'],
    modules: ['./cluster', './image'],
    instead: (module) => `${use(module)} module.exports = () => use;`,
  },
  { by: ['ali-oss'], modules: ['./sts'] },
  // Live streams; a bucket's settings, which a ROS template sets.
  {
    by: ['ali-oss'],
    modules: ['./rtmp', './bucket', './common/bucket', './common/image'],
    instead: 'members',
  },
  // Uploads and copies in parts: fc-kit sends parts itself, by the client's `request`.
  {
    by: ['ali-oss'],
    modules: [
      './managed-upload',
      './common/multipart',
      './common/multipart-copy',
      './common/parallel',
    ],
    instead: 'members',
  },
  // Agents for clients without one of their own.
  {
    by: ['ali-oss'],
    modules: ['agentkeepalive'],
    instead: `
      module.exports = class extends require('node:http').Agent {};
      module.exports.HttpsAgent = class extends require('node:https').Agent {};`,
  },

  // xml2js's writer: requests are written without it.
  { by: ['xml2js'], modules: ['xmlbuilder'] },

  // Calendar dates, deep merging, web sockets with their proxies: an RPC call uses none of them.
  { by: ['@darabonba/typescript'], modules: ['lodash', 'moment'] },
  { by: ['@darabonba/typescript'], modules: ['./websocket'], instead: 'members' },
  { by: ['@alicloud/openapi-core'], modules: ['./websocketUtils', '@alicloud/gateway-spi'] },
  // Searches many places for a credential; here each call is given one.
  {
    by: ['@alicloud/openapi-core'],
    modules: ['@alicloud/credentials'],
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
];

const NAMESPACE = 'left-out';

/** Leaves the modules of LEFT_OUT, except those in `keep`, out of a bundle. */
export function leftOut(keep: readonly string[] = []): Plugin {
  return {
    name: 'left-out',
    setup({ onResolve, onLoad }) {
      for (const { by, modules, instead } of LEFT_OUT)
        for (const module of modules.filter((one) => !keep.includes(one)))
          onResolve({ filter: exactly(module) }, ({ importer, resolveDir, path }) =>
            by.includes(packageOf(importer) ?? '')
              ? { path, namespace: NAMESPACE, pluginData: contents(path, resolveDir, instead) }
              : undefined,
          );
      onLoad({ filter: /./, namespace: NAMESPACE }, ({ pluginData }) => ({ contents: pluginData }));
    },
  };
}

function exactly(module: string): RegExp {
  return new RegExp(`^${module.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

function contents(path: string, from: string, instead: LeftOut['instead']): string {
  if (typeof instead === 'function') return instead(path, from);
  if (instead !== 'members') return instead ?? throws(path);
  const module: object = createRequire(join(from, 'index.js'))(path);
  return membersThrow(path, Object.keys(module));
}

/** Returns whether that path in esbuild's metafile is a stand-in's. */
export const isLeftOut = (input: string): boolean => input.startsWith(`${NAMESPACE}:`);
