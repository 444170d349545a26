import { YamlFile } from '../edit/yaml-file.ts';
import type { Files } from '../parts/files.ts';
import { CHINESE_README_FILE, README_FILE, READMES, SERVERLESS_FILE } from '../parts/places.ts';
import { rowIn } from '../parts/readme.ts';
import { removed } from '../parts/remove.ts';
import { readStack } from '../parts/stack.ts';
import { type Manifest, projectManifest, type Sources } from './manifest.ts';
import { chineseProjectReadme, projectReadme } from './project-readme.ts';
import { VITEST_CONFIG } from './vitest-config.ts';

const PROJECT_READMES = {
  [README_FILE]: projectReadme,
  [CHINESE_README_FILE]: chineseProjectReadme,
};

export interface ProjectOptions {
  /** Prefix of the names of everything that is deployed. */
  name: string;
  region: string;
  functions: readonly string[];
  sources: Sources;
}

/** Returns the names of the catalog's functions, in its order. */
export function templateNames(catalog: Files): string[] {
  return readStack(catalog).functions;
}

/** Returns the files of a project with these functions of the catalog, and with nothing of the others. */
export function projectFiles(catalog: Files, options: ProjectOptions): Files {
  const others = templateNames(catalog).filter((name) => !options.functions.includes(name));
  return removed(wholeProject(catalog, options), others);
}

function wholeProject(catalog: Files, { name, region, sources }: ProjectOptions): Files {
  const files = new Map(withAppName(catalog, name, region));
  files.delete('publish.yaml');
  const ours: Manifest = JSON.parse(catalog.get('package.json') ?? '{}');
  files.set('package.json', projectManifest(name, ours, sources));
  files.set('tsconfig.json', projectTypes(catalog.get('tsconfig.json') ?? '{}'));
  files.set('vitest.config.ts', VITEST_CONFIG);
  for (const { file } of READMES) {
    const readme = catalog.get(file) ?? '';
    const rows = templateNames(catalog).flatMap((one) => rowIn(readme, one) ?? []);
    files.set(file, PROJECT_READMES[file](name, rows));
  }
  return files;
}

/** Removes the repository's own condition, by which its packages are read as sources. JSON is YAML, too. */
function projectTypes(text: string): string {
  const file = 'tsconfig.json';
  const cut = new YamlFile(file, text).without([['compilerOptions', 'customConditions']]);
  const include = '["functions", "shared", "test", "*.ts"]';
  return new YamlFile(file, cut).withValues([[['include'], include]]);
}

/** Returns s.yaml and the template of the catalog under another app's name. */
export function withAppName(catalog: Files, name: string, region?: string): Files {
  const files = new Map(catalog);
  const serverless = new YamlFile(SERVERLESS_FILE, catalog.get(SERVERLESS_FILE) ?? '');
  files.set(
    SERVERLESS_FILE,
    serverless.withValues([
      [['name'], name],
      [['vars', 'app'], `\${env('APP_NAME', '${name}')}`],
      ...(region === undefined
        ? []
        : [[['vars', 'region'], `\${env('REGION', '${region}')}`] as const]),
    ]),
  );
  const { template } = readStack(catalog);
  files.set(template.name, template.withValues([[['Parameters', 'AppName', 'Default'], name]]));
  return files;
}
