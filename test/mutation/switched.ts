import { readFileSync } from 'node:fs';
import type { Mutant } from './mutants.ts';

/** What the changed sources ask: whether the mutant of that number is the one that is on. runner.ts answers. */
export const SWITCH = '__mutantIsOn';

/**
 * The text of a file with all its mutants in it, each asleep until it is switched on, so that a file is
 * loaded once for all of them. `numbers` gives each mutant's number.
 */
export function switched(
  root: string,
  file: string,
  mutants: readonly Mutant[],
  numbers: ReadonlyMap<Mutant, number>,
): string {
  const source = readFileSync(`${root}/${file}`, 'utf8');
  // What is outermost first; of the same place, in the order they were found in.
  const sorted = mutants.toSorted((a, b) => a.start - b.start || b.end - a.end);

  /** The text from start to end, with those of `inside` in it. */
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
