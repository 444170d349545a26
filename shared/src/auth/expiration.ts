const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?<zone>Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Returns a credential's `Expiration` in milliseconds since the epoch. Reads ISO 8601, as UTC where it
 * names no zone, never in this machine's zone. Returns NaN for anything else.
 */
export function parseExpiration(value: unknown): number {
  const text = typeof value === 'string' ? value.trim().replace(' ', 'T') : '';
  const match = ISO.exec(text);
  if (!match) return Number.NaN;
  return Date.parse(match.groups?.zone ? text : `${text}Z`);
}
