import { expect } from 'vitest';
import type { House } from '#src/check/house';
import { RULES } from '#src/check/rules';
import { Fields } from '../../../local/src/project/fields.ts';
import type { FunctionSpec, Project } from '../../../local/src/project/types.ts';
import { parseYaml } from '../../../local/src/project/yaml-tree.ts';

/** A fault in the house: what it is, the rule that finds it, how it comes about, and what is said of it. */
export type Fault = [what: string, rule: string, change: () => Partial<House>, message: RegExp];

/** What the rules say of the house of the test that runs, and ways to change that house. */
export function changesOf(house: () => House) {
  return {
    said: (rule: string, changed: Partial<House> = {}) =>
      (RULES[rule]?.({ ...house(), ...changed }) ?? []).map(
        ({ source, problem, remedy }) => `${source}: ${problem}: ${remedy}`,
      ),
    withFunction: (name: string, change: Partial<FunctionSpec>) =>
      withFunction(house(), name, change),
    withText: (file: string, from: string | RegExp, to: string) =>
      withText(house(), file, from, to),
  };
}

/** The project with one of its functions changed. */
function withFunction(
  house: House,
  name: string,
  change: Partial<FunctionSpec>,
): { project: Project } {
  const functions = house.project.functions.map((fn) =>
    fn.resource === name ? { ...fn, ...change } : fn,
  );
  return { project: { ...house.project, functions } };
}

/** The house with one file's text changed, s.yaml and the template read again. */
function withText(house: House, file: string, from: string | RegExp, to: string): Partial<House> {
  const text = house.read(file).replace(from, to);
  expect(text).not.toBe(house.read(file));
  const read = (path: string) => (path === file ? text : house.read(path));
  const fields = () => new Fields(parseYaml(text, file), file);
  return {
    read,
    ...(file === 's.yaml' && { serverless: fields() }),
    ...(file === 'infra/template.yaml' && { template: fields() }),
  };
}
