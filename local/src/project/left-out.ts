import type { LeftOut } from './types.ts';

/** At the beginning of a reason, which is whole by itself as an error's message. */
const OWNER = /^Function "([^"]*)"(?: \([^)]*\))?(?:, trigger "[^"]*")?[:,]? /;

/** One line about what cannot run: its name, its place and the reason, each once, and the remedy. */
export function sentenceOfLeftOut({ what, source, reason, remedy, resource }: LeftOut): string {
  const owner = OWNER.exec(reason);
  const rest = owner?.[1] === resource ? reason.slice(owner[0].length) : reason;
  return `${what} (${source}): ${rest}: ${remedy}`;
}

/** The same without the lines of files, which change without its being another. */
export function withoutLines(sentence: string): string {
  return sentence.replace(/(\.(?:ya?ml|json|env)):\d+/g, '$1');
}
