import { checkKeys } from './check-keys.ts';
import { Fields } from './fields.ts';
import type { Findings } from './findings.ts';
import { unsupported } from './invalid-project.ts';
import { TRIGGER_CONFIGS, TRIGGER_PROPS } from './props-table.ts';
import { readEventBridgeTrigger } from './triggers/event-bridge.ts';
import { readHttpTrigger } from './triggers/http.ts';
import { readOssTrigger } from './triggers/oss.ts';
import { readTimerTrigger } from './triggers/timer.ts';
import { readTopicTrigger } from './triggers/topic.ts';
import type { TriggerSpec } from './types.ts';
import type { Tree } from './yaml-tree.ts';

const MAX_TRIGGERS = 50;
const LATEST = 'LATEST';

export interface TriggersOptions {
  /** Key of the function under `resources`. */
  resource: string;
  /** Fills in one trigger. */
  fill(tree: Tree): Tree;
  findings: Findings;
}

/**
 * Reads a function's triggers; one that cannot run here is left out by itself. The deploy tool
 * accepts a wrong triggerConfig, so it is checked here.
 */
export function readTriggers(props: Fields, options: TriggersOptions): TriggerSpec[] {
  const trees = props.list('triggers');
  if (trees.length > MAX_TRIGGERS)
    throw props.fault(
      'triggers',
      `are ${trees.length}`,
      `FC allows ${MAX_TRIGGERS} for a function`,
    );
  const read: TriggerSpec[] = [];
  // Versions and aliases do not exist here: LATEST takes precedence over the same of an alias.
  const inOrder = [...trees].sort((a, b) => Number(isOfAlias(a)) - Number(isOfAlias(b)));
  for (const tree of inOrder) {
    const { resource, findings, fill } = options;
    const what = `Trigger "${nameOf(tree)}" of "${resource}"`;
    const spec = findings.attempt({ what, resource, source: tree.source }, () => {
      const fields = named(fill(tree), props.owner, findings);
      const trigger = readTrigger(fields, findings);
      checkAmong(read, trigger, fields);
      return trigger;
    });
    if (spec) read.push(spec);
  }
  const names = trees.map(nameOf);
  return read.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

function named(tree: Tree, owner: string, { warn }: Findings): Fields {
  const fields = new Fields(tree, `${owner}, trigger`, warn);
  checkKeys(fields, TRIGGER_PROPS, warn);
  return new Fields(tree, `${owner}, trigger "${fields.requireString('triggerName')}"`, warn);
}

function readTrigger(fields: Fields, { warn }: Findings): TriggerSpec {
  const type = fields.requireString('triggerType');
  const table = Object.hasOwn(TRIGGER_CONFIGS, type) ? TRIGGER_CONFIGS[type] : undefined;
  if (table === undefined || table === 'left out') throw unknownType(fields, type);
  const tree = fields.require('triggerConfig');
  const config = new Fields(tree, `${fields.owner}, triggerConfig`, warn);
  checkKeys(config, table, warn);
  warnOfAlias(fields, warn);
  switch (type) {
    case 'http':
      return readHttpTrigger(fields, config);
    case 'timer':
      return readTimerTrigger(fields, config);
    case 'oss':
      return readOssTrigger(fields, config, warn);
    case 'mns_topic':
      return readTopicTrigger(fields, config);
    case 'eventbridge':
      return readEventBridgeTrigger(fields, config);
    default:
      throw unknownType(fields, type);
  }
}

function unknownType(fields: Fields, type: string): Error {
  const known = Object.keys(TRIGGER_CONFIGS).filter((one) => TRIGGER_CONFIGS[one] !== 'left out');
  return unsupported(
    fields.get('triggerType')?.source ?? fields.source,
    `${fields.owner}: the type ${type} is not known here`,
    `use one of ${known.join(', ')}`,
  );
}

function warnOfAlias(fields: Fields, warn: Findings['warn']): void {
  if (!isOfAlias(fields.tree)) return;
  const { source } = fields.get('qualifier') ?? fields;
  warn(source, `${fields.owner}: qualifier has no effect here, the function is always ${LATEST}`);
}

/**
 * Throws for a second trigger of a name, and for a second HTTP trigger of a version or alias, as FC
 * does.
 */
function checkAmong(others: readonly TriggerSpec[], { name, type }: TriggerSpec, fields: Fields) {
  if (others.some((other) => other.name === name))
    throw fields.fault('triggerName', 'is used twice', 'give each trigger a name of its own');
  if (type === 'http' && others.some((other) => other.type === 'http'))
    throw fields.fault(
      'triggerType',
      `is the second http, and here the function is always ${LATEST}`,
      'FC allows one for a function and qualifier',
    );
}

function isOfAlias(tree: Tree): boolean {
  const qualifier = tree.kind === 'map' ? tree.entries.get('qualifier') : undefined;
  if (qualifier?.kind !== 'scalar') return qualifier !== undefined;
  return !['', LATEST, null].includes(qualifier.value as string | null);
}

function nameOf(tree: Tree): string {
  const name = tree.kind === 'map' ? tree.entries.get('triggerName') : undefined;
  return name?.kind === 'scalar' && name.value !== null ? String(name.value) : '?';
}
