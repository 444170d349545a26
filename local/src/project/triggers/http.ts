import type { Fields } from '../fields.ts';
import { fromPlain } from '../from-plain.ts';
import { present } from '../present.ts';
import type { HttpTriggerSpec, TriggerCors } from '../types.ts';
import { type Tree, toPlain } from '../yaml-tree.ts';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'];
const MAX_CORS_AGE_SECONDS = 31_536_000;

export function readHttpTrigger(fields: Fields, config: Fields): HttpTriggerSpec {
  config.require('authType');
  config.require('methods');
  const methods = config.strings('methods');
  const wrong = methods.find((method) => !METHODS.includes(method));
  if (wrong !== undefined || methods.length === 0)
    throw config.fault('methods', `has "${wrong ?? ''}"`, `use any of ${METHODS.join(', ')}`);
  const authType = config.oneOf('authType', ['anonymous', 'function', 'jwt']) ?? 'anonymous';
  const cors = config.map('corsConfig');
  return {
    type: 'http',
    name: fields.requireString('triggerName'),
    authType,
    methods,
    ...(authType === 'jwt' && { authConfig: readAuthConfig(config) }),
    ...(cors && { cors: readCors(cors) }),
    source: fields.get('triggerName')?.source ?? fields.source,
  };
}

/**
 * Reads a map, or the same as JSON in a text. Only the gateway interprets the whitelist or the
 * lookups in it.
 */
function readAuthConfig(config: Fields): unknown {
  const tree = config.require('authConfig');
  const parsed = tree.kind === 'scalar' ? parseJson(tree) : tree;
  if (parsed?.kind === 'map') return toPlain(parsed);
  throw config.wrong('authConfig', tree, 'write a map, or JSON of one in a text');
}

function parseJson(tree: Tree): Tree | undefined {
  try {
    return fromPlain(JSON.parse(String(toPlain(tree))), tree.source);
  } catch {
    return undefined;
  }
}

function readCors(cors: Fields): TriggerCors {
  const list = (key: string) => (cors.has(key) ? cors.strings(key) : undefined);
  return present({
    allowCredentials: cors.boolean('allowCredentials'),
    allowOrigins: list('allowOrigins'),
    allowHeaders: list('allowHeaders'),
    allowMethods: list('allowMethods'),
    exposeHeaders: list('exposeHeaders'),
    maxAge: cors.integer('maxAge', { min: 0, max: MAX_CORS_AGE_SECONDS }),
  });
}
