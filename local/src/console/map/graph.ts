import type { FunctionSpec, TriggerSpec } from '../../project/types.ts';
import { queueOfEndpoint } from '../../smq/spec.ts';
import { mayEdges } from './permitted.ts';
import {
  type Inventory,
  idOf,
  type MapEdge,
  type MapGraph,
  type MapNode,
  type NodeKind,
} from './types.ts';

/** Maximum number of nodes in one picture. */
const MAX_NODES = 300;

/**
 * Returns the nodes of an account with its triggers, subscriptions, dead letters and destinations,
 * and what its functions may send, receive, store and read besides.
 */
export function graphOf(inventory: Inventory): MapGraph {
  const { functions, queues, topics, subscriptions, buckets } = inventory;
  const nodes = new Map<string, MapNode>();
  const edges: MapEdge[] = [];
  const put = (kind: NodeKind, name: string, id = idOf(kind, name)): string => {
    if (!nodes.has(id)) nodes.set(id, { id, kind, name });
    return id;
  };
  const link = (from: string, to: string, label: string, kind: MapEdge['kind'] = 'flow'): void =>
    void edges.push({ from, to, label, kind });

  for (const { resource } of functions) put('function', resource);
  for (const { name } of topics) put('topic', name);
  for (const { name } of queues) put('queue', name);
  for (const { name } of buckets) put('bucket', name);

  for (const fn of functions) {
    const id = idOf('function', fn.resource);
    for (const trigger of fn.triggers) {
      const source = sourceOf(trigger, fn);
      link(put(source.kind, source.name, source.id), id, source.label);
      if (trigger.type === 'eventbridge' && trigger.deadLetterQueue !== undefined)
        link(id, put('queue', trigger.deadLetterQueue), 'failed batches', 'dead');
    }
    const { onSuccess, onFailure } = fn.asyncInvoke ?? {};
    const named = (name: string): string =>
      functions.find((one) => one.name === name)?.resource ?? name;
    for (const [target, label, kind] of [
      [onSuccess, 'on success', 'flow'],
      [onFailure, 'on failure', 'dead'],
    ] as const)
      if (target)
        link(
          id,
          put(target.kind, target.kind === 'function' ? named(target.name) : target.name),
          label,
          kind,
        );
  }
  for (const { topic, endpoint, filterTag, deadLetterQueue } of subscriptions) {
    const queue = queueOfEndpoint(endpoint);
    const to = queue === undefined ? put('endpoint', endpoint) : put('queue', queue);
    const from = put('topic', topic);
    link(from, to, filterTag === undefined ? '' : `tag ${filterTag}`);
    if (deadLetterQueue !== undefined)
      link(from, put('queue', deadLetterQueue), 'undeliverable', 'dead');
  }
  for (const { name, deadLetter } of queues)
    if (deadLetter)
      link(
        idOf('queue', name),
        put('queue', deadLetter.queue),
        `after ${deadLetter.maxReceiveCount}`,
        'dead',
      );
  for (const edge of mayEdges(inventory))
    if (!edges.some(({ from, to }) => from === edge.from && to === edge.to)) edges.push(edge);
  return bounded([...nodes.values()], edges);
}

interface Source {
  kind: NodeKind;
  name: string;
  /** Set where it belongs to this trigger alone. */
  id?: string;
  label: string;
}

function sourceOf(trigger: TriggerSpec, { resource }: FunctionSpec): Source {
  const off = 'enable' in trigger && !trigger.enable ? 'disabled' : '';
  const id = `${trigger.type} ${trigger.name} ${resource}`;
  switch (trigger.type) {
    case 'http':
      return { kind: 'http', name: `/${resource}/`, id, label: trigger.methods.join(' ') };
    case 'timer':
      return { kind: 'timer', name: trigger.name, id, label: off || trigger.cronExpression };
    case 'oss':
      return { kind: 'bucket', name: trigger.bucket, label: `${trigger.prefix}*${trigger.suffix}` };
    case 'mns_topic': {
      const tag = trigger.filterTag === undefined ? '' : `tag ${trigger.filterTag}`;
      return { kind: 'topic', name: trigger.topic, label: tag };
    }
    case 'eventbridge':
      return { kind: 'queue', name: trigger.queue, label: off || `up to ${trigger.batch.count}` };
  }
}

/** Keeps, of too many nodes, those with an edge. */
function bounded(nodes: MapNode[], edges: MapEdge[]): MapGraph {
  if (nodes.length <= MAX_NODES) return { nodes, edges, left: 0 };
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const kept = [...nodes]
    .sort((a, b) => Number(linked.has(b.id)) - Number(linked.has(a.id)))
    .slice(0, MAX_NODES);
  const ids = new Set(kept.map(({ id }) => id));
  return {
    nodes: kept,
    edges: edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    left: nodes.length - kept.length,
  };
}
