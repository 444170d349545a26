import { type Described, Functions } from '../cloud/functions.ts';
import { CommandError } from '../command-line/command-error.ts';
import { functionsIn } from '../deploy-tool/preview.ts';
import type { Deployment } from './open.ts';

/**
 * Returns the address and authType of a function's HTTP trigger. Throws CommandError for a function that is
 * not deployed, or has none.
 */
export async function httpTriggerOf(
  key: string,
  deployment: Deployment,
): Promise<{ url: string; authType: string; methods: string[] }> {
  const { functionName } = await describedFunction(key, deployment);
  const triggers = await new Functions(deployment.account).triggers(String(functionName));
  const trigger = triggers.find(({ triggerType }) => triggerType === 'http');
  const url = textAt(trigger, 'httpTrigger', 'urlInternet');
  if (trigger === undefined || url === undefined)
    throw new CommandError(
      `The function ${functionName} has no HTTP trigger with an address in the internet: name a function that has one; fc-templates info lists them`,
    );
  const config = Object(JSON.parse(String(trigger.triggerConfig ?? '{}')));
  return {
    url,
    authType: String(config.authType ?? 'anonymous'),
    methods: Array.isArray(config.methods) ? config.methods.map(String) : [],
  };
}

/** Returns FC's description of a function of s.yaml. Throws CommandError for one that s.yaml or FC does not have. */
export async function describedFunction(
  key: string,
  { preview, account }: Deployment,
): Promise<Described> {
  const declared = functionsIn(preview)[key];
  if (!declared)
    throw new CommandError(
      `s.yaml has no function "${key}": there are ${Object.keys(functionsIn(preview)).join(', ')}`,
    );
  const name = String(declared.props.functionName);
  const found = await new Functions(account).get(name);
  if (found) return found;
  throw new CommandError(
    `Function Compute has no function ${name} in ${account.region}: deploy first with fc-templates deploy, or name the environment that was deployed with --env`,
  );
}

/** Returns the text at a path into FC's answer; undefined if there is none. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = path.reduce<unknown>((node, key) => Object(node)[key], value);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
