export { Deadline } from '../context/deadline.ts';
export { environment, wholeNumber } from '../context/environment.ts';
export type {
  ContextCredentials,
  FunctionContext,
  FunctionHandler,
  FunctionLogger,
} from '../context/function-context.ts';
export {
  BAGGAGE,
  childTrace,
  formatTraceparent,
  parseTrace,
  parseTraceparent,
  TRACEPARENT,
  type Trace,
} from '../context/trace.ts';
export {
  AppError,
  type AppErrorOptions,
  ConfigurationError,
  CredentialsError,
  hasCode,
  InvalidInputError,
  type InvalidInputErrorOptions,
  type Issue,
  isTransient,
  ServiceError,
  type ServiceErrorOptions,
} from '../errors/errors.ts';
export { type PublicError, publicError } from '../errors/public-error.ts';
export type { HttpRequest, HttpResponse } from '../events/http.ts';
export { createLog, invocationLog, type Log, type LogOptions, withFields } from '../log/log.ts';
export { REDACTED, redact, redactFields, rememberSecrets } from '../log/redact.ts';
export { isSecretName, SECRET_NAME } from '../log/secret-names.ts';
export { parseJson, type Schema, validate } from '../schema/validate.ts';
export { eventHandler } from './event-handler.ts';
export { type HttpHandlerOptions, type HttpInvocation, httpHandler } from './http-handler.ts';
export type { Invocation } from './invocation.ts';
export { json } from './json.ts';
export { ossHandler, queueHandler, timerHandler, topicHandler } from './trigger-handlers.ts';
