import type { Explanation } from 'fc-kit/credentials';

/** Formats an explanation as a table; the last lines say what is used, and what to consider. */
export function formatExplanation({ service, method, sources, warnings }: Explanation): string {
  const rows = [
    ['source', 'outcome', 'why'],
    ...sources.map(({ source, outcome, reason }) => [source, outcome, reason]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
  );
  const broken = sources.find(({ outcome }) => outcome === 'broken');
  const verdict = method
    ? `${service} uses: ${method}`
    : broken
      ? `${service} has no credential: correct ${broken.source} first`
      : `${service} has no credential: fc-templates credentials setup --service ${service}`;
  return [...table, '', verdict, ...warnings.map((warning) => `warning: ${warning}`)].join('\n');
}
