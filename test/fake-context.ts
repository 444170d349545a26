import { randomUUID } from 'node:crypto';
import type { ContextCredentials, FunctionContext, FunctionLogger } from '#shared/handler';

export interface FakeContextOptions {
  functionName?: string;
  /** Take them from a running local cloud, `cloud.credentialsOf('queue-consumer')`, to have them accepted there; undefined stands for a function without a role. */
  credentials?: ContextCredentials | undefined;
  requestId?: string;
  region?: string | undefined;
  accountId?: string | undefined;
  /** Seconds. */
  timeout?: number;
  /** MB. */
  memory?: number;
  retryCount?: number;
}

/** A complete context, as FC passes it to a handler. */
export function fakeContext(options: FakeContextOptions = {}): FunctionContext {
  const requestId = options.requestId ?? randomUUID();
  return {
    requestId,
    credentials: {
      accessKeyId: 'STS.fake-access-key-id',
      accessKeySecret: 'fake-access-key-secret',
      securityToken: 'fake-security-token',
    },
    region: 'cn-hangzhou',
    accountId: '1000000000000001',
    ...('credentials' in options && { credentials: options.credentials }),
    ...('region' in options && { region: options.region }),
    ...('accountId' in options && { accountId: options.accountId }),
    function: {
      name: options.functionName ?? 'fake-function',
      handler: 'index.handler',
      memory: options.memory ?? 512,
      timeout: options.timeout ?? 60,
    },
    service: { logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
    logger: silentLogger(requestId),
    retryCount: options.retryCount ?? 0,
    tracing: { openTracingSpanContext: '', openTracingSpanBaggages: {}, jaegerEndpoint: '' },
  };
}

function silentLogger(requestId: string): FunctionLogger {
  const silent = () => {};
  return {
    requestId,
    logLevel: 'silly',
    setLogLevel: silent,
    log: silent,
    debug: silent,
    info: silent,
    warn: silent,
    error: silent,
  };
}
