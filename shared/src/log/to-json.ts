/** A value as JSON, big integers too; undefined for what has no JSON, such as a function. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? readable(part) : part));
  }
}

/** Most of those who read it take JSON's numbers for doubles. */
function readable(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
