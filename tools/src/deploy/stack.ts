import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { settledStack } from '../cloud/settled.ts';
import type { Stack, Stacks, StackTemplate } from '../cloud/stacks.ts';
import { CommandError } from '../command-line/command-error.ts';
import type { Patience } from '../command-line/io.ts';
import type { PreviewedResource } from '../deploy-tool/preview.ts';

/** Milliseconds of waiting: twice ROS's limit, for the operation and for rolling back, with some to spare. */
const LIMIT_MS = 65 * 60_000;

/** Props of the component ros that are known here; what others mean is not. */
const KNOWN_PROPS = ['region', 'name', 'template', 'parameters'];

/** Statuses by GetStack's page (2025-05) that mean that the requested operation is complete. */
const DONE = /^(CREATE|UPDATE|CHECK|IMPORT_CREATE|IMPORT_UPDATE)_COMPLETE$/;

/** An update was undone: the previous state is restored. */
const UNDONE = 'ROLLBACK_COMPLETE';

/** Statuses of a first creation that failed: ROS does not update such a stack. */
export const NEVER_MADE: readonly string[] = [
  'CREATE_FAILED',
  'CREATE_ROLLBACK_COMPLETE',
  'CREATE_ROLLBACK_FAILED',
  'DELETE_FAILED',
];

/**
 * Returns the template and parameters of a resource with the component ros. Throws CommandError for an
 * unknown prop, and for a template that does not exist.
 */
export function stackTemplate(
  root: string,
  key: string,
  { props }: PreviewedResource,
): StackTemplate & { name: string } {
  const strange = Object.keys(props).filter((name) => !KNOWN_PROPS.includes(name));
  if (strange.length > 0)
    throw new CommandError(
      `s.yaml: "${key}" has ${strange.join(', ')}, and stacks are deployed here by ${KNOWN_PROPS.join(', ')}: take it out, or deploy the stack with s ${key} deploy and then the functions by name`,
    );
  const file = resolve(root, String(props.template ?? ''));
  if (props.template === undefined || !existsSync(file))
    throw new CommandError(
      `s.yaml: the template of "${key}" is ${props.template === undefined ? 'not named' : `${file}, where there is no file`}: name the file of the ROS template`,
    );
  const parameters = Object.entries(Object(props.parameters) as Record<string, unknown>);
  return {
    name: String(props.name),
    template: readFileSync(file, 'utf8'),
    parameters: Object.fromEntries(
      parameters.map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  };
}

/**
 * Creates or updates a stack and watches it to its end. Resolves to its outputs. Throws CommandError if ROS
 * does not complete it, with each resource that failed and what to do.
 */
export async function deployStack(
  stacks: Stacks,
  { name, ...what }: StackTemplate & { name: string },
  { say, ...patience }: Patience & { say(line: string): void },
): Promise<Stack> {
  const settle = (id: string) =>
    settledStack(stacks, id, {
      ...patience,
      limitMs: LIMIT_MS,
      onStatus: (status) => say(`stack ${name}: ${status}`),
    });
  let there = await stacks.find(name);
  if (there && /_IN_PROGRESS$/.test(there.status)) {
    await settle(there.id);
    there = await stacks.find(name);
  }
  if (there && NEVER_MADE.includes(there.status)) throw neverMade(there);
  if (there && !(await stacks.update(there.id, what))) {
    say(`stack ${name}: nothing to change`);
    return there;
  }
  const id = there?.id ?? (await stacks.create(name, what));
  const stack = await settle(id);
  if (stack && DONE.test(stack.status)) return stack;
  throw await failure(stacks, id, name, stack);
}

/** Returns the deployed stack of that name. Throws CommandError if there is none, or it is incomplete. */
export async function deployedStack(stacks: Stacks, name: string): Promise<Stack> {
  const stack = await stacks.find(name);
  if (stack && (DONE.test(stack.status) || stack.status === UNDONE)) return stack;
  if (stack && NEVER_MADE.includes(stack.status)) throw neverMade(stack);
  if (stack && /_IN_PROGRESS$/.test(stack.status))
    throw new CommandError(
      `The stack ${name} is ${stack.status}: another deployment is going on; wait until it is done, and run this again`,
    );
  throw new CommandError(
    stack
      ? `The stack ${name} is ${stack.status} (${stack.reason}): deploy without names, which updates it`
      : `There is no stack ${name} yet: deploy once without names, which creates it`,
  );
}

/** Makes the error that says why a stack in one of NEVER_MADE is not deployed again, and what to do. */
export function neverMade({ name, status, reason }: Stack): CommandError {
  return new CommandError(
    `The stack ${name} is ${status} (${reason || 'ROS gives no reason'}), and ROS updates none that was never made whole: fc-templates undeploy takes its remains away, then deploy again`,
  );
}

async function failure(
  stacks: Stacks,
  id: string,
  name: string,
  stack: Stack | undefined,
): Promise<CommandError> {
  if (!stack) return new CommandError(`The stack ${name} was deleted meanwhile: deploy again`);
  const failed = (await stacks.resources(id)).filter(({ status }) => /FAILED$/.test(status));
  const lines = failed.map(
    ({ logicalId, type, status, reason }) => `\n  ${logicalId} (${type}) is ${status}: ${reason}`,
  );
  const remedy = NEVER_MADE.includes(stack.status)
    ? 'Correct it, take the remains away with fc-templates undeploy, and deploy again'
    : 'Correct it, and deploy again; what was there before is there';
  return new CommandError(
    `The stack ${name} is ${stack.status} (${stack.reason || 'ROS gives no reason'})${lines.join('')}\n${remedy}`,
  );
}
