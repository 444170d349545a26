let second = Number.NaN;
/** The time up to its milliseconds, for all of that second. */
let head = '';

/** The time as ISO 8601 with milliseconds. Most of what a Date's own text takes is saved for the same second. */
export function isoTime(now: number = Date.now()): string {
  const begun = Math.floor(now / 1000) * 1000;
  if (begun !== second) {
    head = new Date(begun).toISOString().slice(0, -'000Z'.length);
    second = begun;
  }
  return `${head}${String(now - begun).padStart(3, '0')}Z`;
}
