import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fields, parseYaml } from 'fc-local/project';
import { UsageError } from '../command-line/usage-error.ts';

export interface Environment {
  name: string;
  fields: Fields;
  /** Place of the environment, such as `env.yaml:11`. */
  source: string;
}

/** Returns the environments of env.yaml; none if there is no such file. Throws LocalCloudError with file and line. */
export function readEnvironments(root: string): Environment[] {
  const file = join(root, 'env.yaml');
  if (!existsSync(file)) return [];
  const top = new Fields(parseYaml(readFileSync(file, 'utf8'), 'env.yaml'), 'env.yaml');
  return top
    .only(['environments'])
    .list('environments')
    .map((tree) => {
      const fields = new Fields(tree, 'environment');
      return { name: fields.requireString('name'), fields, source: tree.source };
    });
}

/**
 * Returns the environment of that name. Throws UsageError if env.yaml does not have it; the deploy tool
 * would ignore the name and continue.
 */
export function requireEnvironment(root: string, name: string): Environment {
  const all = readEnvironments(root);
  const found = all.find((one) => one.name === name);
  if (found) return found;
  const known = all.map((one) => one.name).join(', ') || 'none, there is no env.yaml';
  throw new UsageError(`--env is "${name}"; env.yaml has ${known}`);
}

/**
 * Returns the type that env.yaml gives the environment of that name, such as testing or production;
 * undefined without a name.
 */
export function environmentType(root: string, name: string | undefined): string | undefined {
  const all = name === undefined ? [] : readEnvironments(root);
  return all.find((one) => one.name === name)?.fields.string('type');
}
