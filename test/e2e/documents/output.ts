/** Parts that differ from run to run: numbers, ids, and what a sample leaves out (`…`). */
const VARIES = /…|[0-9A-Fa-f]*\d[0-9A-Fa-f]*(?:[-.,][0-9A-Fa-f]+)*/g;

/**
 * Returns the lines of a sample that a command's output does not have, in that order. Numbers and ids may
 * differ, `…` matches anything, and there may be more or fewer blanks.
 */
export function missingLines(sample: string, output: string): string[] {
  const lines = output.split('\n').map(squeezed);
  let from = 0;
  return sample.split('\n').filter((line) => {
    if (line.trim() === '') return false;
    const pattern = patternOf(squeezed(line));
    const at = lines.findIndex((candidate, index) => index >= from && pattern.test(candidate));
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}

function squeezed(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}

function patternOf(line: string): RegExp {
  const fixed = line.split(VARIES).map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${fixed.join('.*?')}$`);
}
