import type { FunctionContext, FunctionHandler } from '../context/function-context.ts';
import { BAGGAGE, childTrace, parseTrace, TRACEPARENT, type Trace } from '../context/trace.ts';
import { InvalidInputError } from '../errors/errors.ts';
import { publicError } from '../errors/public-error.ts';
import { checkContentMd5, checkNotEncoded } from '../events/declared.ts';
import { type HttpRequest, type HttpResponse, parseHttpEvent } from '../events/http.ts';
import { type Log, withTrace } from '../log/log.ts';
import { parseJson, type Schema, validate } from '../schema/validate.ts';
import { beginInvocation, type Invocation } from './invocation.ts';
import { json } from './json.ts';

export interface HttpInvocation<Body> extends Invocation {
  request: HttpRequest;
  body: Body;
  /**
   * Continues the request's `traceparent` and `baggage`, or begins a trace; `log` includes it. Pass it on
   * with `formatTraceparent`.
   */
  trace: Trace;
}

export interface HttpHandlerOptions<Body> {
  /** Schema of the JSON body. Without one, `body` is the bytes as they came. */
  body?: Schema<Body>;
  /** Largest body in bytes; default 1 MiB with a schema, else FC's own limit. A larger one answers 413. */
  maxBodyBytes?: number;
  handle(invocation: HttpInvocation<Body>): Promise<HttpResponse>;
}

/** Maximum bytes of a JSON body: when parsed, small values take ten times as much memory or more. */
const MAX_JSON_BODY_BYTES = 1024 * 1024;

/**
 * Makes the handler of an HTTP trigger, which parses the event, validates the body, runs, answers and logs.
 * Refuses a body that does not match its Content-MD5, and JSON declared as compressed. Answers an
 * InvalidInputError with its status, code and issues; wrong input runs nothing. Logs any other error whole
 * and answers it with 503 when the same request may succeed later, else 500, with the request id to ask
 * about and nothing else.
 */
export function httpHandler<Body>(
  options: HttpHandlerOptions<Body> & { body: Schema<Body> },
): FunctionHandler<HttpResponse>;
export function httpHandler(
  options: Omit<HttpHandlerOptions<Buffer>, 'body'>,
): FunctionHandler<HttpResponse>;
export function httpHandler(options: HttpHandlerOptions<unknown>): FunctionHandler<HttpResponse> {
  const { body: schema, maxBodyBytes = schema && MAX_JSON_BODY_BYTES } = options;
  return async (event, context) => {
    const { deadline, log: begun } = beginInvocation(context);
    let log = begun;
    try {
      const request = parseHttpEvent(event, { maxBodyBytes });
      const trace = childTrace(parseTrace(request.headers[TRACEPARENT], request.headers[BAGGAGE]));
      log = withTrace(log, trace);
      checkContentMd5(request);
      const body = schema ? await jsonBody(schema, request) : request.body;
      // Each by its name: V8 takes many times as long to spread so many.
      return await options.handle({ context, log, deadline, request, body, trace });
    } catch (error) {
      return answerError(error, context, log);
    }
  };
}

function jsonBody<Body>(schema: Schema<Body>, request: HttpRequest): Promise<Body> {
  checkNotEncoded(request);
  return validate(schema, parseJson(request.body, 'Body'), 'Body');
}

function answerError(error: unknown, context: FunctionContext, log: Log): HttpResponse {
  const { status, retryable, ...known } = publicError(error);
  if (error instanceof InvalidInputError)
    log.warn({ code: error.code, issues: error.issues }, 'Refused request');
  else log.error({ error }, 'Invocation failed');
  return json(
    status,
    { error: { ...known, requestId: context.requestId } },
    retryable ? { 'retry-after': '1' } : {},
  );
}
