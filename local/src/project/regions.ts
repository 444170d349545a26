import { LocalCloudError } from '../errors.ts';
import type { Findings } from './findings.ts';
import type { Resource, ServerlessFile } from './serverless-file.ts';

/** Region of a project that names none. */
const DEFAULT_REGION = 'cn-hangzhou';

interface NamedRegion {
  resource: Resource;
  region: string;
  source: string;
}

/**
 * Returns the single region of all resources: the given one, or the first that s.yaml names. Warns
 * of any other.
 */
export function regionOf(
  resources: readonly Resource[],
  file: ServerlessFile,
  given: string | undefined,
  { warn }: Findings,
): string {
  const named = resources.flatMap((resource) => nameRegion(resource, file) ?? []);
  const [first] = named;
  if (!first) return given ?? DEFAULT_REGION;
  for (const { resource, region, source } of named)
    if (region !== first.region)
      warn(
        source,
        `region ${region} of "${resource.key}" differs from ${first.region} (${first.source}): here all is in one region, ${given ?? first.region}`,
      );
  if (given !== undefined && given !== first.region)
    warn(first.source, `region ${first.region} is named; the local cloud runs in ${given}`);
  return given ?? first.region;
}

function nameRegion(resource: Resource, file: ServerlessFile): NamedRegion | undefined {
  try {
    const tree = file.prop(resource, 'region');
    if (tree?.kind !== 'scalar' || typeof tree.value !== 'string' || tree.value === '')
      return undefined;
    return { resource, region: tree.value, source: tree.source };
  } catch (error) {
    // Reported where the resource is read.
    if (error instanceof LocalCloudError) return undefined;
    throw error;
  }
}
