import { SURVIVORS } from './survivors.ts';
import type { Result } from './trial.ts';

const MIN_NOTICED = 0.9;

/** Returns how many were noticed, and each that was not, with its reason if there is one. */
export function summary(name: string, { tried, all, survivors }: Result): string {
  const noticed = tried - survivors.length;
  const lines = survivors.map((one) => {
    const reason = SURVIVORS[one.name];
    const place = `  ${one.file}:${one.line} ${one.name.slice(one.file.length + 2)}`;
    return reason ? `${place}\n    known: ${reason}` : place;
  });
  const share = ((100 * noticed) / tried).toFixed(1);
  return [
    `${name}: ${noticed} of ${tried} noticed (${share} %), of ${all} that there are`,
    ...lines,
  ].join('\n');
}

/** Returns what is wrong with the result. */
export function shortfall({ tried, survivors }: Result): string[] {
  const share = (tried - survivors.length) / tried;
  return [
    ...(share >= MIN_NOTICED ? [] : [`${(100 * share).toFixed(1)} % are noticed`]),
    ...survivors.filter(({ name }) => !SURVIVORS[name]).map(({ name }) => `not named: ${name}`),
  ];
}
