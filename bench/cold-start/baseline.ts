import { fileURLToPath } from 'node:url';
import type { FunctionSpec } from 'fc-local';
import type { TestCloud } from 'fc-local/testing';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** A function of bench/fixtures, with a role that may publish and store. */
export function baseline(name: string, cloud: TestCloud): FunctionSpec {
  const model = cloud.project?.functions[0];
  if (!model) throw new Error('s.yaml declares no function');
  cloud.role('bench').allow('*');
  const environmentVariables = {
    TOPIC_NAME: cloud.project?.topics[0]?.name ?? '',
    BUCKET_NAME: cloud.project?.buckets[0]?.name ?? '',
    // A function's code runs from a folder elsewhere.
    NODE_PATH: fileURLToPath(new URL('../../node_modules', import.meta.url)),
  };
  return {
    ...model,
    name,
    resource: name,
    codeDir: fixture(name),
    role: 'bench',
    environmentVariables,
    triggers: [],
  };
}
