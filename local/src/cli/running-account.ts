import { LOCAL_PATH } from '../openapi/local.ts';
import type { CredentialMethods } from '../start/credential-methods.ts';
import { CommandError } from './errors.ts';

/**
 * Returns the running cloud's values for each way to a credential. Throws CommandError when nothing
 * answers there, and for a function without a role.
 */
export async function readAccount(
  openapi: string,
  functionName: string | undefined,
): Promise<CredentialMethods> {
  const query = functionName === undefined ? '' : `?function=${encodeURIComponent(functionName)}`;
  let response: Response;
  try {
    response = await fetch(`${openapi}${LOCAL_PATH}${query}`);
  } catch {
    throw new CommandError(
      `Nothing answers at ${openapi}: start the cloud with fc-local, or give --openapi-port`,
    );
  }
  const answer = await read(response);
  if (response.ok && isAccount(answer)) return answer;
  const said = typeof answer.Message === 'string' ? answer.Message : `status ${response.status}`;
  throw new CommandError(`${openapi} has no account to show: ${said}`);
}

async function read(response: Response): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await response.text());
  } catch {
    return {};
  }
}

function isAccount(answer: object): answer is CredentialMethods {
  return 'roleArn' in answer && 'environment' in answer;
}
