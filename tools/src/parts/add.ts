import { UsageError } from '../command-line/usage-error.ts';
import { indented } from '../edit/entries.ts';
import { type Path, YamlFile } from '../edit/yaml-file.ts';
import { ENVIRONMENTS_FILE, withOverlays } from './environments.ts';
import type { Files } from './files.ts';
import { importedBy } from './imports.ts';
import { keepingLineEnds } from './line-ends.ts';
import { ownFiles, READMES, SERVERLESS_FILE } from './places.ts';
import { rowIn, rowNames, withRow } from './readme.ts';
import { type Part, type PartId, reached, readStack, type Stack } from './stack.ts';

const HEAD = ['ROSTemplateFormatVersion', 'Description'];

/** A project with a function added, and what differs there. */
export interface Added {
  files: Files;
  /**
   * Paths, and entries such as `s.yaml: resources.infra`, that already exist with other content; they stay
   * unchanged.
   */
  differing: string[];
}

/**
 * Returns the project with one more function of the catalog and everything it needs, each piece placed as
 * in the catalog. What exists already stays unchanged. Throws UsageError for a function that the catalog
 * does not have.
 */
export function added(files: Files, catalog: Files, name: string): Added {
  const source = readStack(catalog);
  if (!source.functions.includes(name))
    throw new UsageError(`there is no template "${name}"; give ${source.functions.join(', ')}`);
  const differing: string[] = [];
  return {
    files: keepingLineEnds(files, (read) => withFunction(read, catalog, source, name, differing)),
    differing,
  };
}

function withFunction(
  files: Files,
  catalog: Files,
  source: Stack,
  name: string,
  differing: string[],
): Files {
  const out = new Map(files);
  const own = ownFiles(catalog, name);
  for (const path of new Set([...own, ...importedBy(catalog, own)])) {
    const text = catalog.get(path) ?? '';
    const present = files.get(path);
    if (present === undefined) out.set(path, text);
    else if (present !== text) differing.push(path);
  }
  addRows(out, catalog, name);
  const [theirs, ours] = [out.get(ENVIRONMENTS_FILE), catalog.get(ENVIRONMENTS_FILE)];
  if (theirs !== undefined && ours !== undefined)
    out.set(ENVIRONMENTS_FILE, withOverlays(theirs, ours, name));
  addParts(out, source, name);
  return out;
}

function addRows(out: Map<string, string>, catalog: Files, name: string): void {
  for (const { file, chapter } of READMES) {
    const rows = catalog.get(file) ?? '';
    const readme = out.get(file);
    const row = rowIn(rows, name);
    if (readme === undefined || row === undefined || rowIn(readme, name)) continue;
    const names = rowNames(rows);
    out.set(file, withRow(readme, chapter, row, names.slice(0, names.indexOf(name))));
  }
}

function addParts(out: Map<string, string>, source: Stack, name: string): void {
  const present = readStack(out);
  if (!out.has(present.template.name))
    out.set(present.template.name, emptyTemplate(source, present.template.name));
  const wanted = partsFor(source, present, name);
  const key = source.key;
  const defaults = new Map(
    source.serverless.keys(['template']).map((one) => [one, defaultsFor(source, present, one)]),
  );
  // The project's own stack may have another key, and another file.
  const renamed = (text: string) => {
    const named = text.replace(
      /(?<=\bextend:\n +name: )[\w-]+/g,
      (one) => defaults.get(one) ?? one,
    );
    return present.key === key
      ? named
      : named.replaceAll(`resources.${key}.`, `resources.${present.key}.`);
  };
  const place = (path: Path): Path => {
    const [section, entry, ...rest] = path;
    if (section === 'template') return [section, defaults.get(String(entry)) ?? '', ...rest];
    return section === 'resources' && entry === key ? [section, present.key, ...rest] : path;
  };

  for (const [id, part] of source.parts) {
    if (!wanted.has(id)) continue;
    const file = part.file === 'serverless' ? SERVERLESS_FILE : present.template.name;
    const to = new YamlFile(file, out.get(file) ?? '');
    const from = part.file === 'serverless' ? source.serverless : source.template;
    const path = place(part.path);
    if (isThere(to, path, from, part.path)) continue;
    const text = renamed(trimmed(source, part, wanted));
    const entry = String(path.at(-1));
    const own = String(part.path.at(-1));
    const keyed =
      entry === own ? text : text.replace(new RegExp(`^( *)${own}:`, 'm'), `$1${entry}:`);
    out.set(file, put(to, path, keyed, from, part.path));
  }
}

