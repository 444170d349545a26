import { UsageError } from '../command-line/usage-error.ts';
import type { YamlFile } from '../edit/yaml-file.ts';
import { ENVIRONMENTS_FILE } from './environments.ts';
import type { Files } from './files.ts';
import { checkName, pascal, renamer } from './names.ts';
import { ownFiles, READMES, SERVERLESS_FILE } from './places.ts';
import { type PartId, reached, readStack, type Stack } from './stack.ts';

/** Properties that name a resource in the account. */
const NAMES = ['RoleName', 'QueueName', 'SubscriptionName'];
const COPIED = ['ALIYUN::RAM::Role', 'ALIYUN::MNS::Queue', 'ALIYUN::MNS::Subscription'];

type Rename = (text: string) => string;

/**
 * Returns the catalog with its function `from` under another name: files, entry, rows of the READMEs, and
 * roles, queues and subscriptions that no other template uses, so that a copy shares no messages with the
 * original. An OSS trigger gets its own prefix, since OSS refuses triggers that overlap. Topics and the
 * bucket are shared. Throws UsageError for an invalid name, and for one that the catalog has.
 */
export function catalogAs(catalog: Files, from: string, name: string): Files {
  checkName(name);
  const stack = readStack(catalog);
  if (!stack.functions.includes(from))
    throw new UsageError(`there is no template "${from}"; give ${stack.functions.join(', ')}`);
  if (stack.functions.includes(name))
    throw new UsageError(`"${name}" is the name of a template; give another`);
  const ids = newIds(stack, from, name);
  const names = newNames(stack, [...ids.resources.keys()], from, name);
  const functionName = renamer(from, name, stack.functions);
  const prefix = prefixRenamer(stack, from, name);
  const rename: Rename = (text) => functionName(prefix(text));
  const renameStack: Rename = (text) =>
    rename(
      renameIds(text, ids).replace(/(\$\{\w+\}-)([a-z0-9-]+)/g, (all, app: string, old: string) =>
        names.has(old) ? `${app}${names.get(old)}` : all,
      ),
    );

  const out = new Map<string, string>();
  for (const [path, text] of catalog) out.set(path, text);
  for (const path of ownFiles(catalog, from)) {
    out.delete(path);
    out.set(functionName(path), rename(catalog.get(path) ?? ''));
  }
  const own = new Set<PartId>([
    `function.${from}`,
    ...[...ids.resources.keys()].map((id) => `Resources.${id}`),
    ...[...ids.outputs.keys()].map((id) => `Outputs.${id}`),
  ]);
  out.set(SERVERLESS_FILE, withParts(stack.serverless, stack, own, renameStack));
  out.set(stack.template.name, withParts(stack.template, stack, own, renameStack));
  const environments = catalog.get(ENVIRONMENTS_FILE);
  if (environments !== undefined)
    out.set(ENVIRONMENTS_FILE, environments.replace(/^ +[\w-]+(?=:)/gm, functionName));
  for (const { file } of READMES) {
    const readme = catalog.get(file);
    if (readme === undefined) continue;
    const lines = readme.split('\n');
    const isRow = (line: string) => line.startsWith(`| [\`${from}\`](`);
    out.set(file, lines.map((line) => (isRow(line) ? functionName(line) : line)).join('\n'));
  }
  return out;
}

const lastName = (id: PartId) => id.split('.')[1] ?? id;

/** Returns the text with these parts of it renamed in place. */
function withParts(file: YamlFile, stack: Stack, own: ReadonlySet<PartId>, rename: Rename): string {
  const kind = file === stack.serverless ? 'serverless' : 'template';
  return [...own].reduce((text, id) => {
    const part = stack.parts.get(id);
    if (part?.file !== kind) return text;
    const written = file.textOf(part.path);
    return text.replace(written, () => rename(written));
  }, file.text);
}

/** Old ids and new ones. */
interface Ids {
  resources: Map<string, string>;
  outputs: Map<string, string>;
}

/**
 * Renames ids: a resource is referred to by its id, an output by its key, also in s.yaml. A property may
 * have the same name as an output.
 */
