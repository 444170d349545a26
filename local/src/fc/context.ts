/**
 * A handler's second argument on the built-in Node.js runtimes of FC 3.0. FC fills it from request
 * headers: a header that is absent leaves undefined.
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
  /** Number of this retry of an asynchronous invocation; 0 for the first attempt. */
  retryCount?: number;
  tracing?: {
    openTracingSpanContext?: string;
    openTracingSpanBaggages?: Record<string, string>;
    jaegerEndpoint?: string;
  };
}

/** A temporary credential of the function's role, as sent in headers: each part may be absent. */
export interface ContextCredentials {
  accessKeyId?: string | undefined;
  accessKeySecret?: string | undefined;
  securityToken?: string | undefined;
}

/** `context.logger`. */
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
