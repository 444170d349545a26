import { isMap, isScalar, isSeq } from 'yaml';
import { UsageError } from '../command-line/usage-error.ts';
import type { Path } from '../edit/yaml-file.ts';
import { YamlFile } from '../edit/yaml-file.ts';
import { ENVIRONMENTS_FILE, withoutOverlays } from './environments.ts';
import type { Files } from './files.ts';
import { importedBy } from './imports.ts';
import { keepingLineEnds } from './line-ends.ts';
import { ownFiles, READMES, SERVERLESS_FILE } from './places.ts';
import { withoutRow } from './readme.ts';
import { textsIn } from './references.ts';
import { type Part, type PartId, reached, readStack, type Stack } from './stack.ts';

/**
 * Returns the project without these functions, and without what they alone use: files, entries of s.yaml,
 * roles, queues, subscriptions, outputs, rules of the bucket, rows of the READMEs, overlays of env.yaml,
 * documents. What another function uses, and what no function has ever used, stays. Throws UsageError if
 * there is no such function.
 */
export function removed(files: Files, names: readonly string[]): Files {
  return keepingLineEnds(files, (read) => without(read, names));
}

function without(files: Files, names: readonly string[]): Files {
  const stack = readStack(files);
  for (const name of names)
    if (!stack.functions.includes(name))
      throw new UsageError(
        `"${name}" is not a function; there are ${stack.functions.join(', ') || 'none'}`,
      );
  const left = new Map(files);
  for (const path of filesOf(files, names)) left.delete(path);
  for (const { file } of READMES) {
    const readme = files.get(file);
    if (readme !== undefined) left.set(file, names.reduce(withoutRow, readme));
  }

  const environments = files.get(ENVIRONMENTS_FILE);
  if (environments !== undefined) left.set(ENVIRONMENTS_FILE, withoutOverlays(environments, names));

  const gone = partsOf(stack, names);
  for (const id of gone) if (isOwnVariable(stack, id)) gone.delete(id);
  const pathsIn = (file: Part['file']) =>
    [...gone].flatMap((id) => {
      const part = stack.parts.get(id);
      return part?.file === file ? [part.path] : [];
    });
  const serverless = stack.serverless.without(pathsIn('serverless'));
  // Read again: what stays may have an alias of what is removed.
  left.set(SERVERLESS_FILE, new YamlFile(SERVERLESS_FILE, serverless).text);
  const { template } = stack;
  if (!files.has(template.name)) return left;
  const cut = new YamlFile(template.name, template.without(pathsIn('template')));
  const text = cut.without(itemsOf(stack, cut, names, gone));
  if (new YamlFile(template.name, text).keys(['Resources']).length > 0)
    left.set(template.name, text);
  else {
    left.delete(template.name);
    const rest = readStack(left);
    left.set(SERVERLESS_FILE, rest.serverless.without(unneeded(rest)));
  }
  return left;
}

/** Returns a stack without resources, and the variables given to it alone. */
function unneeded(rest: Stack): Path[] {
  const others = [...rest.parts.keys()].filter((id) => /^(function|other)\./.test(id));
  const kept = reached(rest.parts, others);
  const gone = reached(rest.parts, [
    'stack',
    ...[...rest.parts.keys()].filter((id) => id.startsWith('given.')),
  ]);
  return [...gone].flatMap((id) => {
    const path = rest.parts.get(id)?.path;
    return path && !kept.has(id) && !isOwnVariable(rest, id) ? [path] : [];
  });
}

