import type { CredentialsProvider } from '../auth/credentials.ts';
import { ServiceError } from '../errors/errors.ts';
import { mpaasEndpoint } from '../net/endpoints.ts';
import { callOpenApi } from './client.ts';

export interface VhostQuery {
  appId: string;
  workspaceId: string;
  tenantId: string;
}

export interface MpaasOptions {
  credentials: CredentialsProvider;
  region: string;
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
}

/**
 * Returns the virtual host of an app's offline packages: mPaaS QueryMcubeVhost (2020-10-28). A 200 may hide
 * failure in two fields, `ResultCode` and `QueryVhostResult.Success`; each throws a ServiceError here.
 * Names come in PascalCase or camelCase; both are read. The limit is 600 calls a minute.
 */
export async function queryMcubeVhost(query: VhostQuery, options: MpaasOptions): Promise<string> {
  const { region, env, timeoutMs } = options;
  const answer = await callOpenApi({
    service: 'mpaas',
    endpoint: mpaasEndpoint({ region, ...(env && { env }) }),
    version: '2020-10-28',
    action: 'QueryMcubeVhost',
    parameters: {
      AppId: query.appId,
      WorkspaceId: query.workspaceId,
      TenantId: query.tenantId,
    },
    credentials: await options.credentials.getCredentials(),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });

  const requestId = read(answer, 'RequestId');
  const code = read(answer, 'ResultCode');
  if (code !== 'OK') throw failed(code, read(answer, 'ResultMessage'), requestId);
  const result = (read(answer, 'QueryVhostResult') ?? {}) as Record<string, unknown>;
  const data = read(result, 'Data');
  if (read(result, 'Success') !== true || typeof data !== 'string')
    throw failed('QueryVhostFailed', read(result, 'ResultMsg'), requestId);
  return data;
}

function read(fields: Record<string, unknown>, name: string): unknown {
  return fields[name] ?? fields[`${name.charAt(0).toLowerCase()}${name.slice(1)}`];
}

function failed(code: unknown, message: unknown, requestId: unknown): ServiceError {
  const known = typeof code === 'string' && code !== '' ? code : 'UnexpectedAnswer';
  return new ServiceError(
    `QueryMcubeVhost failed with ${known} (${String(message ?? 'no message')})`,
    {
      service: 'mpaas',
      code: known,
      status: 200,
      ...(typeof requestId === 'string' && { requestId }),
      remedy:
        'check MPAAS_APP_ID, MPAAS_WORKSPACE_ID and MPAAS_TENANT_ID against the mPaaS console',
    },
  );
}
