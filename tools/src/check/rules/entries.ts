import { type Finding, type House, placeOf } from '../house.ts';

/** Each folder under functions/ is declared in s.yaml, and what is declared has its folder. */
export function entries(house: House): Finding[] {
  const declared = new Map(house.project.functions.map((fn) => [fn.resource, fn]));
  const undeclared = house.folders
    .filter((name) => !declared.has(name))
    .map((name) => ({
      source: `functions/${name}/index.ts`,
      problem: `s.yaml declares no function "${name}"`,
      remedy: `add it under resources, or take the folder out with npm run remove -- ${name}`,
    }));
  const homeless = [...declared.values()]
    .filter(({ resource }) => !house.exists(`functions/${resource}/index.ts`))
    .map((fn) => ({
      source: placeOf(house, fn),
      problem: `Function "${fn.resource}" has no functions/${fn.resource}/index.ts`,
      remedy: `write it, or take the entry out with npm run remove -- ${fn.resource}`,
    }));
  return [...undeclared, ...homeless];
}
