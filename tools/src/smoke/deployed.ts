import { withDeployedFile } from '../deploy/deployed-file.ts';
import { readTarget } from '../deploy/target.ts';
import { complaintIn, jsonIn } from '../deploy-tool/output.ts';
import { previewOf } from '../deploy-tool/preview.ts';
import { runDeployTool } from '../deploy-tool/run-deploy-tool.ts';
import { SmokeError } from './smoke-error.ts';

/** Where the deployed functions are to be found. */
export interface Deployed {
  /** HTTP trigger of topic-publisher. */
  url: string;
  bucket: string;
  region: string;
}

/** Asks the deploy tool for what was not given. Throws SmokeError when it cannot say. */
export async function findDeployed(
  root: string,
  { url, bucket, region }: Partial<Deployed>,
  environment: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Deployed> {
  if (url && bucket && region) return { url, bucket, region };
  const infoOf = (name: string) => askDeployTool(root, name, environment, env);
  const publisher = url ? {} : await infoOf('topic-publisher');
  const consumer = bucket && region ? {} : await infoOf('queue-consumer');
  const found = {
    url: url ?? at(publisher, 'url', 'system_url'),
    bucket: bucket ?? at(consumer, 'environmentVariables', 'BUCKET_NAME'),
    region: region ?? at(consumer, 'region') ?? at(publisher, 'region'),
  };
  const missing = Object.entries(found).flatMap(([key, value]) => (value ? [] : [`--${key}`]));
  if (missing.length > 0)
    throw new SmokeError(
      `s info does not say all that is needed`,
      `give ${missing.join(', ')}, from the console`,
    );
  return found as Deployed;
}

async function askDeployTool(
  root: string,
  name: string,
  environment: string | undefined,
  env: NodeJS.ProcessEnv,
) {
  const { access } = await readTarget(root, environment, env);
  const ran = await withDeployedFile(await previewOf(root, environment, env), access, (file) =>
    runDeployTool(root, [name, 'info', '-t', file, '--silent', '-o', 'json'], env),
  );
  const info = jsonIn(ran.stdout);
  if (ran.code !== 0 || info === undefined)
    throw new SmokeError(
      `s ${name} info fails (${complaintIn(ran)})`,
      'deploy first with fc-templates deploy, or give --url, --bucket and --region',
    );
  // With one resource named, its own fields; else those of each under its key.
  return (info as Record<string, unknown>)[name] ?? info;
}

function at(value: unknown, ...path: string[]): string | undefined {
  const found = path.reduce<unknown>((node, key) => Object(node)[key], value);
  return typeof found === 'string' ? found : undefined;
}
