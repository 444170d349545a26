import { Functions } from '../cloud/functions.ts';
import { Stacks } from '../cloud/stacks.ts';
import { CommandError } from '../command-line/command-error.ts';
import { complain, patienceOf, print, type Session } from '../command-line/io.ts';
import { type PreviewedResource, stacksIn } from '../deploy-tool/preview.ts';
import { showDeployTool } from '../deploy-tool/run-deploy-tool.ts';
import { toolFile, withToolFile } from '../deploy-tool/tool-file.ts';
import { warnOfNoAlarms } from './alarms.ts';
import { warnOfAnonymous } from './anonymous.ts';
import { takeBuilds } from './build-step.ts';
import { chooseCodeCache } from './code-cache.ts';
import { differences, isLeft } from './compare.ts';
import { withoutIdleAuth } from './idle-auth.ts';
import { chosenFunctions, type Deployment, openDeployment } from './open.ts';
import { assumesYes, type DeployOptions, toolOptions } from './options.ts';
import { outputsIn, withOutputs } from './outputs.ts';
import { deployedStack, deployStack, stackTemplate } from './stack.ts';

type Resources = Record<string, PreviewedResource>;
/** Outputs by the stack's key in s.yaml. */
type Outputs = Record<string, Record<string, string>>;

export interface DeployMeans {
  /** Checks the bucket's name before anything is created. */
  lookAtBucket(deployment: Deployment): Promise<void>;
}

/**
 * Deploys the stack and the functions, or the named functions with the outputs of the existing stack.
 * Watches the stack itself; builds the functions in one run, and lets the deploy tool create or update
 * them; then asks FC whether they are as declared. Throws CommandError if they are not.
 */
export async function deploy(
  names: readonly string[],
  options: DeployOptions,
  session: Session,
  means: DeployMeans,
): Promise<void> {
  const deployment = await openDeployment(options, session);
  const { account, preview, source } = deployment;
  const functions = withoutIdleAuth(chosenFunctions(preview, names));
  print(session, `Account ${account.accountId}, region ${account.region}, by ${source}`);
  warnOfRegion(deployment, session);
  warnOfAnonymous(functions, options.env, session);
  if (names.length === 0) warnOfNoAlarms(preview, options.env, session);
  if (names.length === 0) await means.lookAtBucket(deployment);

  const outputs = await stackOutputs(names, deployment, session);
  const filled = withOutputs(functions, (key, name) => outputs[key]?.[name]) as Resources;
  requireOutputs(filled, outputs);
  const { names: toBuild, left } = takeBuilds(session.project, filled);
  await buildAll(toBuild, session);
  const code = await deployByTool(left, deployment, options, session);
  await verify(filled, new Functions(account), session);
  if (code !== 0)
    throw new CommandError(
      `s deploy ended with ${code}, though the functions are as declared: see what it says above, and deploy again`,
    );
}

function warnOfRegion({ target: { region, isKnownRegion } }: Deployment, session: Session): void {
  if (!isKnownRegion)
    complain(
      session,
      `warning: ${region} is not among the regions that Function Compute was in when this was written`,
    );
}

async function stackOutputs(
  names: readonly string[],
  { account, preview, project }: Deployment,
  session: Session,
): Promise<Outputs> {
  const stacks = new Stacks(account);
  const say = (line: string) => print(session, line);
  const outputs: Outputs = {};
  for (const [key, resource] of Object.entries(stacksIn(preview))) {
    const known = withOutputs(resource, (other, name) => outputs[other]?.[name]);
    const what = stackTemplate(project, key, known as PreviewedResource);
    const stack =
      names.length > 0
        ? await deployedStack(stacks, what.name)
        : await deployStack(stacks, what, { ...patienceOf(session), say });
    outputs[key] = stack.outputs;
  }
  return outputs;
}

/** Throws CommandError for an output that the stack does not have. */
function requireOutputs(functions: Resources, outputs: Outputs): void {
  const missing = outputsIn(functions).filter((one) =>
    Object.keys(outputs).some((key) => one.startsWith(`\${resources.${key}.`)),
  );
  if (missing.length > 0)
    throw new CommandError(
      `The stack has no output for ${missing.join(', ')}: correct s.yaml or the template's Outputs, and deploy without names`,
    );
}

async function buildAll(names: readonly string[], session: Session): Promise<void> {
  if (names.length === 0) return;
  const { build } = await import('../build/build.ts');
  const { codeCache, note } = chooseCodeCache(session.env);
  const built = await build(session.project, names, { codeCache });
  print(session, `Built ${built.map(({ name }) => name).join(', ')}`);
  if (note) print(session, note);
}

async function deployByTool(
  functions: Resources,
  { project, forTool }: Deployment,
  options: DeployOptions,
  session: Session,
): Promise<number> {
  if (Object.keys(functions).length === 0) return 0;
  const { args, env } = await forTool();
  return withToolFile(toolFile(project, functions, 'default'), (path) => {
    const call = ['deploy', '-t', path, ...args, ...toolOptions(options, session)];
    const asks = !assumesYes(options, session);
    return showDeployTool(project, 'deploy', call, { ...session, env, asks });
  });
}

/** The tool's exit code does not show the outcome: it has been 0 although nothing was deployed. */
async function verify(resources: Resources, functions: Functions, session: Session): Promise<void> {
  const wrong: string[] = [];
  for (const [key, { props }] of Object.entries(resources)) {
    const name = String(props.functionName);
    const described = await functions.get(name);
    const found = described
      ? differences({ props, described, ...(await functions.around(name, props)) })
      : ['FC has no such function'];
    const notes = found.filter(isLeft);
    for (const note of notes) complain(session, `note: ${key}: ${note}`);
    wrong.push(
      ...found.filter((line) => !notes.includes(line)).map((line) => `\n  ${key}: ${line}`),
    );
  }
  if (wrong.length > 0)
    throw new CommandError(
      `What FC has is not what is declared:${wrong.join('')}\nSee what s says above. A trigger of mns_topic is never updated: delete it, and deploy again`,
    );
  print(session, `Deployed ${Object.keys(resources).join(', ')}: as declared, by FC's own word`);
}
