import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fields, type Project, parseYaml, readProject } from 'fc-local/project';
import { functionNames } from './function-names.ts';
import { zippedSize } from './zipped-size.ts';

export const TEMPLATE_FILE = 'infra/template.yaml';
/** Folder of the tests that prove the permissions of functions, `<name>.test.ts` each. */
export const PERMISSIONS_FOLDER = 'test/permissions';
/** Folder of the pages on functions, `<name>.md` each. */
export const PAGES_FOLDER = 'docs/functions';

/** Any account will do: nothing that is read here depends on its id. */
const SOME_ACCOUNT = '1234567890123456';

/** A project as the rules of check see it. */
export interface ProjectView {
  root: string;
  /** Names of the folders under functions/, which the build bundles. */
  folders: string[];
  /** s.yaml and the template with everything filled in. */
  project: Project;
  /** The same two as written; empty for a template that does not exist. */
  serverless: Fields;
  template: Fields;
  /** Returns the text of a file, empty if it does not exist. */
  read(path: string): string;
  exists(path: string): boolean;
  /** Returns the deflated bytes of a file, 0 if it does not exist. */
  zipped(path: string): number;
  /** Returns the files under a folder with their paths from the root; none if it does not exist. */
  files(path: string): string[];
}

/** Reads the project at `root`. Throws LocalCloudError for an s.yaml or a template that cannot be read. */
export async function viewProject(root: string): Promise<ProjectView> {
  const exists = (path: string) => existsSync(join(root, path));
  const read = (path: string) => (exists(path) ? readFileSync(join(root, path), 'utf8') : '');
  // With defaults only: the value of a variable in this shell is no fault of the project.
  const project = await readProject({
    dir: root,
    env: {},
    dotEnv: false,
    strict: true,
    accountId: SOME_ACCOUNT,
  });
  return {
    root,
    folders: await functionNames(root),
    project,
    serverless: new Fields(parseYaml(read('s.yaml'), 's.yaml'), 's.yaml'),
    template: new Fields(parseYaml(read(TEMPLATE_FILE) || '{}', TEMPLATE_FILE), TEMPLATE_FILE),
    read,
    exists,
    zipped: (path) => (exists(path) ? zippedSize(readFileSync(join(root, path))) : 0),
    files: (path) => filesUnder(root, path),
  };
}

function filesUnder(root: string, path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(root, `${path}/${entry.name}`) : [`${path}/${entry.name}`],
  );
}
