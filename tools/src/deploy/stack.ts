import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { settledStack } from '../cloud/settled.ts';
import type { Stack, Stacks, StackTemplate } from '../cloud/stacks.ts';
import { CommandError } from '../command-line/command-error.ts';
import type { Patience } from '../command-line/io.ts';
import type { PreviewedResource } from '../deploy-tool/preview.ts';

/** Minutes that ROS has for it, twice: for going forward, and for rolling back. */
const LIMIT_MS = 65 * 60_000;

/** What the component ros is given here; whatever else it may take is not known to mean. */
const KNOWN_PROPS = ['region', 'name', 'template', 'parameters'];

/** Statuses by GetStack's page (2025-05): what was asked for is there. */
const DONE = /^(CREATE|UPDATE|CHECK|IMPORT_CREATE|IMPORT_UPDATE)_COMPLETE$/;

/** An update was undone: what was there before is there. */
const UNDONE = 'ROLLBACK_COMPLETE';

/** Of a first creation that failed: ROS updates no such stack. */
export const NEVER_MADE: readonly string[] = [
  'CREATE_FAILED',
  'CREATE_ROLLBACK_COMPLETE',
  'CREATE_ROLLBACK_FAILED',
  'DELETE_FAILED',
];

/** What a resource with the component ros says of its stack. Throws CommandError for a prop that this does not know, and for a template that is not there. */
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
 * Creates a stack or updates it, and watches it to its end; resolves with its outputs. Throws
 * CommandError when ROS does not get there, with each resource that failed and what to do.
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

/** The stack of that name as it is deployed. Throws CommandError when there is none, or it is not whole. */
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

/** Why a stack in one of NEVER_MADE is not deployed again, and what to do. */
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
