/** Headers of Function Compute's runtime contract, used between the runtime and an instance. */
export const HEADER = {
  requestId: 'x-fc-request-id',
  controlPath: 'x-fc-control-path',
  accessKeyId: 'x-fc-access-key-id',
  accessKeySecret: 'x-fc-access-key-secret',
  securityToken: 'x-fc-security-token',
  functionName: 'x-fc-function-name',
  functionHandler: 'x-fc-function-handler',
  functionInitializer: 'x-fc-function-initializer',
  functionMemory: 'x-fc-function-memory',
  functionTimeout: 'x-fc-function-timeout',
  region: 'x-fc-region',
  accountId: 'x-fc-account-id',
  qualifier: 'x-fc-qualifier',
  versionId: 'x-fc-version-id',
  logProject: 'x-fc-service-logproject',
  logStore: 'x-fc-service-logstore',
  retryCount: 'x-fc-retry-count',
  spanContext: 'x-fc-tracing-opentracing-span-context',
  spanBaggages: 'x-fc-tracing-opentracing-span-baggages',
  jaegerEndpoint: 'x-fc-tracing-jaeger-endpoint',
  errorType: 'x-fc-error-type',
  maxMemoryUsage: 'x-fc-max-memory-usage',
} as const;

/** Our own headers, for what Function Compute handles inside its instances. */
export const LOCAL_HEADER = {
  /** Handler of the preStop hook, on `/pre-stop`. */
  preStop: 'x-local-pre-stop',
  /** In a call: the process is to take the next one at its gate. In an answer: it does. */
  waits: 'x-local-waits',
  /** Present in a call that has been made at the gate, where the process may or may not have taken it. */
  again: 'x-local-again',
  /** Present when the process must not be used again. */
  spent: 'x-local-spent',
} as const;

export type ErrorType =
  | 'HandledInvocationError'
  | 'UnhandledInvocationError'
  | 'InitializationError';

/** Maximum size of the event and of the answer of a synchronous invocation. */
export const MAX_PAYLOAD_BYTES = 32 * 1024 * 1024;
