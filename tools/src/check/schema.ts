import { readFileSync } from 'node:fs';
import { LocalCloudError } from 'fc-local/project';
import { type Preview, previewOf } from '../deploy-tool/preview.ts';
import { readEnvironments } from '../project/environments.ts';
import { placeOf } from '../project/places.ts';
import type { ProjectView } from '../project/view.ts';
import type { Finding } from './finding.ts';
import { type Matcher, matcherOf } from './json-schema.ts';

/** Checks what `s preview` makes of s.yaml, alone and in each environment, against a JSON schema of a function's props. Throws LocalCloudError for a schema that cannot be read. */
export async function againstSchema(
  view: ProjectView,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<Finding[]> {
  const match = readSchema(file);
  const findings: Finding[] = [];
  for (const name of [undefined, ...readEnvironments(view.root).map((one) => one.name)]) {
    const within = name === undefined ? '' : ` with --env ${name}`;
    try {
      const preview = await previewOf(view.root, name, env);
      findings.push(...mismatchesOf(view, preview, match, within));
    } catch (error) {
      if (!(error instanceof LocalCloudError)) throw error;
      findings.push({ source: `s.yaml${within}`, problem: error.message, remedy: error.remedy });
    }
  }
  return findings;
}

function mismatchesOf(
  view: ProjectView,
  { resources }: Preview,
  match: Matcher,
  within: string,
): Finding[] {
  return Object.entries(resources)
    .filter(([, { component }]) => component === 'fc3')
    .flatMap(([resource, { props }]) =>
      match(props).map(({ path, message }) => ({
        source: placeOf(view, entryOf(view, resource), ...path) + within,
        problem: `"${resource}", ${path.join('.') || 'props'} ${message}`,
        remedy: 'see the fields of the component fc3',
      })),
    );
}

/** A function by its key in s.yaml, with the place of its entry there. */
function entryOf({ serverless }: ProjectView, resource: string) {
  const tree = serverless.map('resources')?.get(resource);
  return { resource, source: tree?.source ?? 's.yaml' };
}

function readSchema(file: string): Matcher {
  try {
    return matcherOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new LocalCloudError(
      'UnreadableSchema',
      `--schema is "${file}", and that is no JSON schema (${(cause as Error).message})`,
      'give the JSON schema of the component fc3',
      { cause },
    );
  }
}
