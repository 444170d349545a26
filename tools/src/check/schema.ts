import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { LocalCloudError } from 'fc-local/project';
import { componentName, type Preview, previewOf } from '../deploy-tool/preview.ts';
import { readEnvironments } from '../project/environments.ts';
import { placeOf } from '../project/places.ts';
import type { ProjectView } from '../project/view.ts';
import type { Finding } from './finding.ts';
import { type Matcher, matcherOf } from './json-schema.ts';

/**
 * Checks what `s preview` makes of s.yaml, alone and in each environment, against a JSON schema of a
 * function's props. Throws LocalCloudError for a schema that cannot be read.
 */
export async function againstSchema(
  view: ProjectView,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<Finding[]> {
  const match = readSchema(file);
  const findings = othersSchema(view, file);
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

/**
 * Reports, for a schema whose file names a version (`fc3-0.1.22.json`), each function that is pinned to
 * another version.
 */
function othersSchema({ serverless }: ProjectView, file: string): Finding[] {
  const [version] = /\d+\.\d+\.\d+/.exec(basename(file)) ?? [];
  const resources = serverless.map('resources');
  return (resources?.keys ?? []).flatMap((resource) => {
    const [name, pinned] = (resources?.map(resource)?.string('component') ?? '').split('@');
    if (version === undefined || name !== 'fc3' || pinned === version) return [];
    return {
      source: resources?.get(resource)?.source ?? 's.yaml',
      problem: `"${resource}" is deployed by ${pinned ? `fc3@${pinned}` : 'the newest fc3'}, and the schema is of ${version}`,
      remedy: `pin fc3@${version}, or give the schema of the other`,
    };
  });
}

function mismatchesOf(
  view: ProjectView,
  { resources }: Preview,
  match: Matcher,
  within: string,
): Finding[] {
  return Object.entries(resources)
    .filter(([, one]) => componentName(one) === 'fc3')
    .flatMap(([resource, { props }]) =>
      match(props).map(({ path, message }) => ({
        source: placeOf(view, entryOf(view, resource), ...path) + within,
        problem: `"${resource}", ${path.join('.') || 'props'} ${message}`,
        remedy: 'see the fields of the component fc3',
      })),
    );
}

/** Returns a function by its key in s.yaml, with the place of its entry there. */
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
      `--schema is "${file}", which is not a JSON schema (${(cause as Error).message})`,
      'give the JSON schema of the component fc3',
      { cause },
    );
  }
}