/**
 * Returns the key of what functions share. The project's value under that key serves this function too,
 * unless it is of another kind: then ours gets a key of its own.
 */
function defaultsFor(
  { serverless: ours }: Stack,
  { serverless: theirs }: Stack,
  key: string,
): string {
  const value = (file: YamlFile, name: string) => file.value(['template', key, name]);
  const fits =
    !theirs.has(['template', key]) ||
    (value(theirs, 'handler') === value(ours, 'handler') &&
      value(theirs, 'region') !== undefined &&
      String(value(theirs, 'runtime')).startsWith('nodejs'));
  return fits ? key : `${key}-defaults`;
}

/** Whether an item of a list with the same ID exists. */
function isThere(to: YamlFile, path: Path, from: YamlFile, own: Path): boolean {
  const id = from.scalar([...own, 'ID']);
  if (id === undefined) return to.has(path);
  const list = path.slice(0, -1);
  return Array.from({ length: to.count(list) }).some(
    (_, index) => to.scalar([...list, index, 'ID']) === id,
  );
}

/** Adds an entry after those that precede it in the catalog. */
function put(to: YamlFile, path: Path, text: string, from: YamlFile, own: Path): string {
  const parent = path.slice(0, -1);
  const ownParent = own.slice(0, -1);
  if (parent.length > 0 && !to.has(parent)) {
    const comment = from.commentOf(ownParent);
    const whole = `${comment && `${indented(comment, 0)}\n`}${parent.at(-1)}:\n${indented(text, 2)}`;
    return put(to, parent, whole, from, ownParent);
  }
  const keys = from.keys(ownParent);
  const last = own.at(-1);
  const before: (string | number)[] =
    typeof last === 'number'
      ? Array.from({ length: last }, (_, index) => from.scalar([...ownParent, index, 'ID']) ?? '')
      : keys.slice(0, keys.indexOf(String(last)));
  const first = keys.indexOf(String(last)) === 0 || last === 0;
  const apart = from.isApart(own) || (path.length === 1 && !first);
  const foreign = typeof last !== 'number' && !to.keys(parent).some((key) => keys.includes(key));
  return to.withEntry(parent, text, { ...(!foreign && { before }), apart });
}

function partsFor(source: Stack, present: Stack, name: string): Set<PartId> {
  // An existing stack has its own name and region.
  const passes = (part: PartId, need: PartId) =>
    part !== 'stack' || need.startsWith('Parameters.') || !present.parts.has('stack');
  const wanted = reached(source.parts, [`function.${name}`], passes);
  const isNew = (id: PartId) => wanted.has(id) && !present.parts.has(id);
  for (const id of source.joints) {
    const needs = [...(source.parts.get(id)?.needs ?? [])];
    const complete = needs.every((need) => wanted.has(need) || present.parts.has(need));
    if (complete && needs.some(isNew)) wanted.add(id);
  }
  for (const [id, functions] of source.users) if (functions.includes(name)) wanted.add(id);
  return wanted;
}

/** Returns the text of a part as this function needs it: a resource without the details that serve only others. */
function trimmed(source: Stack, part: Part, wanted: ReadonlySet<PartId>): string {
  const file = part.file === 'serverless' ? source.serverless : source.template;
  const unwanted = [...source.users.keys()].filter(
    (id) => id.startsWith(`${part.id}/`) && !wanted.has(id),
  );
  const given = [...source.parts.keys()].filter(
    (id) => part.id === 'stack' && id.startsWith('given.') && !wanted.has(id),
  );
  const paths = [...unwanted, ...given].flatMap((id) => {
    const path = source.parts.get(id)?.path;
    return path ? [path] : [];
  });
  if (paths.length === 0) return file.textOf(part.path);
  return new YamlFile(file.name, file.without(paths)).textOf(part.path);
}

/** Returns a template without resources, with the catalog's version and description. */
function emptyTemplate({ template }: Stack, file: string): string {
  const sections = template.keys([]).filter((key) => !HEAD.includes(key));
  const text = template.without(sections.map((key) => [key]));
  if (!file.endsWith('.json')) return text;
  return `${JSON.stringify(new YamlFile(file, text).value([]), null, 2)}\n`;
}
