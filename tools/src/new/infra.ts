import { Fields, type Tree, toPlain } from 'fc-local/project';
import { CommandError } from '../command-line/command-error.ts';
import { attributeOf, outputIn } from '../project/references.ts';
import type { ProjectView } from '../project/view.ts';

/** What of the template belongs to one function: logical ids of resources, and names of outputs. */
export interface Belongings {
  /** The function's own role. */
  role: string;
  /** The queue that EventBridge empties for it alone, with the subscription that fills it. */
  queue?: string;
  subscriptions: string[];
  outputs: string[];
  /** Roles by which other services invoke it; they may be shared. */
  invocationRoles: string[];
}

/** Throws CommandError when the function has no role of the template's; `fc-templates check` says how it gets one. */
export function belongingsOf(view: ProjectView, name: string): Belongings {
  const entry = view.serverless.map('resources')?.map(name);
  const used = outputsUsedBy(entry?.tree);
  const resourceOf = (output: string | undefined) =>
    attributeOf(output ? view.template.map('Outputs')?.map(output)?.get('Value') : undefined);
  const roleTree = entry?.map('props')?.get('role');
  const role = resourceOf(outputIn(roleTree && toPlain(roleTree)));
  if (!role)
    throw new CommandError(
      `Function "${name}" has no role of its own; fc-templates check says what is missing`,
    );

  const pushed = pushedQueues(entry?.map('props'));
  const queue = pushed.map(resourceOf).find((id) => id !== undefined);
  const ids = queue ? [role, queue] : [role];
  const outputs = (view.template.map('Outputs')?.keys ?? []).filter((output) => {
    const id = resourceOf(output);
    return id !== undefined && ids.includes(id) && used.includes(output);
  });
  return {
    role,
    ...(queue !== undefined && { queue }),
    subscriptions: queue ? subscriptionsInto(view, queue) : [],
    outputs,
    invocationRoles: invokers(entry?.map('props'))
      .map(resourceOf)
      .filter((id) => id !== undefined),
  };
}

/** Names of the outputs that an entry of s.yaml takes. */
export function outputsUsedBy(tree: Tree | undefined): string[] {
  const text = JSON.stringify(tree ? toPlain(tree) : {});
  return [...text.matchAll(/\$\{resources\.[\w-]+\.output\.(\w+)\}/g)].map(([, name = '']) => name);
}

/** The outputs that triggers name as their invocationRole. */
function invokers(props: Fields | undefined): string[] {
  return (props?.list('triggers') ?? []).flatMap((tree) => {
    const role = new Fields(tree, 'trigger').get('invocationRole');
    return outputIn(role && toPlain(role)) ?? [];
  });
}

/** The outputs that eventbridge triggers name as their queue. */
function pushedQueues(props: Fields | undefined): string[] {
  return (props?.list('triggers') ?? []).flatMap((tree) => {
    const trigger = new Fields(tree, 'trigger');
    if (trigger.string('triggerType') !== 'eventbridge') return [];
    const parameters = trigger
      .map('triggerConfig')
      ?.map('eventSourceConfig')
      ?.map('eventSourceParameters')
      ?.map('sourceMNSParameters');
    return outputIn(parameters?.string('QueueName')) ?? [];
  });
}

function subscriptionsInto(view: ProjectView, queue: string): string[] {
  const resources = view.template.map('Resources');
  return (resources?.keys ?? []).filter((id) => {
    const resource = resources?.map(id);
    if (resource?.string('Type') !== 'ALIYUN::MNS::Subscription') return false;
    const endpoint = resource.map('Properties')?.get('Endpoint');
    return JSON.stringify(endpoint ? toPlain(endpoint) : '').includes(`\${${queue}.`);
  });
}
