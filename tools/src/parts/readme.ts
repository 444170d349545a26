const rowOf = (name: string) => new RegExp(`^\\| \\[\`${name}\`\\]\\(`);
const ROW = /^\| \[`([a-z][a-z0-9-]*)`\]\(/;

/** Returns the row of a function in a README's table of functions, without its line break. */
export function rowIn(readme: string, name: string): string | undefined {
  return readme.split('\n').find((line) => rowOf(name).test(line));
}

/** Returns the names of the table's rows, in order. */
export function rowNames(readme: string): string[] {
  return readme.split('\n').flatMap((line) => ROW.exec(line)?.[1] ?? []);
}

/** Returns the README without the row of that function. */
export function withoutRow(readme: string, name: string): string {
  return readme
    .split('\n')
    .filter((line) => !rowOf(name).test(line))
    .join('\n');
}

/**
 * Returns the README with one more row in the table after that heading: after the nearest of `before` that
 * has one, else as the first. Unchanged if there is no such table.
 */
export function withRow(
  readme: string,
  chapter: string,
  row: string,
  before: readonly string[],
): string {
  const lines = readme.split('\n');
  const start = lines.findIndex((line) => line.trim() === chapter);
  if (start < 0) return readme;
  const head = lines.findIndex((line, index) => index > start && /^\|\s*-/.test(line));
  if (head < 0) return readme;
  const after = lines.findLastIndex((line) => before.includes(ROW.exec(line)?.[1] ?? ''));
  lines.splice(Math.max(after, head) + 1, 0, row);
  return lines.join('\n');
}
