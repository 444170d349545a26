import { randomUUID } from 'node:crypto';
import type { ContextCredentials, FunctionContext, FunctionLogger } from '../fc/context.ts';

/** The values that a test sets in a context; the rest is filled in. */
export interface FunctionContextOptions {
  functionName?: string | undefined;
  /** Absent: a function without a role. */
  credentials?: ContextCredentials | undefined;
  requestId?: string | undefined;
  region?: string | undefined;
  accountId?: string | undefined;
  /** Seconds; 60 when absent. */
  timeout?: number | undefined;
  /** MB; 512 when absent. */
  memory?: number | undefined;
  retryCount?: number | undefined;
}

/** Returns a complete context, as FC passes it to a handler, with a logger that prints nothing. */
export function functionContext(options: FunctionContextOptions = {}): FunctionContext {
  const requestId = options.requestId ?? randomUUID();
  return {
    requestId,
    credentials: options.credentials,
    region: options.region,
    accountId: options.accountId,
    function: {
      name: options.functionName ?? 'function',
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
