import type { LeftOut } from './types.ts';

/** Owner at the beginning of a reason, which is also complete by itself as an error's message. */
const OWNER = /^Function "([^"]*)"(?: \([^)]*\))?(?:, trigger "[^"]*")?[:,]? /;

/**
 * Returns one line about what cannot run: its name, its place and the reason, each once, and the
 * remedy.
 */
export function sentenceOfLeftOut({ what, source, reason, remedy, resource }: LeftOut): string {
  const owner = OWNER.exec(reason);
  const rest = owner?.[1] === resource ? reason.slice(owner[0].length) : reason;
  return `${what} (${source}): ${rest}: ${remedy}`;
}

/** Returns the line without line numbers, which change without it being another finding. */
export function withoutLines(sentence: string): string {
  return sentence.replace(/(\.(?:ya?ml|json|env)):\d+/g, '$1');
}
