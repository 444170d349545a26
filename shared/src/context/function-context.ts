/**
 * What FC passes as a handler's second argument (Node.js built-in runtimes, FC 3.0). FC fills it from
 * request headers: an absent header leaves undefined, so every string is optional here.
 */
export interface FunctionContext {
  requestId: string;
  /** Absent when the function has no role. */
  credentials?: ContextCredentials | undefined;
  function: {
    name?: string;
    handler?: string;
    /** MB. */
    memory: number;
    /** Seconds. */
    timeout: number;
  };
  service?: {
    logProject?: string;
    logStore?: string;
    qualifier?: string;
    versionId?: string;
  };
  region?: string | undefined;
  accountId?: string | undefined;
  logger: FunctionLogger;
  /** Which retry of an asynchronous invocation this is; 0 for the first try. */
  retryCount?: number;
  tracing?: {
    openTracingSpanContext?: string;
    openTracingSpanBaggages?: Record<string, string>;
    jaegerEndpoint?: string;
  };
}

export interface ContextCredentials {
  accessKeyId?: string | undefined;
  accessKeySecret?: string | undefined;
  securityToken?: string | undefined;
}

export interface FunctionLogger {
  requestId?: string;
  logLevel?: string;
  setLogLevel(level: string): void;
  log(...args: unknown[]): void;
  debug(...args: unknown[]): void;
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
}

/** A handler as FC calls it: every trigger's event, HTTP included, comes as a Buffer. */
export type FunctionHandler<Result = unknown> = (
  event: Buffer,
  context: FunctionContext,
) => Promise<Result>;
