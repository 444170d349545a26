import { Functions } from '../cloud/functions.ts';
import { type Stack, Stacks } from '../cloud/stacks.ts';
import { CommandError } from '../command-line/command-error.ts';
import { complain, patienceOf, print, type Session } from '../command-line/io.ts';
import { chosenFunctions, type Deployment, openDeployment } from '../deploy/open.ts';
import { assumesYes, type DeployOptions, toolOptions } from '../deploy/options.ts';
import { withOutputs } from '../deploy/outputs.ts';
import { stackTemplate } from '../deploy/stack.ts';
import { type PreviewedResource, stacksIn } from '../deploy-tool/preview.ts';
import { showDeployTool } from '../deploy-tool/run-deploy-tool.ts';
import { toolFile, withToolFile } from '../deploy-tool/tool-file.ts';
import { bucketOf, emptyBucket, holdsSomething } from './bucket.ts';
import { remainsOf } from './functions.ts';
import { retainedIn } from './retained.ts';
import { deleteStack } from './stack.ts';

export interface UndeployOptions extends DeployOptions {
  emptyBucket?: boolean;
}

/** How a person is asked. */
export interface UndeployMeans {
  confirm(question: string): Promise<boolean>;
}

/**
 * Removes the named functions, or all of them and then the stack. Looks first: a bucket that holds
 * something stops it, unless it may be emptied; one that ROS keeps (DeletionPolicy: Retain) is not
 * examined. In a terminal it asks before anything is removed. The stack is removed last, and only when FC
 * reports that each function and trigger is gone, since they use its roles. Throws CommandError with what
 * is left and what to do about it.
 */
export async function undeploy(
  names: readonly string[],
  options: UndeployOptions,
  session: Session,
  means: UndeployMeans,
): Promise<void> {
  const patience = patienceOf(session);
  const deployment = await openDeployment(options, session);
  const { account, preview } = deployment;
  const functions = chosenFunctions(preview, names);
  const stacks = new Stacks(account);
  const found = names.length > 0 ? [] : await stacksOf(deployment, stacks);
  const toEmpty = await lookIntoBuckets(found, stacks, deployment, options, session, means);
  const functionNames = Object.values(functions).map(({ props }) => String(props.functionName));
  const all = [...functionNames, ...found.map(({ name }) => `stack ${name}`)].join(', ');
  // Asked here and not by the tool: a no to the tool would not keep the rest.
  if (!assumesYes(options, session) && !(await means.confirm(`Take away ${all}?`)))
    throw new CommandError('Nothing has been taken away');

  await removeByTool(functions, deployment, options, session);
  const remains = await remainsOf(functionNames, new Functions(account), patience);
  if (remains.length > 0)
    throw new CommandError(
      `${remains.length === 1 ? 'One thing is' : `${remains.length} things are`} left${found.length > 0 ? ', and so the stack stays, with the roles they use' : ''}:${remains
        .map(({ functionName, what, reason }) => `\n  ${functionName}, ${what}: ${reason}`)
        .join('')}`,
    );
  print(session, `Gone: ${functionNames.join(', ')}`);

  for (const bucket of toEmpty) {
    const count = await emptyBucket(bucketOf(account, bucket));
    print(session, `Emptied ${bucket}: ${count} objects`);
  }
  for (const stack of found)
    await deleteStack(stacks, stack, { ...patience, say: (line) => print(session, line) });
  if (found.length > 0) print(session, `Gone: stack ${found.map(({ name }) => name).join(', ')}`);
}

/** Returns the stacks that exist, the last one of s.yaml first. */
async function stacksOf({ preview }: Deployment, stacks: Stacks): Promise<Stack[]> {
  const found: Stack[] = [];
  for (const { props } of Object.values(stacksIn(preview)).reverse()) {
    const stack = await stacks.find(String(props.name));
    if (stack) found.push(stack);
  }
  return found;
}

/** Returns the buckets to empty. Throws CommandError for one that holds something and may not be emptied. */
async function lookIntoBuckets(
  found: readonly Stack[],
  stacks: Stacks,
  deployment: Deployment,
  options: UndeployOptions,
  session: Session,
  { confirm }: UndeployMeans,
): Promise<string[]> {
  const full: string[] = [];
  for (const { id, name } of found) {
    const kept = retainedIn(templateOf(name, deployment));
    for (const { logicalId, type, physicalId } of await stacks.resources(id)) {
      if (type !== 'ALIYUN::OSS::Bucket' || physicalId === '') continue;
      if (kept.includes(logicalId))
        print(session, `${physicalId} stays: its DeletionPolicy in the template is Retain`);
      else if (await holdsSomething(bucketOf(deployment.account, physicalId)))
        full.push(physicalId);
    }
  }
  if (full.length === 0) return full;
  const what = `${full.join(', ')} ${full.length === 1 ? 'holds' : 'hold'} objects`;
  if (!options.emptyBucket)
    throw new CommandError(
      `${what}, and ROS deletes no bucket that does: --empty-bucket deletes them for good; nothing has been taken away yet`,
    );
  if (assumesYes(options, session)) complain(session, `warning: ${what}, which are deleted`);
  else if (!(await confirm(`${what}. Delete them for good?`)))
    throw new CommandError(`${what}, which stay: nothing has been taken away`);
  return full;
}

/** Returns the template of a stack of s.yaml. */
function templateOf(stack: string, { project, preview }: Deployment): string {
  const stacks = Object.entries(stacksIn(preview));
  return stacks
    .filter(([, { props }]) => props.name === stack)
    .map(([key, resource]) => stackTemplate(project, key, resource).template)
    .join('');
}

/** Its exit code says little: FC's answers afterwards count. */
async function removeByTool(
  functions: Record<string, PreviewedResource>,
  deployment: Deployment,
  options: UndeployOptions,
  session: Session,
): Promise<void> {
  if (Object.keys(functions).length === 0) return;
  const { project, forTool } = deployment;
  const { args, env } = await forTool();
  const filled = withOutputs(functions, () => 'unknown') as typeof functions;
  await withToolFile(toolFile(project, withoutActions(filled), 'default'), async (path) => {
    const yes = toolOptions({ ...options, assumeYes: true }, session);
    const call = ['remove', '-t', path, ...args, ...yes];
    const code = await showDeployTool(project, 'remove', call, { ...session, env });
    if (code !== 0) complain(session, `s remove ended with ${code}; FC is asked what is left`);
  });
}

/** These actions are for deploying. */
function withoutActions(functions: Record<string, PreviewedResource>) {
  return Object.fromEntries(
    Object.entries(functions).map(([key, { component, props }]) => [key, { component, props }]),
  );
}
