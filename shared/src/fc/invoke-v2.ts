import { muteDebug } from '../net/mute-debug.ts';
import type { Call, RawAnswer } from './call.ts';
import { parsed, refused, unreachable } from './errors.ts';

/** InvokeFunction of the 2.0 API, through `@alicloud/fc2`. */
export async function invokeV2(service: string, name: string, call: Call): Promise<RawAnswer> {
  const { target, endpoint, event, type, qualifier, timeoutMs: timeout } = call;
  const { accessKeyId: accessKeyID, accessKeySecret, securityToken } = call.credentials;
  muteDebug();
  const { default: Client } = await import('@alicloud/fc2/lib/client.js');
  const { accountId, region } = call;
  const keys = { accessKeyID, accessKeySecret, securityToken };
  const client = new Client(accountId, { ...keys, region, endpoint, timeout });
  try {
    const { headers, data } = await client.invokeFunction(
      service,
      name,
      event,
      // The SDK takes no agent, and keeps connections without end: a thawed instance would meet dead ones.
      { 'x-fc-invocation-type': type, connection: 'close' },
      qualifier,
      { rawBuf: true },
    );
    const requestId = headers['x-fc-request-id'];
    if (requestId === undefined)
      throw unreachable(target, "answer is not Function Compute's", { status: 200 });
    const body = toBuffer(data);
    const errorType = headers['x-fc-error-type'];
    return { requestId, body, errorType, failure: errorType && parsed(body) };
  } catch (error) {
    throw toServiceError(error, target);
  }
}

/** The SDK parses what is declared as JSON: it is made bytes again. */
function toBuffer(data: unknown): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
}

/** The SDK has status, request id and message in one text only. */
function toServiceError(error: unknown, target: string): unknown {
  if (!(error instanceof Error) || error.name === 'ServiceError') return error;
  const [, status, requestId, message] =
    /failed with (\d+)\. requestid: (.*?), message: (.*)\.$/s.exec(error.message) ?? [];
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (status === undefined) return unreachable(target, error.message, { cause: error });
  return refused(target, {
    status: Number(status),
    requestId: requestId === 'undefined' ? undefined : requestId,
    body: { ErrorCode: code, ErrorMessage: message },
  });
}
