/**
 * Returns whether `pattern` matches the whole of `text`: `*` matches any run of characters (none
 * and `/` included), `?` matches one. Takes time proportional to the product of the two lengths,
 * whatever the pattern.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      if (p === pattern.length - 1) return true;
      star = p++;
      resume = t;
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
