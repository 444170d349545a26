import { Fields } from '../../../local/src/project/fields.ts';
import { type Tree, toPlain } from '../../../local/src/project/yaml-tree.ts';
import { attributeOf, type House, outputIn } from '../check/house.ts';

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

/** Throws an Error when the function has no role of the template's; `npm run check` says how it gets one. */
export function belongingsOf(house: House, name: string): Belongings {
  const entry = house.serverless.map('resources')?.map(name);
  const used = outputsUsedBy(entry?.tree);
  const behind = (output: string | undefined) =>
    attributeOf(output ? house.template.map('Outputs')?.map(output)?.get('Value') : undefined);
  const roleTree = entry?.map('props')?.get('role');
  const role = behind(outputIn(roleTree && toPlain(roleTree)));
  if (!role)
    throw new Error(
      `Function "${name}" has no role of its own; npm run check says what is missing`,
    );

  const pushed = pushedQueues(entry?.map('props'));
  const queue = pushed.map(behind).find((id) => id !== undefined);
  const ids = queue ? [role, queue] : [role];
  const outputs = (house.template.map('Outputs')?.keys ?? []).filter((output) => {
    const id = behind(output);
    return id !== undefined && ids.includes(id) && used.includes(output);
  });
  return {
    role,
    ...(queue !== undefined && { queue }),
    subscriptions: queue ? subscriptionsInto(house, queue) : [],
    outputs,
    invocationRoles: invokers(entry?.map('props'))
      .map(behind)
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

function subscriptionsInto(house: House, queue: string): string[] {
  const resources = house.template.map('Resources');
  return (resources?.keys ?? []).filter((id) => {
    const resource = resources?.map(id);
    if (resource?.string('Type') !== 'ALIYUN::MNS::Subscription') return false;
    const endpoint = resource.map('Properties')?.get('Endpoint');
    return JSON.stringify(endpoint ? toPlain(endpoint) : '').includes(`\${${queue}.`);
  });
}
