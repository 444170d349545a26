import type { FunctionSpec, QueueSpec } from 'fc-local/project';
import type { ProjectView } from '../project/view.ts';

const RECEIVE = /^mns:(Batch)?(ReceiveMessage|\*)$/;

export interface Consumption {
  fn: FunctionSpec;
  queue: QueueSpec;
}

/**
 * Lists which function takes messages from which queue: by an EventBridge trigger, or by receiving, which
 * its role allows and a variable names.
 */
export function consumptions({ project }: ProjectView): Consumption[] {
  return project.functions.flatMap((fn) => {
    const pushed = fn.triggers.flatMap((one) => (one.type === 'eventbridge' ? [one.queue] : []));
    const named = Object.values(fn.environmentVariables);
    const receives = resourcesOf(project.roles.find(({ name }) => name === fn.role)?.policies);
    return project.queues
      .filter(
        ({ name }) =>
          pushed.includes(name) ||
          (named.includes(name) && receives.some((resource) => resource.includes(`/${name}/`))),
      )
      .map((queue) => ({ fn, queue }));
  });
}

interface Statement {
  Action?: string | string[];
  Resource?: string | string[];
}

/** Returns the resources from which messages may be received. */
function resourcesOf(policies: readonly { document: unknown }[] = []): string[] {
  return policies
    .flatMap(({ document }) => (document as { Statement: Statement[] }).Statement)
    .filter(({ Action = [] }) => [Action].flat().some((action) => RECEIVE.test(action)))
    .flatMap(({ Resource = [] }) => Resource);
}
