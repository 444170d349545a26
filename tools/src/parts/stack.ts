import { isMap } from 'yaml';
import { CommandError } from '../command-line/command-error.ts';
import { type Path, YamlFile } from '../edit/yaml-file.ts';
import type { Files } from './files.ts';
import { SERVERLESS_FILE } from './places.ts';
import { namesIn, textsIn } from './references.ts';

/**
 * One part of s.yaml or of the template, such as `Resources.OrdersQueue`: `function.<name>`, `other.<name>`
 * (a resource of another component), `stack`, `extend.<name>`, `variable.<name>` and `given.<parameter>`
 * are in s.yaml; those that begin with a section of the template are in the template;
 * `Resources.Bucket/claims` is a part of the resource.
 */
export type PartId = string;

export interface Part {
  id: PartId;
  file: 'serverless' | 'template';
  path: Path;
  /** The parts that it requires. */
  needs: ReadonlySet<PartId>;
}

/** The parts of s.yaml and its template, and which of them need which. */
export interface Stack {
  serverless: YamlFile;
  /** Empty if there is none yet. */
  template: YamlFile;
  /** Key of the resource of component ros in s.yaml. */
  key: string;
  functions: string[];
  parts: ReadonlyMap<PartId, Part>;
  /** Ids of parts that belong to no function but join others: subscriptions, and outputs that s.yaml does not use. */
  joints: ReadonlySet<PartId>;
  /** Parts of resources that serve certain functions, with the names of these. */
  users: ReadonlyMap<PartId, readonly string[]>;
  /** Each function's own role. */
  roles: ReadonlyMap<string, PartId>;
}

export const DEFAULT_TEMPLATE_FILE = 'infra/template.yaml';
const SECTIONS = ['Parameters', 'Conditions', 'Mappings', 'Resources', 'Outputs'] as const;
const SUBSCRIPTION = 'ALIYUN::MNS::Subscription';
const QUEUE = 'ALIYUN::MNS::Queue';
const ALARM = 'ALIYUN::CMS::ResourceMetricRule';
export const ROLE = 'ALIYUN::RAM::Role';
const RULES = ['Properties', 'LifecycleConfiguration', 'Rule'];

/** Recently read stacks, by their texts: a change of several steps reads the same ones again and again. */
const read = new Map<string, Stack>();
const MAX_READ = 32;

/**
 * Reads a project's stack. Throws CommandError for an s.yaml that is invalid YAML or has more than one
 * stack to choose from.
 */
export function readStack(files: Files): Stack {
  const serverless = new YamlFile(SERVERLESS_FILE, files.get(SERVERLESS_FILE) ?? '');
  const key = stackKey(serverless);
  const file = templateFile(serverless, key);
  const template = new YamlFile(file, files.get(file) ?? '');
  const texts = `${serverless.text}\0${template.text}`;
  const stack = read.get(texts) ?? stackOf(serverless, template, key);
  read.delete(texts);
  read.set(texts, stack);
  for (const oldest of read.keys()) if (read.size > MAX_READ) read.delete(oldest);
  return stack;
}

function stackOf(serverless: YamlFile, template: YamlFile, key: string): Stack {
  const functions = serverless
    .keys(['resources'])
    .filter((name) => componentOf(serverless, name) === 'fc3');
  const parts = new Map<PartId, Part>();
  for (const part of [
    ...serverlessParts(serverless, key, functions),
    ...templateParts(template, serverless, key),
  ])
    parts.set(part.id, part);
  const roles = new Map(
    functions.flatMap((name) => {
      const role = roleOf(serverless, template, name, key);
      return role ? [[name, role] as const] : [];
    }),
  );
  return {
    serverless,
    template,
    key,
    functions,
    parts,
    joints: new Set(jointsOf(template, parts)),
    users: usersOf(template, parts, functions, roles),
    roles,
  };
}

/** Returns the name of a resource's component without its version: `fc3` of `fc3@0.1.22`. */
function componentOf(serverless: YamlFile, name: string): string | undefined {
  const component = serverless.value(['resources', name, 'component']);
  return typeof component === 'string' ? component.split('@')[0] : undefined;
}

