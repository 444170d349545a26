/**
 * Returns the word of `words` that `typed` was probably meant to be: at most three letters off, and
 * no more than a third of it.
 */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const reach = Math.min(3, Math.floor(typed.length / 3));
  let best: string | undefined;
  let fewest = reach + 1;
  for (const word of words) {
    const edits = distance(typed.toLowerCase(), word.toLowerCase());
    if (edits < fewest) [best, fewest] = [word, edits];
  }
  return best;
}

/** Returns the Levenshtein distance. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substituted, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
