import { Functions } from '../cloud/functions.ts';
import { Stacks } from '../cloud/stacks.ts';
import { print, type Session } from '../command-line/io.ts';
import { type PreviewedResource, stacksIn } from '../deploy-tool/preview.ts';
import { warnOfAnonymous } from './anonymous.ts';
import { differences, isLeft, uncompared } from './compare.ts';
import { withoutIdleAuth } from './idle-auth.ts';
import { chosenFunctions, openDeployment } from './open.ts';
import type { DeployOptions } from './options.ts';
import { withOutputs } from './outputs.ts';
import { NEVER_MADE, neverMade, stackTemplate } from './stack.ts';

/** Prints what a deployment would create, change and leave, by asking ROS and FC what exists. Changes nothing. */
export async function dryRun(
  names: readonly string[],
  options: DeployOptions,
  session: Session,
): Promise<void> {
  const { account, preview, project, source } = await openDeployment(options, session);
  const functions = withoutIdleAuth(chosenFunctions(preview, names));
  print(session, `Account ${account.accountId}, region ${account.region}, by ${source}`);
  warnOfAnonymous(functions, options.env, session);

  const stacks = new Stacks(account);
  const outputs: Record<string, Record<string, string>> = {};
  for (const [key, resource] of Object.entries(stacksIn(preview))) {
    const what = stackTemplate(project, key, resource);
    const there = await stacks.find(what.name);
    outputs[key] = there?.outputs ?? {};
    if (names.length > 0) {
      print(session, `stack ${what.name}: ${there ? 'left' : 'not there, and needed first'}`);
      continue;
    }
    if (there && NEVER_MADE.includes(there.status)) {
      print(session, `stack ${what.name}: ${neverMade(there).message}`);
      continue;
    }
    const actions = await stacks.preview(there?.id, what.name, what);
    print(
      session,
      `stack ${what.name}: ${there ? `${there.status}, would be updated` : 'would be created'}`,
    );
    for (const [logicalId, action] of actions)
      if (action !== 'None') print(session, `  ${wordOf(action)} ${logicalId}`);
    const same = [...actions.values()].filter((action) => action === 'None').length;
    if (same > 0) print(session, `  left: ${same} resources`);
  }

  const cloud = new Functions(account);
  const filled = withOutputs(functions, (key, name) => outputs[key]?.[name]);
  for (const [key, { props }] of Object.entries(filled as Record<string, PreviewedResource>)) {
    const name = String(props.functionName);
    const described = await cloud.get(name);
    if (!described) {
      print(session, `function ${key}: would be created as ${name}`);
      continue;
    }
    const found = differences({ props, described, ...(await cloud.around(name, props)) });
    print(session, `function ${key}: ${found.every(isLeft) ? 'left' : 'would be changed'}`);
    for (const line of found) print(session, `  ${line}`);
    const others = uncompared(props).filter((prop) => prop !== 'code');
    if (others.length > 0) print(session, `  not compared: ${others.join(', ')}`);
  }
  print(session, 'The code is not compared: the deploy tool uploads what has another checksum');
}

function wordOf(action: string): string {
  const words: Record<string, string> = {
    Add: 'create',
    Modify: 'change',
    Remove: 'delete',
    Replace: 'replace',
  };
  return words[action] ?? action;
}
