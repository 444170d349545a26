import { toPlain } from 'fc-local/project';
import { type Environment, readEnvironments } from '../../project/environments.ts';
import type { ProjectView } from '../../project/view.ts';
import type { Finding } from '../finding.ts';

/** Requires that each environment of env.yaml is another stack, and overlays only what exists. */
export function environments(view: ProjectView): Finding[] {
  if (!view.exists('env.yaml')) return [];
  const resources = view.serverless.map('resources')?.keys ?? [];
  const stacks = new Map<string, string>();
  return readEnvironments(view.root).flatMap((environment): Finding[] => {
    const overlays = environment.fields.map('overlays')?.map('resources');
    const unknown = (overlays?.keys ?? [])
      .filter((key) => !resources.includes(key))
      .map((key) => ({
        source: overlays?.get(key)?.source ?? environment.source,
        problem: `environment "${environment.name}" overlays "${key}", which s.yaml does not declare`,
        remedy: 'name a resource of s.yaml',
      }));
    const name = overlays?.map('infra')?.get('name');
    const stack = name && String(toPlain(name));
    const other = stack ? stacks.get(stack) : undefined;
    if (stack) stacks.set(stack, environment.name);
    const found = [...unknown, ...numbers(environment)];
    if (stack && other === undefined) return found;
    return [
      ...found,
      {
        source: name?.source ?? environment.source,
        problem: stack
          ? `environment "${environment.name}" has the stack of "${other}"`
          : `environment "${environment.name}" names no stack of its own`,
        remedy: `give overlays.resources.infra a name that ends in -${environment.name}`,
      },
    ];
  });
}

/** Reports variables that are not text, which FC refuses; those of s.yaml are checked when it is read. */
function numbers({ name, fields }: Environment): Finding[] {
  const overlays = fields.map('overlays');
  const all = [overlays?.map('components'), overlays?.map('resources')].flatMap((part) =>
    (part?.keys ?? []).map((key) => part?.map(key)?.map('environmentVariables')),
  );
  return all.flatMap((variables) =>
    (variables?.keys ?? []).flatMap((key) => {
      const tree = variables?.get(key);
      if (!tree || typeof toPlain(tree) === 'string') return [];
      return {
        source: tree.source,
        problem: `environment "${name}": ${key} is ${JSON.stringify(toPlain(tree))}, and FC takes texts only`,
        remedy: 'put it in quotes',
      };
    }),
  );
}
