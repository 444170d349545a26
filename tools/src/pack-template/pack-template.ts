import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProject } from '../create/create.ts';
import { projectFiles, templateNames } from '../create/project-files.ts';
import { registrySources, VENDOR, vendorSources } from '../create/vendor.ts';
import { YamlFile } from '../edit/yaml-file.ts';
import { changesOf, writeChanges } from '../parts/changes.ts';
import type { Files } from '../parts/files.ts';
import { SERVERLESS_FILE } from '../parts/places.ts';
import { readCatalog } from '../templates/catalog.ts';
import { chineseReadme, description, englishReadme } from './texts.ts';

/** A project's name until `s init` gives it one; its lockfile has it. */
const NAME = 'function-app';
const REGION = 'cn-hangzhou';
const ALL = 'all';

/**
 * Packs application templates for `s init` into folders of `out`, which is emptied first: one for each
 * function, by its name, and `all`. Each has the project in `src`, publish.yaml, and a readme in Chinese
 * and one in English. The packages come as files, or with `fromRegistry` by their versions. Resolves to the
 * names of the folders.
 */
export async function packTemplates(out: string, fromRegistry: boolean): Promise<string[]> {
  const catalog = readCatalog();
  const names = templateNames(catalog);
  const sources = await (fromRegistry ? registrySources() : vendorSources());
  await rm(out, { recursive: true, force: true });

  // What all of them share: the packages, and the lockfile.
  const common = await mkdtemp(join(tmpdir(), 'templates-'));
  try {
    const some = { name: NAME, region: REGION, functions: names.slice(0, 1), sources };
    const files = projectFiles(catalog, some);
    await createProject(common, { files, vendored: !fromRegistry, listing: '' });
    for (const name of [...names, ALL]) {
      const functions = name === ALL ? names : [name];
      const folder = join(out, name);
      await mkdir(folder, { recursive: true });
      writeChanges(
        folder,
        changesOf(new Map(), templateFiles(catalog, name, { ...some, functions })),
      );
      const src = join(folder, 'src');
      if (!fromRegistry) await cp(join(common, VENDOR), join(src, VENDOR), { recursive: true });
      const lock = 'package-lock.json';
      await copyFile(join(common, lock), join(src, lock)).catch(ignoreMissing);
    }
  } finally {
    await rm(common, { recursive: true, force: true });
  }
  return [...names, ALL];
}

/** Returns the files of one application template. */
export function templateFiles(
  catalog: Files,
  name: string,
  options: Parameters<typeof projectFiles>[1],
): Files {
  const { functions } = options;
  const files = new Map<string, string>();
  for (const [path, text] of projectFiles(catalog, options)) files.set(`src/${path}`, text);
  const serverless = files.get(`src/${SERVERLESS_FILE}`) ?? '';
  files.set(`src/${SERVERLESS_FILE}`, withParameters(serverless));
  const publish = 'publish.yaml';
  files.set(
    publish,
    publishFile(catalog.get(publish) ?? '', {
      Name: name === ALL ? 'fc-templates' : `fc-templates-${name}`,
      Description: description(catalog, functions),
    }),
  );
  files.set('readme.md', chineseReadme(catalog, functions));
  files.set('readme.en.md', englishReadme(catalog, functions));
  files.set('version.md', '- 0.2.0\n');
  return files;
}

/** Returns the text of s.yaml with `{{ … }}` where `s init` fills in the given values. */
export function withParameters(text: string): string {
  const file = new YamlFile(SERVERLESS_FILE, text);
  // In one step: a text with parameters is not YAML.
  return file.withValues([
    [['name'], '{{ appName }}'],
    [['access'], '{{ accessAlias }}'],
    [['vars', 'region'], `\${env('REGION', '{{ region }}')}`],
    [['vars', 'app'], `\${env('APP_NAME', '{{ appName }}')}`],
  ]);
}

function publishFile(text: string, values: Record<string, string>): string {
  const quoted = Object.entries(values).map(
    ([key, value]) => [[key], JSON.stringify(value)] as const,
  );
  return new YamlFile('publish.yaml', text).withValues(quoted);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