function renameIds(text: string, { resources, outputs }: Ids): string {
  const one = (ids: ReadonlyMap<string, string>) => [...ids.keys()].join('|') || '(?!)';
  const key = new RegExp(`^  (${one(outputs)})(?=:\\n +Value:)`, 'm');
  return text
    .replace(
      new RegExp(`\\.output\\.(${one(outputs)})\\}`, 'g'),
      (_, id) => `.output.${outputs.get(id)}}`,
    )
    .replace(key, (_, id) => `  ${outputs.get(id)}`)
    .replace(
      new RegExp(`(^  )(${one(resources)})(?=:\\n +Type:)`, 'm'),
      (_, indent, id) => `${indent}${resources.get(id)}`,
    )
    .replace(
      new RegExp(`(Fn::GetAtt: \\[|Ref: |\\$\\{)(${one(resources)})\\b`, 'g'),
      (_, before, id) => `${before}${resources.get(id)}`,
    );
}

/** Returns the new ids of the template's parts that this function alone needs. */
function newIds(stack: Stack, from: string, name: string): Ids {
  const { parts, functions, joints, roles, template } = stack;
  const others = reached(
    parts,
    functions.filter((one) => one !== from).map((one) => `function.${one}`),
  );
  const own = [...reached(parts, [`function.${from}`])].filter((id) => !others.has(id));
  const joined = [...joints].filter((id) =>
    [...(parts.get(id)?.needs ?? [])].some((need) => own.includes(need)),
  );
  const ids: Ids = { resources: new Map(), outputs: new Map() };
  const role = roles.get(from);
  for (const id of [...own, ...joined]) {
    const old = lastName(id);
    const type = template.scalar(['Resources', old, 'Type']) ?? '';
    if (id.startsWith('Resources.') && !old.includes('/') && COPIED.includes(type))
      ids.resources.set(old, newId(old, type, name, id === role, ids.resources));
  }
  for (const id of [...own, ...joined]) {
    const old = lastName(id);
    const needed = [...(parts.get(id)?.needs ?? [])].map(lastName);
    const of = needed.find((one) => ids.resources.has(one));
    if (!id.startsWith('Outputs.') || !of) continue;
    const renamed = `${ids.resources.get(of)}${old.slice(of.length)}`;
    ids.outputs.set(old, old.startsWith(of) ? renamed : `${pascal(name)}${old}`);
  }
  return ids;
}

function newId(
  old: string,
  type: string,
  name: string,
  isOwnRole: boolean,
  ids: ReadonlyMap<string, string>,
): string {
  const short = type.slice(type.lastIndexOf(':') + 1);
  const wanted =
    isOwnRole || short !== 'Role' ? `${pascal(name)}${short}` : `${pascal(name)}${old}`;
  return [...ids.values()].includes(wanted) ? `${pascal(name)}${old}` : wanted;
}

/** Returns new names in the account, without the app's name in front. */
function newNames(
  { template }: Stack,
  ids: readonly string[],
  from: string,
  name: string,
): Map<string, string> {
  const names = new Map<string, string>();
  for (const id of ids)
    for (const property of NAMES) {
      const written = template.scalar(['Resources', id, 'Properties', property, 'Fn::Sub']);
      const [, old] = /^\$\{\w+\}-([a-z0-9-]+)$/.exec(written ?? '') ?? [];
      if (!old || old.split('-').join('-').includes(from)) continue;
      if (property === 'QueueName') names.set(old, name);
      else if (property === 'SubscriptionName') names.set(old, `${name}-to-queue`);
      else names.set(old, `${name}-${old}`);
    }
  return names;
}

/** Replaces each prefix that triggers the function by `<name>/`. */
function prefixRenamer({ serverless }: Stack, from: string, name: string): Rename {
  const triggers = ['resources', from, 'props', 'triggers'];
  const prefixes = Array.from({ length: serverless.count(triggers) }).flatMap((_, index) => {
    const prefix = serverless.scalar([
      ...triggers,
      index,
      'triggerConfig',
      'filter',
      'key',
      'prefix',
    ]);
    // Any other prefix could be an ordinary word of the text, or is empty: the author has to change it.
    return prefix && /^[\w/-]+\/$/.test(prefix) ? [prefix] : [];
  });
  return (text) =>
    prefixes.reduce(
      (rest, prefix, index) =>
        rest.replace(new RegExp(`(?<![\\w-])${prefix}`, 'g'), `${name}${index || ''}/`),
      text,
    );
}
