export { type Clock, sleep, systemClock } from '../clock/clock.ts';
export {
  type ContextCredentials,
  Deadline,
  type FunctionContext,
  type FunctionHandler,
  type FunctionLogger,
} from '../context/context.ts';
export { environment, wholeNumber } from '../context/environment.ts';
export {
  childTrace,
  formatTraceparent,
  parseTraceparent,
  TRACEPARENT,
  type Trace,
} from '../context/trace.ts';
export {
  AppError,
  ConfigurationError,
  CredentialsError,
  hasCode,
  InvalidInputError,
  type Issue,
  ServiceError,
} from '../errors/errors.ts';
export type { HttpRequest, HttpResponse } from '../events/http.ts';
export { createLog, invocationLog, type Log, type LogOptions, withFields } from '../log/log.ts';
export { REDACTED, redact, redactFields, rememberSecrets } from '../log/redact.ts';
export { parseJson, type Schema, validate } from '../schema/validate.ts';
export {
  eventHandler,
  type HttpHandlerOptions,
  type HttpInvocation,
  httpHandler,
  type Invocation,
} from './http-handler.ts';
export { json } from './json.ts';
