import { type FunctionContextOptions, functionContext } from 'fc-local/testing';
import type { FunctionContext } from '#shared/handler';

/**
 * Returns a complete context, as FC passes it to a handler, for calling one without any cloud. The
 * credential is made up; `credentials: undefined` means a function without a role.
 */
export function fakeContext(options: FunctionContextOptions = {}): FunctionContext {
  return functionContext({
    functionName: 'fake-function',
    region: 'cn-hangzhou',
    accountId: '1000000000000001',
    credentials: {
      accessKeyId: 'STS.fake-access-key-id',
      accessKeySecret: 'fake-access-key-secret',
      securityToken: 'fake-security-token',
    },
    ...options,
  });
}
