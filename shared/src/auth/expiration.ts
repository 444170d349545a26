const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?<zone>Z|[+-]\d\d:?\d\d)?$/i;

/** The `Expiration` of a credential in milliseconds since the epoch: ISO 8601, in UTC where it names no zone, never in this machine's. NaN for anything else. */
export function parseExpiration(value: unknown): number {
  const text = typeof value === 'string' ? value.trim().replace(' ', 'T') : '';
  const match = ISO.exec(text);
  if (!match) return Number.NaN;
  return Date.parse(match.groups?.zone ? text : `${text}Z`);
}
