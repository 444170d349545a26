import { type FunctionContextOptions, functionContext } from 'fc-local/testing';
import type { FunctionContext } from '#src/context/function-context';

const CREDENTIALS = {
  accessKeyId: 'STS.fake-access-key-id',
  accessKeySecret: 'fake-access-key-secret',
  securityToken: 'fake-security-token',
};

/** Returns a complete context, with a credential that no service knows unless another is given. */
export function fakeContext(options: FunctionContextOptions = {}): FunctionContext {
  const account = { region: 'cn-hangzhou', accountId: '1000000000000001' };
  return functionContext({ credentials: CREDENTIALS, ...account, ...options });
}
