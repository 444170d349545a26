import { readFileSync } from 'node:fs';
import { LocalCloudError } from '../../../local/src/errors.ts';
import { readEnvironments } from '../environments.ts';
import { type Preview, previewOf } from '../preview.ts';
import type { Finding } from './house.ts';
import { mismatches } from './json-schema.ts';

/** Checks what `s preview` makes of s.yaml, alone and in each environment, against a JSON schema of a function's props. Throws LocalCloudError for a schema that cannot be read. */
export async function againstSchema(root: string, file: string): Promise<Finding[]> {
  const schema = readSchema(file);
  const findings: Finding[] = [];
  for (const name of [undefined, ...readEnvironments(root).map((one) => one.name)]) {
    const source = name === undefined ? 's.yaml' : `s.yaml with --env ${name}`;
    try {
      const preview = await previewOf(root, name);
      findings.push(...mismatchesOf(preview, schema).map((one) => ({ source, ...one })));
    } catch (error) {
      if (!(error instanceof LocalCloudError)) throw error;
      findings.push({ source, problem: error.message, remedy: error.remedy });
    }
  }
  return findings;
}

function mismatchesOf({ resources }: Preview, schema: unknown): Omit<Finding, 'source'>[] {
  return Object.entries(resources)
    .filter(([, { component }]) => component === 'fc3')
    .flatMap(([key, { props }]) =>
      mismatches(schema, props).map(({ path, message }) => ({
        problem: `"${key}", ${path || 'props'} ${message}`,
        remedy: 'see the fields of the component fc3',
      })),
    );
}

function readSchema(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new LocalCloudError(
      'UnreadableSchema',
      `--schema is "${file}", and that is no JSON (${(cause as Error).message})`,
      'give the JSON schema of the component fc3',
      { cause },
    );
  }
}
