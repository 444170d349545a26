import type { Self } from './evaluate.ts';
import { Fields } from './fields.ts';
import { readText } from './files.ts';
import { invalidProject } from './invalid-project.ts';
import { parseYaml } from './parse-yaml.ts';
import type { Mapping } from './yaml-tree.ts';

/** One entry of env.yaml. */
export interface Environment {
  /** Value of `this` in its overlays. */
  self: Self;
  /**
   * Returns the overlays of a resource's props, in order: by its component, by its key, by the
   * region of the infrastructure.
   */
  overlays(component: string, resource: string): Mapping[];
}

/** Reads the environment of that name in `file`. Throws LocalCloudError when there is none. */
export function readEnvironment(dir: string, file: string, name: string): Environment {
  const text = readText(dir, file, 'put it beside s.yaml, or leave the environment out');
  const top = new Fields(parseYaml(text, file), file);
  const all = top
    .list('environments')
    .map((tree) => new Fields(tree, `${file}, environment`))
    .map((fields) => ({ name: fields.requireString('name'), fields }));
  const chosen = all.find((one) => one.name === name)?.fields;
  if (!chosen)
    throw invalidProject(
      top.source,
      `${file} has no environment "${name}"`,
      `name one of ${all.map((one) => one.name).join(', ') || 'those that you add under environments'}`,
    );
  const { overlays: _, ...rest } = Object.fromEntries(chosen.tree.entries);
  const own: Mapping = { ...chosen.tree, entries: new Map(Object.entries(rest)) };
  const overlays = chosen.has('overlays') ? chosen.map('overlays') : undefined;
  const overlay = (section: string, key: string): Mapping | undefined => {
    const map = overlays?.has(section) ? overlays.map(section) : undefined;
    return map?.has(key) ? map.map(key)?.tree : undefined;
  };
  return {
    self: { id: `environment ${name}`, root: () => own },
    overlays: (component, resource) =>
      [overlay('components', component), overlay('resources', resource), regionOf(chosen)].filter(
        (one) => one !== undefined,
      ),
  };
}

/** Returns the region of infraStack, which takes precedence over every other. */
function regionOf(environment: Fields): Mapping | undefined {
  const stack = environment.has('infraStack') ? environment.map('infraStack') : undefined;
  const region = stack?.tree.entries.get('region');
  return region && { kind: 'map', source: region.source, entries: new Map([['region', region]]) };
}
