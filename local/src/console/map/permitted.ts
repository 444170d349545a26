import type { Policy } from '../../identities/policy.ts';
import { matchesWildcard } from '../../identities/wildcard.ts';
import { type ThingKind, USES } from '../uses.ts';
import { type Inventory, idOf, type MapEdge } from './types.ts';

/**
 * Returns what the functions may do by their roles, with resources that a variable or the policy
 * names: a role that may do everything draws no line to everything. Denials and conditions are
 * ignored.
 */
export function mayEdges({ functions, policiesOf, ...rest }: Inventory): MapEdge[] {
  const things: Partial<Record<ThingKind, readonly { name: string; shown: string }[]>> = {
    queue: rest.queues.map(({ name }) => ({ name, shown: name })),
    topic: rest.topics.map(({ name }) => ({ name, shown: name })),
    bucket: rest.buckets.map(({ name }) => ({ name, shown: name })),
    function: functions.map(({ name, resource }) => ({ name, shown: resource })),
  };
  return functions.flatMap((fn) => {
    const policies = fn.role === undefined ? [] : policiesOf(fn.role);
    if (policies.length === 0) return [];
    const values = new Set(Object.values(fn.environmentVariables));
    const own = idOf('function', fn.resource);
    return [...USES].flatMap(([action, { kind, label, inward, path }]) =>
      (things[kind] ?? []).flatMap(({ name, shown }): MapEdge[] => {
        const other = idOf(kind, shown);
        if (other === own) return [];
        const covering = patternsFor(policies, action).filter((one) =>
          covers(one, path(name), kind),
        );
        if (!covering.some((one) => values.has(name) || one.split(/[:/]/).includes(name)))
          return [];
        const [from, to] = inward ? [other, own] : [own, other];
        return [{ from, to, label, kind: 'may' }];
      }),
    );
  });
}

/** Returns the resources of all statements that allow the action. */
function patternsFor(policies: readonly Policy[], action: string): string[] {
  return policies.flatMap(({ statements }) =>
    statements.flatMap(({ effect, actions, resources }) => {
      const meant = actions.values.some((one) => matchesWildcard(one, action.toLowerCase()));
      if (effect !== 'Allow' || meant === actions.except || resources.except) return [];
      return resources.values;
    }),
  );
}

/** Returns whether a resource in a policy can match that path; for a bucket, any key in it. */
function covers(pattern: string, path: string, kind: ThingKind): boolean {
  if (pattern === '*') return true;
  const relative = pattern.split(':').slice(4).join(':');
  const meant = kind === 'bucket' ? (relative.split('/')[0] ?? '') : relative;
  return matchesWildcard(meant, path);
}
