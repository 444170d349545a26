import type { Account } from '../account.ts';
import { all } from '../account.ts';
import { counted } from '../format.ts';
import { type History, hasFailed } from '../history.ts';
import { to } from '../page.ts';
import type { Sightings } from '../sightings.ts';
import { USES } from '../uses.ts';
import { graphOf } from './graph.ts';
import { idOf, type MapGraph, type MapNode } from './types.ts';

/** Maximum number of queues, topics and buckets that are examined, the first by name. */
const MAX_LOOKED_AT = 1000;

/**
 * Returns the graph of the account as it is now: waiting messages, failures, and observed traffic.
 */
export function liveGraph(account: Account, history: History, sightings: Sightings): MapGraph {
  const { smq, oss, identities, functions } = account;
  const { items: queues } = smq.listQueues({ limit: MAX_LOOKED_AT });
  const { items: topics } = smq.listTopics({ limit: MAX_LOOKED_AT });
  const buckets = oss.buckets.list().slice(0, MAX_LOOKED_AT);
  const graph = graphOf({
    functions,
    queues,
    topics,
    subscriptions: topics.flatMap(({ name }) =>
      all((marker) => smq.listSubscriptions(name, { marker })),
    ),
    buckets,
    policiesOf: (role) => identities.role(role)?.policies ?? [],
  });
  addSightings(graph, account, sightings);

  const forDead = new Set(graph.edges.filter(({ kind }) => kind === 'dead').map(({ to }) => to));
  const undeliverable = new Set<string>();
  for (const { state, publication } of smq.deliveries())
    if (state === 'undeliverable') undeliverable.add(publication.topic);
  const byQueue = new Map(queues.map((one) => [one.name, one]));
  const byTopic = new Map(topics.map((one) => [one.name, one]));
  const known = new Set(buckets.map(({ name }) => name));
  const state = (node: MapNode): Partial<MapNode> => {
    const { name } = node;
    switch (node.kind) {
      case 'function':
        return functionState(account, history, name);
      case 'queue': {
        const counts = byQueue.get(name)?.counts;
        if (!counts) return gone;
        const parts = Object.entries(counts).filter(([, count]) => count > 0);
        const note = parts.map(([what, count]) => `${count} ${what}`).join(', ') || 'empty';
        return { note, href: to('queues', name), bad: parts.length > 0 && forDead.has(node.id) };
      }
      case 'topic': {
        const topic = byTopic.get(name);
        if (!topic) return gone;
        const failed = undeliverable.has(name);
        const note = failed ? 'some undeliverable' : `${topic.messageCount} waiting`;
        return { note, href: to('topics', name), bad: failed };
      }
      case 'bucket':
        if (!known.has(name)) return gone;
        return {
          note: counted(oss.tally(name).objects, 'object'),
          href: to('buckets', name),
        };
      default:
        return {};
    }
  };
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, ...state(node) })) };
}

const gone = { note: 'not there', bad: true };

function functionState(
  { fc, functions }: Account,
  history: History,
  resource: string,
): Partial<MapNode> {
  const fn = functions.find((one) => one.resource === resource);
  if (!fn || !fc) return gone;
  const invocations = history.of(fn.name);
  const failed = invocations.filter(hasFailed).length;
  const note =
    failed > 0 ? `${failed} of ${invocations.length} failed` : counted(invocations.length, 'run');
  return { note, bad: failed > 0, href: to('functions', resource) };
}

/** Replaces permitted edges by observed ones. */
function addSightings(graph: MapGraph, { functions }: Account, sightings: Sightings): void {
  const ids = new Set(graph.nodes.map(({ id }) => id));
  const resourceOf = (name: string): string =>
    functions.find((fn) => fn.name === name)?.resource ?? name;
  for (const { functionName, action, kind, name, allowed, refused } of sightings.all()) {
    const use = USES.get(action);
    const own = idOf('function', resourceOf(functionName));
    const other = idOf(kind, kind === 'function' ? resourceOf(name) : name);
    if (!use || !ids.has(own) || !ids.has(other)) continue;
    const [from, to] = use.inward ? [other, own] : [own, other];
    const counts = [allowed > 0 && allowed, refused > 0 && `${refused} refused`].filter(Boolean);
    const edge = { from, to, label: `${use.label} ${counts.join(', ')}`, bad: refused > 0 };
    const may = graph.edges.findIndex(
      (one) => one.kind === 'may' && one.from === from && one.to === to && one.label === use.label,
    );
    if (may >= 0) graph.edges.splice(may, 1);
    graph.edges.push({ ...edge, kind: 'flow' });
  }
}
