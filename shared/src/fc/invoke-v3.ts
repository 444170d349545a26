import { signAcs3 } from './acs3.ts';
import type { Call, RawAnswer } from './call.ts';
import { parsed, refused, unreachable } from './errors.ts';
import { post, type Sent } from './post.ts';

const VERSION = '2023-03-30';

/** InvokeFunction of the 3.0 API. Its one request is signed here: that is less than any SDK brings along. */
export async function invokeV3(name: string, call: Call): Promise<RawAnswer> {
  const { target, endpoint, credentials, event, type, qualifier, timeoutMs } = call;
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
  let answer: Sent;
  try {
    answer = await post(url, headers, event, timeoutMs);
  } catch (cause) {
    throw unreachable(target, cause instanceof Error ? cause.message : String(cause), { cause });
  }
  const { status, body } = answer;
  const requestId = answer.headers['x-fc-request-id']?.toString();
  if (status < 200 || status >= 300)
    throw refused(target, { status, requestId, body: parsed(body) });
  if (requestId === undefined)
    throw unreachable(target, "answer is not Function Compute's", { status });
  const errorType = answer.headers['x-fc-error-type']?.toString();
  return { requestId, body, errorType, failure: errorType && parsed(body) };
}
