import { Deadline, type FunctionContext, type FunctionHandler } from '../context/context.ts';
import { childTrace, parseTraceparent, TRACEPARENT, type Trace } from '../context/trace.ts';
import { type AppError, InvalidInputError, ServiceError } from '../errors/errors.ts';
import { type HttpRequest, type HttpResponse, parseHttpEvent } from '../events/index.ts';
import { invocationLog, type Log, withFields } from '../log/log.ts';
import { parseJson, type Schema, validate } from '../schema/validate.ts';
import { json } from './json.ts';

/** What a handler works with besides its input. */
export interface Invocation {
  context: FunctionContext;
  log: Log;
  deadline: Deadline;
}

export interface HttpInvocation<Body> extends Invocation {
  request: HttpRequest;
  body: Body;
  /** Takes up the request's `traceparent`, or begins a trace; `log` carries it. Pass it on by `formatTraceparent`. */
  trace: Trace;
}

export interface HttpHandlerOptions<Body> {
  /** Schema of the JSON body. Without one, `body` is the bytes as they came. */
  body?: Schema<Body>;
  /** Largest body in bytes; default FC's own limit. A larger one answers 413. */
  maxBodyBytes?: number;
  handle(invocation: HttpInvocation<Body>): Promise<HttpResponse>;
}

/**
 * A handler behind an HTTP trigger: parses the event, validates the body, runs, answers, logs.
 * Wrong input answers 400 with its issues (413 when it is too large) and runs nothing. Any other
 * error is logged whole and answered with 503 when the same request may succeed later, else 500,
 * telling the caller the request id to ask about and nothing else.
 */
export function httpHandler<Body>(
  options: HttpHandlerOptions<Body> & { body: Schema<Body> },
): FunctionHandler<HttpResponse>;
export function httpHandler(
  options: Omit<HttpHandlerOptions<Buffer>, 'body'>,
): FunctionHandler<HttpResponse>;
export function httpHandler(options: HttpHandlerOptions<unknown>): FunctionHandler<HttpResponse> {
  return async (event, context) => {
    let invocation = begin(context);
    try {
      const request = parseHttpEvent(event);
      const trace = childTrace(parseTraceparent(request.headers[TRACEPARENT]));
      const { traceId, spanId } = trace;
      invocation = { ...invocation, log: withFields(invocation.log, { traceId, spanId }) };
      checkSize(request.body, options.maxBodyBytes);
      const body = options.body
        ? await validate(options.body, parseJson(request.body, 'Body'), 'Body')
        : request.body;
      return await options.handle({ ...invocation, request, body, trace });
    } catch (error) {
      return answerError(error, invocation);
    }
  };
}

/**
 * A handler behind any other trigger: parses the event, runs, logs. What `handle` throws is logged
 * and thrown on, so that FC counts the invocation as failed and retries it by its rules.
 */
export function eventHandler<Event, Result>(
  parse: (event: Buffer) => Event,
  handle: (event: Event, invocation: Invocation) => Promise<Result>,
): FunctionHandler<Result> {
  return async (event, context) => {
    const invocation = begin(context);
    try {
      return await handle(parse(event), invocation);
    } catch (error) {
      invocation.log.error({ error }, 'Invocation failed');
      throw error;
    }
  };
}

function begin(context: FunctionContext): Invocation {
  return { context, log: invocationLog(context), deadline: new Deadline(context) };
}

function answerError(error: unknown, { context, log }: Invocation): HttpResponse {
  const { requestId } = context;
  if (error instanceof InvalidInputError) {
    const { code, issues } = error;
    log.warn({ code, issues }, 'Refused request');
    return json(statusOf(error), { error: { code, message: error.message, issues, requestId } });
  }
  log.error({ error }, 'Invocation failed');
  const retryable = error instanceof ServiceError && error.retryable;
  const code = retryable ? 'TemporarilyUnavailable' : 'InternalError';
  return json(
    retryable ? 503 : 500,
    { error: { code, message: 'The request could not be handled', requestId } },
    retryable ? { 'retry-after': '1' } : {},
  );
}

function checkSize(body: Buffer, limit = Number.POSITIVE_INFINITY): void {
  if (body.length <= limit) return;
  throw new InvalidInputError(`Body has ${body.length} bytes, over the limit of ${limit}`, {
    code: 'PayloadTooLarge',
  });
}

/** Statuses of input that is refused for another reason than its form. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  PayloadTooLarge: 413,
  FileAlreadyExists: 409,
  UnsupportedMediaType: 415,
  RequestInProgress: 409,
  IdempotencyKeyReused: 422,
};

function statusOf({ code }: AppError): number {
  return STATUS_BY_CODE[code] ?? 400;
}
