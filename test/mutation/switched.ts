import { readFileSync } from 'node:fs';
import type { Mutant } from './mutants.ts';

/**
 * Name of the function that the changed sources call to ask whether the mutant of that number is on.
 * runner.ts defines it.
 */
export const SWITCH = '__mutantIsOn';

/**
 * Returns the text of a file with all its mutants in it, each inactive until it is switched on, so that a
 * file is loaded once for all of them. `numbers` gives each mutant's number.
 */
export function switched(
  root: string,
  file: string,
  mutants: readonly Mutant[],
  numbers: ReadonlyMap<Mutant, number>,
): string {
  const source = readFileSync(`${root}/${file}`, 'utf8');
  // The outermost first; at the same place, in the order they were found.
  const sorted = mutants.toSorted((a, b) => a.start - b.start || b.end - a.end);

  /** Returns the text from start to end, with those of `inside` in it. */
  const text = (start: number, end: number, inside: readonly Mutant[]): string => {
    let written = '';
    let at = start;
    for (let index = 0; index < inside.length; ) {
      const outer = inside[index] as Mutant;
      const rest = inside.slice(index);
      const same = rest.filter((one) => one.start === outer.start && one.end === outer.end);
      const within = rest.filter((one) => one.start < outer.end && !same.includes(one));
      const original = text(outer.start, outer.end, within);
      written += source.slice(at, outer.start) + choice(original, same, numbers);
      at = outer.end;
      index += same.length + within.length;
    }
    return written + source.slice(at, end);
  };
  return `const ${SWITCH} = globalThis.${SWITCH};${text(0, source.length, sorted)}`;
}

function choice(
  original: string,
  mutants: readonly Mutant[],
  numbers: ReadonlyMap<Mutant, number>,
): string {
  let written = original;
  for (const mutant of mutants) {
    const isOn = `${SWITCH}(${numbers.get(mutant)})`;
    written =
      mutant.replacement === ';'
        ? `{if(${isOn}){}else ${written}}`
        : `(${isOn}?(${mutant.replacement}):(${written}))`;
  }
  return written;
}
