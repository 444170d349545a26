import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fields } from '../../../local/src/project/fields.ts';
import { readProject } from '../../../local/src/project/project.ts';
import type { FunctionSpec, Project } from '../../../local/src/project/types.ts';
import { parseYaml, type Tree, toPlain } from '../../../local/src/project/yaml-tree.ts';
import { functionNames, zippedSize } from '../build.ts';

/** One thing that a reviewer would not let pass. */
export interface Finding {
  /** `s.yaml:12`, or a file that should be there. */
  source: string;
  problem: string;
  remedy: string;
}

export type Rule = (house: House) => Finding[];

export const TEMPLATE_FILE = 'infra/template.yaml';
export const README_FILE = 'README.md';
export const SCENARIOS_FILE = 'test/e2e/permissions.test.ts';

/** Any account will do: nothing that is checked depends on its id. */
const SOME_ACCOUNT = '1234567890123456';

/** The repository as its rules see it. */
export interface House {
  root: string;
  /** Names of the folders under functions/. */
  folders: string[];
  /** s.yaml and the template with everything filled in. */
  project: Project;
  /** The same two as they are written. */
  serverless: Fields;
  template: Fields;
  /** The text of a file, empty when it is not there. */
  read(path: string): string;
  exists(path: string): boolean;
  /** Bytes of a file deflated, 0 when it is not there. */
  zipped(path: string): number;
  /** Files under a folder with their paths from the root; none when it is not there. */
  files(path: string): string[];
}

/** Reads the repository at `root`. Throws LocalCloudError for an s.yaml or a template that cannot be read. */
export async function readHouse(root: string): Promise<House> {
  const read = (path: string) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
  // With defaults only: what a variable of this shell holds is no fault of the repository.
  const project = await readProject({ dir: root, env: {}, accountId: SOME_ACCOUNT });
  return {
    root,
    folders: await functionNames(root),
    project,
    serverless: new Fields(parseYaml(read('s.yaml'), 's.yaml'), 's.yaml'),
    template: new Fields(parseYaml(read(TEMPLATE_FILE), TEMPLATE_FILE), TEMPLATE_FILE),
    read,
    exists: (path) => existsSync(join(root, path)),
    zipped: (path) =>
      existsSync(join(root, path)) ? zippedSize(readFileSync(join(root, path))) : 0,
    files: (path) => filesUnder(root, path),
  };
}

function filesUnder(root: string, path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(root, `${path}/${entry.name}`) : [`${path}/${entry.name}`],
  );
}

/** The props of a function's entry as they are written in s.yaml. */
export function propsOf({ serverless }: House, { resource }: FunctionSpec): Fields | undefined {
  return serverless.map('resources')?.map(resource)?.map('props');
}

/** Where a key of the function's entry stands; the entry itself when it has none. */
export function placeOf(house: House, fn: FunctionSpec, ...path: string[]): string {
  let fields = propsOf(house, fn);
  let source = fn.source;
  for (const key of path) {
    const tree: Tree | undefined = fields?.tree.entries.get(key);
    if (!tree) break;
    source = tree.source;
    fields = tree.kind === 'map' ? new Fields(tree, key) : undefined;
  }
  return source;
}

/** `file:line` of the first line that holds the text; the file when none does. */
export function lineWith(house: House, file: string, text: string): string {
  const index = house
    .read(file)
    .split('\n')
    .findIndex((line) => line.includes(text));
  return index < 0 ? file : `${file}:${index + 1}`;
}

/** Name of the output that an expression in s.yaml takes: `${resources.infra.output.X}` gives X. */
export function outputIn(text: unknown): string | undefined {
  return /^\$\{resources\.[\w-]+\.output\.(\w+)\}$/.exec(String(text))?.[1];
}

/** Logical id of the resource that an output's value, or another place of the template, is an attribute of. */
export function attributeOf(tree: Tree | undefined): string | undefined {
  const plain = tree && toPlain(tree);
  const reference = Object(plain)['Fn::GetAtt'];
  return Array.isArray(reference) ? String(reference[0]) : undefined;
}
