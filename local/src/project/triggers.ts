import { Fields } from './fields.ts';
import { unsupported } from './invalid-project.ts';
import { readEventBridgeTrigger } from './triggers/event-bridge.ts';
import { readOssTrigger } from './triggers/oss.ts';
import { readTopicTrigger } from './triggers/topic.ts';
import type { TriggerSpec } from './types.ts';

const KEYS = [
  'triggerName',
  'triggerType',
  'triggerConfig',
  'description',
  'invocationRole',
  'qualifier',
  'sourceArn',
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'];
const MAX_TRIGGERS = 50;
const TYPES = ['http', 'timer', 'oss', 'mns_topic', 'eventbridge'];

/** A function's triggers. The tool that deploys lets a wrong triggerConfig through, so it is checked here. */
export function readTriggers(props: Fields, warnings: string[]): TriggerSpec[] {
  const trees = props.list('triggers');
  if (trees.length > MAX_TRIGGERS)
    throw props.fault(
      'triggers',
      `are ${trees.length}`,
      `FC allows ${MAX_TRIGGERS} for a function`,
    );
  const triggers = trees.map((tree) => {
    const fields = new Fields(tree, `${props.owner}, trigger`).only(KEYS);
    const named = new Fields(
      tree,
      `${props.owner}, trigger "${fields.requireString('triggerName')}"`,
    );
    return { fields: named, spec: readTrigger(named, warnings) };
  });
  const names = new Set<string>();
  for (const { fields, spec } of triggers) {
    if (names.has(spec.name))
      throw fields.fault('triggerName', 'is used twice', 'give each trigger a name of its own');
    names.add(spec.name);
  }
  const [, second] = triggers.filter(({ spec }) => spec.type === 'http');
  if (second)
    throw second.fields.fault('triggerType', 'is the second http', 'FC allows one for a function');
  return triggers.map(({ spec }) => spec);
}

function readTrigger(fields: Fields, warnings: string[]): TriggerSpec {
  const name = fields.requireString('triggerName');
  const type = fields.requireString('triggerType');
  const config = new Fields(fields.require('triggerConfig'), `${fields.owner}, triggerConfig`);
  if (type === 'http') return readHttp(name, config, warnings);
  if (type === 'timer') return readTimer(name, config);
  if (type === 'oss') return readOssTrigger(fields, config, warnings);
  if (type === 'mns_topic') return readTopicTrigger(fields, config);
  if (type === 'eventbridge') return readEventBridgeTrigger(fields, config, warnings);
  throw unsupported(
    fields.get('triggerType')?.source ?? fields.source,
    `${fields.owner}: the type ${type} is not known here`,
    `use one of ${TYPES.join(', ')}`,
  );
}

function readHttp(name: string, config: Fields, warnings: string[]): TriggerSpec {
  config.only(['authType', 'authConfig', 'methods', 'disableURLInternet', 'corsConfig']);
  config.require('authType');
  config.require('methods');
  const methods = config.strings('methods');
  const wrong = methods.find((method) => !METHODS.includes(method));
  if (wrong !== undefined || methods.length === 0)
    throw config.fault('methods', `has "${wrong ?? ''}"`, `use any of ${METHODS.join(', ')}`);
  const cors = config.get('corsConfig');
  if (cors) warnings.push(`${cors.source}: ${config.owner}: corsConfig has no effect here`);
  const authType = config.oneOf('authType', ['anonymous', 'function', 'jwt']) ?? 'anonymous';
  if (authType === 'jwt')
    throw unsupported(
      config.get('authType')?.source ?? config.source,
      `${config.owner}: authType jwt is not known to the local cloud`,
      'use anonymous or function, or keep the function in an s.yaml of its own',
    );
  return { type: 'http', name, authType, methods };
}

function readTimer(name: string, config: Fields): TriggerSpec {
  config.only(['cronExpression', 'enable', 'payload']);
  config.require('enable');
  const payload = config.string('payload');
  return {
    type: 'timer',
    name,
    cronExpression: config.requireString('cronExpression'),
    source: config.get('cronExpression')?.source ?? config.source,
    enable: config.boolean('enable') ?? true,
    ...(payload !== undefined && { payload }),
  };
}
