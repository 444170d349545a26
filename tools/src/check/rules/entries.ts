import { placeOf } from '../../project/places.ts';
import type { ProjectView } from '../../project/view.ts';
import { builtFunctions } from '../built-functions.ts';
import type { Finding } from '../finding.ts';

/** Requires that each folder under functions/ is declared in s.yaml, and that each declared function has its folder. */
export function entries(view: ProjectView): Finding[] {
  const declared = new Map(view.project.functions.map((fn) => [fn.resource, fn]));
  const undeclared = view.folders
    .filter((name) => !declared.has(name))
    .map((name) => ({
      source: `functions/${name}/index.ts`,
      problem: `s.yaml declares no function "${name}"`,
      remedy: `add it under resources, or take the folder out with fc-templates remove ${name}`,
    }));
  const homeless = builtFunctions(view)
    .filter(({ resource }) => !view.exists(`functions/${resource}/index.ts`))
    .map((fn) => ({
      source: placeOf(view, fn),
      problem: `Function "${fn.resource}" has no functions/${fn.resource}/index.ts`,
      remedy: `write it, or take the entry out with fc-templates remove ${fn.resource}`,
    }));
  return [...undeclared, ...homeless];
}
