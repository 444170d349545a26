import type { Clock } from '../../clock.ts';
import { Identities } from '../../identities/identities.ts';
import type { Project } from '../../project/types.ts';
import { graphOf } from './graph.ts';
import type { MapGraph } from './types.ts';

/**
 * Returns the graph of the project as its files declare it, with undeclared resources that they
 * name and without counts. Throws LocalCloudError for a policy that RAM would refuse.
 */
export function declaredGraph(
  project: Project,
  { clock, accountId }: { clock: Clock; accountId: string },
): MapGraph {
  const identities = new Identities({ clock, accountId, accessKeyId: '', accessKeySecret: '' });
  for (const role of project.roles) identities.defineRole(role);
  const { functions, queues, topics, subscriptions, buckets, created = [] } = project;
  const more = (kind: string) => created.filter((one) => one.kind === kind);
  return graphOf({
    functions,
    queues: [...queues, ...more('queue')],
    topics: [...topics, ...more('topic')],
    subscriptions,
    buckets: [...buckets, ...more('bucket')],
    policiesOf: (role) => identities.role(role)?.policies ?? [],
  });
}
