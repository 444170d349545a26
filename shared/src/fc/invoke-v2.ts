import { createHash } from 'node:crypto';
import { muteDebug } from '../net/mute-debug.ts';
import type { Call, RawAnswer } from './call.ts';
import { send } from './send.ts';

const VERSION = '2016-08-15';

/**
 * InvokeFunction of the 2.0 API. `@alicloud/fc2` signs it, as its README describes for custom requests, but
 * does not send it: it would read and unpack an answer of any size.
 */
export async function invokeV2(service: string, name: string, call: Call): Promise<RawAnswer> {
  const { endpoint, event, type, qualifier, accountId, credentials } = call;
  muteDebug();
  const { default: Client } = await import('@alicloud/fc2/lib/client.js');
  const qualified = qualifier === undefined ? service : `${service}.${qualifier}`;
  const path = `/${VERSION}/services/${qualified}/functions/${name}/invocations`;
  const url = new URL(`${endpoint}${path}`);
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const headers: Record<string, string> = {
    accept: 'application/json',
    date: new Date().toUTCString(),
    host: url.host,
    'content-type': 'application/octet-stream',
    'content-length': String(event.length),
    // Hex, then base64, as the API requires.
    'content-md5': Buffer.from(createHash('md5').update(event).digest('hex')).toString('base64'),
    'x-fc-account-id': accountId,
    'x-fc-invocation-type': type,
    ...(securityToken && { 'x-fc-security-token': securityToken }),
  };
  const authorization = Client.getSignature(accessKeyId, accessKeySecret, 'POST', path, headers);
  return send(call, url, { ...headers, authorization });
}
