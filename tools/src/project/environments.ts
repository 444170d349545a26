import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fields, parseYaml } from 'fc-local/project';
import { UsageError } from '../command-line/usage-error.ts';

export interface Environment {
  name: string;
  fields: Fields;
  /** `env.yaml:11`. */
  source: string;
}

/** The environments of env.yaml, none when there is no such file. Throws LocalCloudError with file and line. */
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

/** Throws UsageError for an environment that env.yaml does not have; the deploy tool would take it for none and go on. */
export function requireEnvironment(root: string, name: string): Environment {
  const all = readEnvironments(root);
  const found = all.find((one) => one.name === name);
  if (found) return found;
  const known = all.map((one) => one.name).join(', ') || 'none, there is no env.yaml';
  throw new UsageError(`--env is "${name}"; env.yaml has ${known}`);
}

/** The type that env.yaml gives the environment of that name, such as testing or production; undefined without a name. */
export function environmentType(root: string, name: string | undefined): string | undefined {
  const all = name === undefined ? [] : readEnvironments(root);
  return all.find((one) => one.name === name)?.fields.string('type');
}
