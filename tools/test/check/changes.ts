import { Fields, type FunctionSpec, type Project, parseYaml } from 'fc-local/project';
import { expect } from 'vitest';
import { RULES } from '#src/check/rules/all-rules';
import type { ProjectView } from '#src/project/view';

/** A fault in the project: what it is, the rule that finds it, how it is made, and its message. */
export type Fault = [
  what: string,
  rule: string,
  change: () => Partial<ProjectView>,
  message: RegExp,
];

/** Returns the findings in the project of the current test, and functions that change that project. */
export function changesOf(view: () => ProjectView) {
  return {
    said: (rule: string, changed: Partial<ProjectView> = {}) =>
      (RULES[rule]?.({ ...view(), ...changed }) ?? []).map(
        ({ source, problem, remedy }) => `${source}: ${problem}: ${remedy}`,
      ),
    withFunction: (name: string, change: Partial<FunctionSpec>) =>
      withFunction(view(), name, change),
    withText: (file: string, from: string | RegExp, to: string) => withText(view(), file, from, to),
  };
}

/** Returns the project with one of its functions changed. */
function withFunction(
  view: ProjectView,
  name: string,
  change: Partial<FunctionSpec>,
): { project: Project } {
  const functions = view.project.functions.map((fn) =>
    fn.resource === name ? { ...fn, ...change } : fn,
  );
  return { project: { ...view.project, functions } };
}

/** Returns the project with one file's text changed, s.yaml and the template read again. */
function withText(
  view: ProjectView,
  file: string,
  from: string | RegExp,
  to: string,
): Partial<ProjectView> {
  const text = view.read(file).replace(from, to);
  expect(text).not.toBe(view.read(file));
  const read = (path: string) => (path === file ? text : view.read(path));
  const fields = () => new Fields(parseYaml(text, file), file);
  return {
    read,
    ...(file === 's.yaml' && { serverless: fields() }),
    ...(file === 'infra/template.yaml' && { template: fields() }),
  };
}
