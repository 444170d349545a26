import type { CorsConfiguration, CorsRule } from './spec.ts';

/** A cross-origin request as a bucket's rules see it. */
export interface CorsRequest {
  origin: string;
  method: string;
  /** Requested header names of a preflight, in any case. */
  headers: readonly string[];
}

/**
 * Returns the headers that let the browser give the answer to the page; undefined when no rule
 * allows the request.
 */
export function corsHeaders(
  { rules, responseVary }: CorsConfiguration,
  request: CorsRequest,
): Record<string, string> | undefined {
  const rule = rules.find((candidate) => allows(candidate, request));
  if (!rule) return undefined;
  const { allowedMethods, exposeHeaders, maxAgeSeconds } = rule;
  const anyone = rule.allowedOrigins.includes('*');
  return {
    'Access-Control-Allow-Origin': anyone ? '*' : request.origin,
    'Access-Control-Allow-Methods': allowedMethods.join(', '),
    ...(request.headers.length > 0 && {
      'Access-Control-Allow-Headers': request.headers.join(', '),
    }),
    ...(exposeHeaders.length > 0 && { 'Access-Control-Expose-Headers': exposeHeaders.join(', ') }),
    ...(maxAgeSeconds !== undefined && { 'Access-Control-Max-Age': String(maxAgeSeconds) }),
    ...((responseVary || !anyone) && { Vary: 'Origin' }),
  };
}

function allows(rule: CorsRule, { origin, method, headers }: CorsRequest): boolean {
  return (
    rule.allowedMethods.includes(method) &&
    rule.allowedOrigins.some((pattern) => fits(pattern, origin)) &&
    allowsHeaders(rule.allowedHeaders, headers)
  );
}

/** There may be thousands of either: each is normalised once. */
function allowsHeaders(patterns: readonly string[], headers: readonly string[]): boolean {
  const known = new Set(patterns.map((pattern) => pattern.toLowerCase()));
  const open = [...known].filter((pattern) => pattern.includes('*')).map((one) => one.split('*'));
  return [...new Set(headers.map((name) => name.toLowerCase()))].every(
    (name) => known.has(name) || open.some(([before, after]) => isBetween(name, before, after)),
  );
}

/** One `*` in a pattern matches any text. */
function fits(pattern: string, text: string): boolean {
  const [before, after] = pattern.split('*');
  return after === undefined ? pattern === text : isBetween(text, before, after);
}

function isBetween(text: string, before = '', after = ''): boolean {
  return (
    text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
  );
}
