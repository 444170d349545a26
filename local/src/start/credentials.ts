import { FUNCTION_TOKEN_SECONDS, type Identities } from '../identities/identities.ts';
import type { TemporaryCredentials } from '../identities/types.ts';
import type { FunctionSpec, Project } from '../project/types.ts';

/** Issues a credential of the function's role as FC does for an invocation; undefined for a function without one. */
export function issueCredentials(
  identities: Identities,
  { role }: FunctionSpec,
  sessionName: string,
): TemporaryCredentials | undefined {
  if (role === undefined) return undefined;
  return identities.assumeRole({ role, sessionName, durationSeconds: FUNCTION_TOKEN_SECONDS });
}

/** Returns the function of that deployed name, or of that key in s.yaml. */
export function functionOf(project: Project | undefined, name: string): FunctionSpec | undefined {
  return project?.functions.find((one) => one.name === name || one.resource === name);
}
