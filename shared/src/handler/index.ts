export { type Clock, sleep, systemClock } from '../clock.ts';
export {
  type ContextCredentials,
  Deadline,
  type FunctionContext,
  type FunctionHandler,
  type FunctionLogger,
} from '../context.ts';
export { environment, wholeNumber } from '../environment.ts';
export {
  AppError,
  ConfigurationError,
  CredentialsError,
  hasCode,
  InvalidInputError,
  type Issue,
  ServiceError,
} from '../errors.ts';
export type { HttpRequest, HttpResponse } from '../events/http.ts';
export {
  eventHandler,
  type HttpHandlerOptions,
  type HttpInvocation,
  httpHandler,
  type Invocation,
} from '../handler.ts';
export { json } from '../http.ts';
export { createLog, invocationLog, type Log, type LogOptions, withFields } from '../log.ts';
export { REDACTED, redact, redactFields, rememberSecrets } from '../redact.ts';
export { parseJson, type Schema, validate } from '../schema.ts';
export {
  childTrace,
  formatTraceparent,
  parseTraceparent,
  TRACEPARENT,
  type Trace,
} from '../trace.ts';