/** Whether a variable is the user's own: those of templates are read from the environment. */
function isOwnVariable({ serverless, parts }: Stack, id: PartId): boolean {
  const path = id.startsWith('variable.') && parts.get(id)?.path;
  return path ? !/^\$\{env\(/.test(serverless.scalar(path) ?? '') : false;
}

/** Returns the functions' own files, and those that only they import. */
function filesOf(files: Files, names: readonly string[]): string[] {
  const own = new Set(names.flatMap((name) => ownFiles(files, name)));
  const others = new Map([...files].filter(([path]) => !own.has(path)));
  const imported = importedBy(files, own);
  // A file that nothing imports is a root: a test, a handler, a script.
  const helpers = new Set([...imported].filter((path) => !own.has(path)));
  const roots = [...others.keys()].filter((path) => !helpers.has(path));
  const kept = importedBy(others, roots);
  return [...imported]
    .filter((path) => own.has(path) || !kept.has(path))
    .concat([...own].filter((path) => !imported.has(path)));
}

function partsOf(stack: Stack, names: readonly string[]): Set<PartId> {
  const { parts, joints, users, roles } = stack;
  const staying = stack.functions.filter((name) => !names.includes(name));
  const goneRoles = new Set(names.flatMap((name) => roles.get(name) ?? []));
  for (const name of staying) goneRoles.delete(roles.get(name) ?? '');
  const ids = (list: readonly string[]) => list.map((name) => `function.${name}`);

  const candidates = reached(parts, ids(names));
  const ofFunctions = reached(parts, ids(stack.functions));
  // What belongs to no function, and joins nothing, is the user's own: it keeps what it needs.
  const own = [...parts.keys()].filter(
    (id) => !ofFunctions.has(id) && !joints.has(id) && !isDetail(id),
  );
  // The stack stays as long as there is any resource, but does not itself keep any parameter.
  const passes = (part: PartId, need: PartId) =>
    !goneRoles.has(need) && !(part === 'stack' && need.startsWith('Parameters.'));
  const kept = reached(parts, [...ids(staying), ...own, 'stack'], passes);
  const gone = new Set([...candidates].filter((id) => !kept.has(id)));
  for (const id of joints)
    if ([...(parts.get(id)?.needs ?? [])].some((need) => gone.has(need))) gone.add(id);
  for (const [id, functions] of users)
    if (
      functions.some((name) => names.includes(name)) &&
      !functions.some((name) => staying.includes(name))
    )
      gone.add(id);
  // With a resource its details are removed by themselves.
  for (const id of gone) if (isDetail(id) && gone.has(id.split('/')[0] ?? '')) gone.delete(id);
  return gone;
}

const isDetail = (id: PartId) => id.includes('/');

/**
 * Returns the items of lists in remaining roles that name a removed role, or a removed function that a
 * service may invoke.
 */
function itemsOf(
  { roles, functions }: Stack,
  template: YamlFile,
  names: readonly string[],
  gone: ReadonlySet<PartId>,
): Path[] {
  const ids = names.flatMap((name) => roles.get(name) ?? []).filter((id) => gone.has(id));
  const goneNames = ids.map((id) => id.slice('Resources.'.length));
  const ownRoles = new Set(functions.flatMap((name) => roles.get(name)?.split('.')[1] ?? []));
  const arn = new RegExp(`:functions/\\$\\{\\w+\\}-(${names.join('|')})(/|$)`);
  const found: Path[] = [];
  const look = (node: unknown, path: Path, invoker: boolean): void => {
    if (isSeq(node))
      for (const [index, item] of node.items.entries()) {
        const named = isMap(item) && item.items.length === 1 ? item.items[0] : undefined;
        const attribute = named && isSeq(named.value) ? String(named.value.get(0)) : '';
        const keyed = named && isScalar(named.key) ? named.key.value : '';
        if (keyed === 'Fn::GetAtt' && goneNames.includes(attribute)) found.push([...path, index]);
        else if (invoker && isWholeValue(item) && textsIn(item).some((text) => arn.test(text)))
          found.push([...path, index]);
        else look(item, [...path, index], invoker);
      }
    if (isMap(node))
      for (const { key, value } of node.items) look(value, [...path, String(key)], invoker);
  };
  for (const id of template.keys(['Resources']))
    look(template.node(['Resources', id]), ['Resources', id], !ownRoles.has(id));
  return found;
}

/** Whether an item is a text, plain or with something filled in, and not a whole statement. */
function isWholeValue(item: unknown): boolean {
  return (
    isScalar(item) || (isMap(item) && item.items.length === 1 && isScalar(item.items[0]?.value))
  );
}
