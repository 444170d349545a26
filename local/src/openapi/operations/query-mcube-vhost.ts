import { isFields } from '../../xml/write.ts';
import type { Answer, SignedOperation } from './operation.ts';

/**
 * mPaaS QueryMcubeVhost. Like the service it answers 200 even for failures, and reports them in two
 * places: ResultCode (here: a parameter is missing) and QueryVhostResult.Success (here: the app is
 * unknown). The codes and texts of a failure are this server's choice: they are not documented.
 */
export const queryMcubeVhost: SignedOperation = {
  signed: true,
  /** mPaaS has permissions for actions only: its policies have Resource "*". */
  permission: ({ region, identities }) => ({
    action: 'mpaas:QueryMcubeVhost',
    resource: `acs:mpaas:${region}:${identities.accountId}:*`,
  }),
  run({ requestId, parameters, mpaas }) {
    const missing = ['AppId', 'WorkspaceId', 'TenantId'].find(
      (name) => parameters.get(name) === undefined,
    );
    const appId = parameters.get('AppId') ?? '';
    const vhost = Object.hasOwn(mpaas.vhosts, appId) ? mpaas.vhosts[appId] : undefined;
    const answer = missing
      ? failure(requestId, 'PARAM_MISSING', `${missing} is required`)
      : vhost === undefined
        ? failure(requestId, 'OK', `No virtual host for app ${appId}`)
        : success(requestId, vhost);
    return mpaas.camelCase ? toCamelCase(answer) : answer;
  },
};

function success(requestId: string, vhost: string): Answer {
  return {
    RequestId: requestId,
    ResultCode: 'OK',
    ResultMessage: '',
    QueryVhostResult: { Data: vhost, ResultMsg: '', Success: true },
  };
}

function failure(requestId: string, code: string, message: string): Answer {
  return {
    RequestId: requestId,
    ResultCode: code,
    ResultMessage: code === 'OK' ? '' : message,
    QueryVhostResult: { ResultMsg: message, Success: false },
  };
}

function toCamelCase(answer: Answer): Answer {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      isFields(value) ? toCamelCase(value) : value,
    ]),
  );
}
