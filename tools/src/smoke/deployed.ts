import { previewOf } from '../preview.ts';
import { complaintIn, jsonIn, runS } from '../s.ts';
import { withBare } from '../serverless/bare.ts';
import { readTarget } from '../serverless/target.ts';

/** Where the deployed functions are to be found. */
export interface Deployed {
  /** HTTP trigger of topic-publisher. */
  url: string;
  bucket: string;
  region: string;
}

/** Where the smoke test failed, and what to do about it. */
export class SmokeError extends Error {
  override readonly name = 'SmokeError';

  constructor(what: string, remedy: string, options?: ErrorOptions) {
    super(`${what}: ${remedy}`, options);
  }
}

/** Asks the deploy tool for what was not given. Throws SmokeError when it cannot say. */
export async function findDeployed(
  root: string,
  given: Partial<Deployed>,
  environment: string | undefined,
): Promise<Deployed> {
  const { url, bucket, region } = given;
  if (url && bucket && region) return { url, bucket, region };
  const publisher = url ? {} : await infoOf(root, 'topic-publisher', environment);
  const consumer = bucket && region ? {} : await infoOf(root, 'queue-consumer', environment);
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

async function infoOf(root: string, name: string, environment: string | undefined) {
  const { access } = await readTarget(root, environment, process.env);
  const ran = await withBare(await previewOf(root, environment), access, (file) =>
    runS(root, [name, 'info', '-t', file, '--silent', '-o', 'json']),
  );
  const info = jsonIn(ran.stdout);
  if (ran.code !== 0 || info === undefined)
    throw new SmokeError(
      `s ${name} info fails (${complaintIn(ran)})`,
      'deploy first with npm run deploy, or give --url, --bucket and --region',
    );
  // With one resource named, its own fields; else those of each under its key.
  return (info as Record<string, unknown>)[name] ?? info;
}

function at(value: unknown, ...path: string[]): string | undefined {
  const found = path.reduce<unknown>((node, key) => Object(node)[key], value);
  return typeof found === 'string' ? found : undefined;
}
