import { settledStack } from '../cloud/settled.ts';
import type { Stack, StackResource, Stacks } from '../cloud/stacks.ts';
import { CommandError } from '../command-line/command-error.ts';
import type { Patience } from '../command-line/io.ts';

const LIMIT_MS = 20 * 60_000;

/** What to do about a kind of resource that ROS could not delete. */
const REMEDIES: Readonly<Record<string, string>> = {
  'ALIYUN::OSS::Bucket':
    'empty it (fc-templates undeploy --empty-bucket; old versions, which that leaves, in the OSS console), and run undeploy again',
  'ALIYUN::RAM::Role': 'detach what was attached to it by hand, and run undeploy again',
  'ALIYUN::RAM::ManagedPolicy':
    'detach it from whom it was attached to by hand, and run undeploy again',
};

/**
 * Deletes a stack and watches its status to the end, never longer than 20 minutes. Throws CommandError at
 * DELETE_FAILED, with each resource that is left, ROS's reason and what to do.
 */
export async function deleteStack(
  stacks: Stacks,
  { id, name, status }: Pick<Stack, 'id' | 'name' | 'status'>,
  { say, ...patience }: Patience & { say(line: string): void },
): Promise<void> {
  // An interrupted run has requested it already: ROS would refuse a second time.
  if (status !== 'DELETE_IN_PROGRESS') await stacks.delete(id);
  const stack = await settledStack(stacks, id, {
    ...patience,
    limitMs: LIMIT_MS,
    onStatus: (status) => say(`stack ${name}: ${status}`),
  });
  if (stack === undefined || stack.status === 'DELETE_COMPLETE') return;
  const left = (await stacks.resources(id)).filter(({ status }) => status !== 'DELETE_COMPLETE');
  throw new CommandError(
    `The stack ${name} is ${stack.status} (${stack.reason || 'ROS gives no reason'})${left.map(lineOf).join('')}\nRun undeploy again once that is done: what is gone stays gone`,
  );
}

function lineOf({ logicalId, physicalId, type, status, reason }: StackResource): string {
  const remedy = REMEDIES[type] ?? 'see its reason, and run undeploy again';
  return `\n  ${logicalId} ${physicalId} (${type}) is ${status || 'there'}: ${reason || 'no reason given'}: ${remedy}`;
}
