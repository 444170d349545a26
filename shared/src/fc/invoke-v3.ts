import { signAcs3 } from './acs3.ts';
import type { Call, RawAnswer } from './call.ts';
import { send } from './send.ts';

const VERSION = '2023-03-30';

/** InvokeFunction of the 3.0 API. Its one request is signed here, with less code than any SDK brings. */
export async function invokeV3(name: string, call: Call): Promise<RawAnswer> {
  const { endpoint, credentials, event, type, qualifier } = call;
  const path = `/${VERSION}/functions/${name}/invocations`;
  const query = qualifier === undefined ? '' : `qualifier=${encodeURIComponent(qualifier)}`;
  const url = new URL(`${endpoint}${path}${query && `?${query}`}`);
  const headers = signAcs3(
    {
      method: 'POST',
      path,
      query,
      host: url.host,
      action: 'InvokeFunction',
      version: VERSION,
      body: event,
      headers: { 'content-type': 'application/octet-stream', 'x-fc-invocation-type': type },
    },
    credentials,
  );
  return send(call, url, headers);
}
