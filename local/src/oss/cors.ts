import type { CorsConfiguration, CorsRule } from './spec.ts';

/** A cross-origin request as a bucket's rules see it. */
export interface CorsRequest {
  origin: string;
  method: string;
  /** Of a preflight: names in any case. */
  headers: readonly string[];
}

/** The headers by which a browser lets the page have the answer; undefined when no rule allows the request. */
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
    headers.every((name) =>
      rule.allowedHeaders.some((pattern) => fits(pattern.toLowerCase(), name.toLowerCase())),
    )
  );
}

/** One `*` in a pattern matches any text. */
function fits(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === text;
  return (
    text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
  );
}