function stackKey(serverless: YamlFile): string {
  const keys = serverless
    .keys(['resources'])
    .filter((name) => componentOf(serverless, name) === 'ros');
  if (keys.length < 2 || keys.includes('infra'))
    return keys.includes('infra') ? 'infra' : (keys[0] ?? 'infra');
  throw new CommandError(
    `s.yaml has ${keys.length} stacks (${keys.join(', ')}); name the one to change "infra"`,
  );
}

function templateFile(serverless: YamlFile, key: string): string {
  const written = serverless.scalar(['resources', key, 'props', 'template']);
  return written?.replace(/^\.\//, '') ?? DEFAULT_TEMPLATE_FILE;
}

const output = (key: string) => new RegExp(`\\$\\{resources\\.${key}\\.output\\.(\\w+)\\}`, 'g');

function serverlessParts(serverless: YamlFile, key: string, functions: string[]): Part[] {
  const part = (id: PartId, path: Path): Part => {
    const texts = textsIn(serverless.value(path)).join('\n');
    const found = [
      ...[...texts.matchAll(output(key))].map(([, name]) => `Outputs.${name}`),
      ...[...texts.matchAll(/\$\{vars\.([\w-]+)\}/g)].map(([, name]) => `variable.${name}`),
      ...(texts.includes(`\${resources.${key}.`) ? ['stack'] : []),
    ];
    const extended = serverless.scalar([...path, 'extend', 'name']);
    if (id.startsWith('function.') && extended) found.push(`extend.${extended}`);
    return { id, file: 'serverless', path, needs: new Set(found.filter((one) => one !== id)) };
  };
  const given: Path = ['resources', key, 'props', 'parameters'];
  const stack = part('stack', ['resources', key]);
  const ofGiven = serverless.keys(given).map((name) => part(`given.${name}`, [...given, name]));
  // A parameter's value depends on the parameter, not on the stack.
  const needed = new Set(ofGiven.flatMap(({ needs }) => [...needs]));
  const rest = ['region', 'name'].flatMap((name) =>
    textsIn(serverless.value(['resources', key, 'props', name])),
  );
  const ofStack = [...stack.needs].filter(
    (id) => !needed.has(id) || rest.some((text) => text.includes(`vars.${id.slice(9)}}`)),
  );
  return [
    ...functions.map((name) => part(`function.${name}`, ['resources', name])),
    ...serverless
      .keys(['resources'])
      .filter((name) => name !== key && !functions.includes(name))
      .map((name) => part(`other.${name}`, ['resources', name])),
    ...(serverless.has(['resources', key])
      ? [{ ...stack, needs: new Set([...ofStack, 'Parameters.AppName']) }]
      : []),
    ...ofGiven,
    ...serverless.keys(['template']).map((name) => part(`extend.${name}`, ['template', name])),
    ...serverless.keys(['vars']).map((name) => part(`variable.${name}`, ['vars', name])),
  ];
}

function templateParts(template: YamlFile, serverless: YamlFile, key: string): Part[] {
  const ids = new Map<string, PartId>();
  // A resource and an output may have the same name; references mean the resource.
  for (const section of SECTIONS)
    for (const name of template.keys([section]))
      if (section !== 'Outputs') ids.set(name, `${section}.${name}`);
  return SECTIONS.flatMap((section) =>
    template.keys([section]).map((name): Part => {
      const id = `${section}.${name}`;
      const named = [...namesIn(template.node([section, name]))].flatMap(
        (one) => ids.get(one) ?? [],
      );
      const needs = new Set(named.filter((one) => one !== id));
      if (section === 'Parameters') {
        needs.add('stack');
        if (serverless.has(['resources', key, 'props', 'parameters', name]))
          needs.add(`given.${name}`);
      }
      return { id, file: 'template', path: [section, name], needs };
    }),
  ).concat(detailParts(template));
}

/** Returns the rules of a bucket, and the properties whose comment says `For <function>:`, as separate parts. */
function detailParts(template: YamlFile): Part[] {
  return template.keys(['Resources']).flatMap((name) => {
    const path: Path = ['Resources', name];
    const rules = Array.from({ length: template.count([...path, ...RULES]) }, (_, index): Part => {
      const id = template.scalar([...path, ...RULES, index, 'ID']) ?? String(index);
      return {
        id: `Resources.${name}/${id}`,
        file: 'template',
        path: [...path, ...RULES, index],
        needs: new Set([`Resources.${name}`]),
      };
    });
    const properties = template.keys([...path, 'Properties']).flatMap((property): Part[] => {
      const at = [...path, 'Properties', property];
      if (!declaredFor(template.commentOf(at))) return [];
      return [
        {
          id: `Resources.${name}/${property}`,
          file: 'template',
          path: at,
          needs: new Set([`Resources.${name}`]),
        },
      ];
    });
    return [...rules, ...properties];
  });
}

/** Returns the function that a comment `# For upload-grant: …` names. */
function declaredFor(comment: string): string | undefined {
  return /^\s*# For ([a-z][a-z0-9-]*):/.exec(comment)?.[1];
}

function roleOf(
  serverless: YamlFile,
  template: YamlFile,
  name: string,
  key: string,
): PartId | undefined {
  const written = serverless.scalar(['resources', name, 'props', 'role']) ?? '';
  const [, taken] = output(key).exec(written) ?? [];
  const [id] = taken ? namesIn(template.node(['Outputs', taken, 'Value'])) : [];
  return id && template.has(['Resources', id]) ? `Resources.${id}` : undefined;
}

function jointsOf(template: YamlFile, parts: ReadonlyMap<PartId, Part>): PartId[] {
  const needed = new Set([...parts.values()].flatMap(({ needs }) => [...needs]));
  return [...parts.keys()].filter((id) => {
    if (needed.has(id)) return false;
    if (id.startsWith('Outputs.')) return true;
    if (!id.startsWith('Resources.')) return false;
    const type = typeOf(template, id);
    // An alarm of a queue exists for as long as the queue does.
    const watches = [...(parts.get(id)?.needs ?? [])].some(
      (need) => typeOf(template, need) === QUEUE,
    );
    return type === SUBSCRIPTION || (type === ALARM && watches);
  });
}

/** Returns the type of the resource that a part is; undefined for any other part. */
function typeOf(template: YamlFile, id: PartId): string | undefined {
  const [section, name = ''] = id.split('.');
  return section === 'Resources' ? template.scalar(['Resources', name, 'Type']) : undefined;
}

/**
 * Returns which functions a part of a resource serves: a rule, those whose roles name its prefix; a
 * property, the one in its comment.
 */
function usersOf(
  template: YamlFile,
  parts: ReadonlyMap<PartId, Part>,
  functions: readonly string[],
  roles: ReadonlyMap<string, PartId>,
): ReadonlyMap<PartId, readonly string[]> {
  const users = new Map<PartId, readonly string[]>();
  const texts = new Map(
    functions.map((name) => {
      const role = roles.get(name);
      const path = role && parts.get(role)?.path;
      return [name, path ? textsIn(template.node(path)).join('\n') : ''] as const;
    }),
  );
  for (const { id, path } of parts.values()) {
    if (!id.includes('/')) continue;
    const prefix = template.scalar([...path, 'Prefix']);
    const named = declaredFor(template.commentOf(path));
    if (named) users.set(id, [named]);
    else if (prefix)
      users.set(
        id,
        functions.filter((name) => texts.get(name)?.includes(`}/${prefix}`)),
      );
  }
  return users;
}

/** Returns these parts and everything they need. */
export function reached(
  parts: ReadonlyMap<PartId, Part>,
  from: Iterable<PartId>,
  passes: (part: PartId, need: PartId) => boolean = () => true,
): Set<PartId> {
  const found = new Set<PartId>([...from].filter((id) => parts.has(id)));
  for (const id of found)
    for (const need of parts.get(id)?.needs ?? [])
      if (parts.has(need) && passes(id, need)) found.add(need);
  return found;
}

/** Whether a resource of the template is a role. */
export function isRole({ template }: Stack, id: PartId): boolean {
  const resource = template.node(['Resources', id.slice('Resources.'.length)]);
  return isMap(resource) && resource.get('Type') === ROLE;
}
