import { type Path, YamlFile } from '../edit/yaml-file.ts';

export const ENVIRONMENTS_FILE = 'env.yaml';

/** Returns env.yaml without the overlays of these functions. */
export function withoutOverlays(text: string, functions: readonly string[]): string {
  const file = new YamlFile(ENVIRONMENTS_FILE, text);
  const paths = overlaysIn(file).flatMap(({ path }) => functions.map((name) => [...path, name]));
  return file.without(paths);
}

/** Returns env.yaml with the catalog's overlays of a function, for each environment that both have. */
export function withOverlays(text: string, catalog: string, name: string): string {
  const source = new YamlFile(ENVIRONMENTS_FILE, catalog);
  return overlaysIn(source).reduce((written, { environment, path }) => {
    const overlay = source.textOf([...path, name]);
    const file = new YamlFile(ENVIRONMENTS_FILE, written);
    const own = overlaysIn(file).find((one) => one.environment === environment);
    if (!overlay || !own || file.has([...own.path, name])) return written;
    const keys = source.keys(path);
    return file.withEntry(own.path, overlay, { before: keys.slice(0, keys.indexOf(name)) });
  }, text);
}

interface Overlays {
  environment: string | undefined;
  /** Path of its map of resources. */
  path: Path;
}

function overlaysIn(file: YamlFile): Overlays[] {
  return Array.from({ length: file.count(['environments']) }, (_, index) => ({
    environment: file.scalar(['environments', index, 'name']),
    path: ['environments', index, 'overlays', 'resources'],
  }));
}
