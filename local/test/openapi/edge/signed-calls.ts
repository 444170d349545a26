import { sha256, signAcs3 } from '#src/openapi/signature/acs3';
import { signRpc } from '#src/openapi/signature/rpc';
import { ALICE, jsonOf, type TestAccount } from '#test/openapi/account';

export interface Key {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
}
export type Values = Record<string, string | undefined>;

const timestampOf = (account: TestAccount, offsetMs = 0) =>
  new Date(account.clock.now() + offsetMs).toISOString().replace(/\.\d{3}Z$/, 'Z');

const entries = (values: Values): [string, string][] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );

/** Returns parameters of a signed RPC call; `change` before signing, `tamper` after. */
function rpc(
  account: TestAccount,
  key: Key = ALICE,
  change: Values = {},
  tamper: Values = {},
  method = 'POST',
): string {
  const parameters = {
    Action: 'GetCallerIdentity',
    Version: '2015-04-01',
    Format: 'JSON',
    AccessKeyId: key.accessKeyId,
    SecurityToken: key.securityToken,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: 'nonce-1',
    Timestamp: timestampOf(account),
    ...change,
  };
  const Signature = signRpc(key.accessKeySecret, method, entries(parameters));
  return new URLSearchParams(entries({ ...parameters, Signature, ...tamper })).toString();
}

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Returns headers of a signed ACS3 call; `change` before signing, `tamper` after. */
function acs3(
  account: TestAccount,
  key: Key = ALICE,
  change: Values = {},
  tamper: Values = {},
): Record<string, string> {
  const headers = {
    host: account.endpoint,
    'x-acs-action': 'GetCallerIdentity',
    'x-acs-version': '2015-04-01',
    'x-acs-date': timestampOf(account),
    'x-acs-signature-nonce': 'nonce-1',
    'x-acs-content-sha256': sha256(''),
    'x-acs-security-token': key.securityToken,
    ...change,
  };
  const names = entries(headers)
    .map(([name]) => name)
    .sort();
  const request = { method: 'POST', path: '/', query: [], headers };
  const signature = signAcs3(key.accessKeySecret, request, names);
  const authorization = `ACS3-HMAC-SHA256 Credential=${key.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return Object.fromEntries(entries({ ...headers, authorization, ...tamper }));
}

export async function refusalIn(pending: Response | Promise<Response>) {
  const response = await pending;
  const { Code } = await jsonOf(response);
  return { status: response.status, Code };
}

/** Returns calls of the running test's account, signed by its clock. */
export function callsTo(account: () => TestAccount) {
  return {
    timestamp: (offsetMs?: number) => timestampOf(account(), offsetMs),
    rpc: (key?: Key, change?: Values, tamper?: Values, method?: string) =>
      rpc(account(), key, change, tamper, method),
    acs3: (key?: Key, change?: Values, tamper?: Values) => acs3(account(), key, change, tamper),
    post: (body: string, headers: Record<string, string> = FORM) =>
      fetch(account().server.url, { method: 'POST', headers, body }),
    call: (headers: Record<string, string>) =>
      fetch(account().server.url, { method: 'POST', headers }),
  };
}
