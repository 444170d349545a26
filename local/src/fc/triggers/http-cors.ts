import type { IncomingMessage } from 'node:http';
import type { HttpTriggerSpec, TriggerCors } from '../../project/types.ts';
import type { AnswerHeaders, HttpAnswer } from './http-response.ts';

/** The value that the production gateway of 3.0 sends. */
const EXPOSED = 'Date,x-fc-request-id';

/** A browser's question before a request from another origin. */
interface Preflight {
  origin: string;
  method: string;
  /** As the browser lists them, or empty. */
  headers: string;
}

/**
 * Returns the answer to a preflight that does not reach the function: by default where OPTIONS is
 * not among the trigger's methods, always where the trigger has a corsConfig. Undefined for any
 * other request. The documentation names no status: it is 200 here.
 */
export function preflightAnswer(
  request: IncomingMessage,
  trigger: Pick<HttpTriggerSpec, 'cors' | 'methods'>,
): HttpAnswer | undefined {
  const preflight = readPreflight(request);
  if (!preflight) return undefined;
  const { cors, methods } = trigger;
  if (!cors && methods.includes('OPTIONS')) return undefined;
  const headers = cors ? allowedBy(cors, preflight, methods) : allowedByDefault(preflight, methods);
  return { status: 200, headers, body: Buffer.alloc(0) };
}

/**
 * Returns the answer with the headers that let a browser pass it to a page of another origin: those
 * of corsConfig, or the function's own, or else the gateway's default.
 */
export function withCors(
  answer: HttpAnswer,
  request: IncomingMessage,
  { cors }: Pick<HttpTriggerSpec, 'cors'>,
): HttpAnswer {
  const { origin } = request.headers;
  const names = Object.keys(answer.headers);
  if (!cors) {
    if (names.some(isCors)) return answer;
    const added = {
      'access-control-expose-headers': EXPOSED,
      ...(origin !== undefined && echo(origin, true)),
    };
    return { ...answer, headers: { ...answer.headers, ...added } };
  }
  const others = Object.fromEntries(
    Object.entries(answer.headers).filter(([name]) => !isCors(name)),
  );
  if (origin === undefined || !isAllowedOrigin(cors, origin)) return { ...answer, headers: others };
  const exposed = cors.exposeHeaders?.join(',');
  const added = {
    ...echo(origin, cors.allowCredentials),
    ...(exposed && { 'access-control-expose-headers': exposed }),
  };
  return { ...answer, headers: { ...others, ...added } };
}

function readPreflight({ method, headers }: IncomingMessage): Preflight | undefined {
  const { origin } = headers;
  const wanted = headers['access-control-request-method'];
  if (method !== 'OPTIONS' || origin === undefined || wanted === undefined) return undefined;
  return { origin, method: wanted, headers: headers['access-control-request-headers'] ?? '' };
}

function allowedByDefault(preflight: Preflight, methods: readonly string[]): AnswerHeaders {
  return {
    ...echo(preflight.origin, true),
    'access-control-allow-methods': methods.join(','),
    ...(preflight.headers && { 'access-control-allow-headers': preflight.headers }),
  };
}

/**
 * Returns the headers that allow a request; none when origin, method or a header is not allowed:
 * the browser then sends no request.
 */
function allowedBy(
  cors: TriggerCors,
  preflight: Preflight,
  methods: readonly string[],
): AnswerHeaders {
  const allowedMethods = cors.allowMethods ?? methods;
  const wanted = preflight.headers.split(',').flatMap((name) => name.trim() || []);
  const allowed =
    isAllowedOrigin(cors, preflight.origin) &&
    includes(allowedMethods, preflight.method) &&
    wanted.every((name) => includes(cors.allowHeaders ?? [], name));
  if (!allowed) return {};
  return {
    ...echo(preflight.origin, cors.allowCredentials),
    'access-control-allow-methods': allowedMethods.includes('*')
      ? preflight.method
      : allowedMethods.join(','),
    ...(wanted.length > 0 && { 'access-control-allow-headers': wanted.join(',') }),
    ...(cors.maxAge !== undefined && { 'access-control-max-age': String(cors.maxAge) }),
  };
}

function echo(origin: string, credentials: boolean | undefined): AnswerHeaders {
  return {
    'access-control-allow-origin': origin,
    ...(credentials && { 'access-control-allow-credentials': 'true' }),
  };
}

/**
 * Returns whether an origin is allowed: by `*`, the origin itself, or one with a `*` for any
 * beginning of its host, `https://*.example.com`.
 */
function isAllowedOrigin({ allowOrigins = [] }: TriggerCors, origin: string): boolean {
  return allowOrigins.some((allowed) => {
    const [before = '', after] = allowed.toLowerCase().split('*', 2);
    const given = origin.toLowerCase();
    if (after === undefined) return given === before;
    return (
      given.length >= before.length + after.length &&
      given.startsWith(before) &&
      given.endsWith(after)
    );
  });
}

function includes(list: readonly string[], wanted: string): boolean {
  return list.some((one) => one === '*' || one.toLowerCase() === wanted.toLowerCase());
}

function isCors(name: string): boolean {
  return name.startsWith('access-control-');
}
