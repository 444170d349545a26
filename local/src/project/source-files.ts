import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { readDotEnv, readText } from './files.ts';
import { invalidProject } from './invalid-project.ts';
import { merge } from './merge.ts';
import { parseYaml } from './parse-yaml.ts';
import type { Mapping } from './yaml-tree.ts';

export interface SourceFiles {
  /** Folder of s.yaml; its paths start there. */
  dir: string;
  /** Its name, for messages. */
  file: string;
  /** Its content, merged with the file that it extends. */
  root: Mapping;
  /** Variables of the .env files beside it and beside each function's code. */
  dotEnv: NodeJS.ProcessEnv;
}

const NAMES = ['s.yaml', 's.yml'];

/**
 * Reads s.yaml, or the named file, and the .env files. Throws LocalCloudError when it does not
 * exist or is no YAML.
 */
export function readSourceFiles(project: string, named: string | undefined): SourceFiles {
  const name = named ?? NAMES.find((one) => existsSync(join(project, one))) ?? 's.yaml';
  const path = resolve(project, name);
  const dir = dirname(path);
  const file = named === undefined ? basename(path) : relative(project, path) || basename(path);
  const own = parseYaml(
    readText(dir, basename(path), 'start in the folder of a project, or name it'),
    file,
  );
  const root = withBase(own, dir);
  return { dir, file, root, dotEnv: dotEnvOf(root, dir) };
}

/** Merges the base file that `extend: ./base.yaml` at the top names; the file's own values win. */
function withBase(own: Mapping, dir: string): Mapping {
  const base = own.entries.get('extend');
  if (!base) return own;
  if (base.kind !== 'scalar' || typeof base.value !== 'string')
    throw invalidProject(base.source, 'extend names no file', 'write the path of one');
  const name = relative(dir, resolve(dir, base.value));
  const text = readText(dir, name, `put it there, or correct the path at ${base.source}`);
  return merge(own.source, withBase(parseYaml(text, name), dirname(resolve(dir, name))), own);
}

/**
 * Returns the variables; those beside the code come first, as the deploy tool reads them first and
 * does not overwrite.
 */
function dotEnvOf(root: Mapping, dir: string): NodeJS.ProcessEnv {
  const resources = root.entries.get('resources');
  const entries = resources?.kind === 'map' ? [...resources.entries.values()] : [];
  const folders = entries.flatMap((entry) => {
    const props = entry.kind === 'map' ? entry.entries.get('props') : undefined;
    const code = props?.kind === 'map' ? props.entries.get('code') : undefined;
    return code?.kind === 'scalar' && typeof code.value === 'string' ? [code.value] : [];
  });
  return Object.assign(
    readDotEnv(dir),
    ...folders.map((folder) => readDotEnv(resolve(dir, folder))).reverse(),
  );
}
