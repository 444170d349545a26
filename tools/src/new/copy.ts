import { nearest } from '../../../local/src/project/nearest.ts';
import { type House, README_FILE, SCENARIOS_FILE, TEMPLATE_FILE } from '../check/house.ts';
import { UsageError } from '../cli.ts';
import { type Block, blockAt, indexOf, withSpace } from './blocks.ts';
import { copyBlocks, itemBlocks, readmeBlocks, scenarioBlocks } from './copied-text.ts';
import type { Change } from './edits.ts';
import { belongingsOf } from './infra.ts';
import { checkName, pascal, renamer } from './names.ts';

type Rename = (text: string) => string;

/**
 * Everything that a function called `name` consists of, copied from the function `from`: handler,
 * test, entry in s.yaml, role, README, scenario. A queue that EventBridge empties for the template
 * alone is copied too, with its subscription, so that the two do not share its messages; what OSS
 * sets off gets a prefix of its own. Nothing is written. Throws UsageError for a name that is taken
 * or cannot be one.
 */
export function planCopy(house: House, from: string, name: string): Change[] {
  checkName(name);
  if (!house.folders.includes(from) || !house.project.functions.some((fn) => fn.resource === from))
    throw new UsageError(unknownTemplate(house, from));
  refuseTaken(house, name);

  const renameFile = renamer(from, name, house.folders);
  const ownPrefix = prefixRenamer(house, from, name);
  const rename: Rename = (text) => ownPrefix(renameFile(text));
  const files = [...house.files(`functions/${from}`), ...testsOf(house, from)];
  const template = planTemplate(house, from, name, rename);
  return [
    ...files.map(
      (path): Change => ({
        path: renameFile(path),
        kind: 'created',
        text: rename(house.read(path)),
      }),
    ),
    edited(house, 's.yaml', (lines) => {
      const entry = house.serverless.map('resources')?.get(from);
      const blocks = [blockAt(lines, indexOf(entry?.source ?? ''))];
      return copyBlocks(lines, blocks, (line) => template.rename(rename(line)));
    }),
    template.change,
    edited(house, README_FILE, (lines) => copyBlocks(lines, readmeBlocks(lines, from), rename)),
    edited(house, SCENARIOS_FILE, (lines) =>
      copyBlocks(lines, scenarioBlocks(lines, from), rename),
    ),
  ];
}

/** Puts `<name>/` in the place of each prefix that sets the template off: OSS refuses triggers that overlap. */
function prefixRenamer(house: House, from: string, name: string): Rename {
  const triggers = house.project.functions.find((fn) => fn.resource === from)?.triggers ?? [];
  const prefixes = triggers.flatMap((one) => (one.type === 'oss' ? one.prefix : []));
  // Any other could be an ordinary word of the text, or is empty: the author has to change it.
  const renames = prefixes
    .filter((prefix) => /^[\w/-]+\/$/.test(prefix))
    .map((prefix, index) => {
      const pattern = new RegExp(`(?<![\\w-])${prefix}`, 'g');
      return (text: string) => text.replace(pattern, `${name}${index || ''}/`);
    });
  return (text) => renames.reduce((rest, rename) => rename(rest), text);
}

/** The tests of a function: `test/functions/<name>.test.ts`, or what is in a folder of that name. */
export function testsOf(house: House, name: string): string[] {
  return house
    .files('test/functions')
    .filter(
      (file) =>
        file.startsWith(`test/functions/${name}/`) || file.startsWith(`test/functions/${name}.`),
    );
}

function edited(
  house: House,
  path: string,
  edit: (lines: string[]) => (Change & { kind: 'edited' })['edits'],
): Change & { kind: 'edited' } {
  const before = house.read(path);
  return { path, kind: 'edited', before, edits: edit(before.split('\n')) };
}

function planTemplate(house: House, from: string, name: string, rename: Rename) {
  const { role, queue, subscriptions, outputs, invocationRoles } = belongingsOf(house, from);
  const newIds = new Map([[role, `${pascal(name)}Role`]]);
  if (queue) newIds.set(queue, `${pascal(name)}Queue`);
  for (const [index, id] of subscriptions.entries())
    newIds.set(id, `${pascal(name)}Subscription${index || ''}`);
  for (const output of outputs)
    if (!newIds.has(output)) newIds.set(output, `${pascal(name)}${queueOutput(output, queue)}`);

  for (const id of newIds.values())
    if (house.template.map('Resources')?.has(id) || house.template.map('Outputs')?.has(id))
      throw new UsageError(
        `${id} is there already in ${TEMPLATE_FILE}; give another name than "${name}"`,
      );

  const places = [...newIds.keys()].flatMap((id) => [
    house.template.map('Resources')?.tree.entries.get(id)?.source,
    house.template.map('Outputs')?.tree.entries.get(id)?.source,
  ]);
  const newName: Rename = (text) => renameIds(rename(text), newIds);
  const change = edited(house, TEMPLATE_FILE, (lines) => {
    const own = places
      .filter((place) => place !== undefined)
      .map((place) => blockAt(lines, indexOf(place)));
    const invokers = resourceBlocks(house, lines, invocationRoles);
    const items = itemBlocks(lines, { own, invokers }, role, from);
    const queueNames = queueNameIn(lines, house, queue);
    const text: Rename = (line) => renameQueue(newName(line), queueNames, name);
    return [...copyBlocks(lines, own, text), ...copyBlocks(lines, items, newName)];
  });
  return { change, rename: (line: string) => renameIds(line, newIds) };
}

/** `ShipmentsQueueName` of `ShipmentsQueue` is its `QueueName`. */
function queueOutput(output: string, queue = ''): string {
  return output.startsWith(queue) ? `Queue${output.slice(queue.length)}` : output;
}

function renameIds(text: string, ids: ReadonlyMap<string, string>): string {
  const known = [...ids.keys()].toSorted((a, b) => b.length - a.length);
  return text.replace(new RegExp(`\\b(?:${known.join('|')})\\b`, 'g'), (id) => ids.get(id) ?? id);
}

/** What follows the app's name in the queue's: `-shipments`. */
function queueNameIn(lines: readonly string[], house: House, queue: string | undefined) {
  const place = queue && house.template.map('Resources')?.get(queue)?.source;
  if (!place) return undefined;
  const { start, end } = blockAt(lines, indexOf(place));
  const text = lines.slice(start, end).join('\n');
  return /QueueName:\s+Fn::Sub: '\$\{AppName\}-([\w-]+)'/.exec(text)?.[1];
}

function renameQueue(line: string, queue: string | undefined, name: string): string {
  if (!queue) return line;
  return line.replace(new RegExp(`(\\$\\{AppName\\})-${queue}(?=['-])`), `$1-${name}`);
}

function unknownTemplate({ folders }: House, from: string): string {
  const meant = nearest(from, folders);
  return `--from is "${from}"; ${meant ? `did you mean ${meant}?` : `give ${folders.join(', ')}`}`;
}

function refuseTaken(house: House, name: string): void {
  const ids = [`${pascal(name)}Role`, `${pascal(name)}Queue`, `${pascal(name)}Subscription`];
  const { serverless, template } = house;
  const taken = house.exists(`functions/${name}`)
    ? `functions/${name}`
    : (testsOf(house, name)[0] ??
      (serverless.map('resources')?.has(name) ? `"${name}" in s.yaml` : undefined) ??
      ids.find((id) => template.map('Resources')?.has(id) || template.map('Outputs')?.has(id)));
  if (taken) throw new UsageError(`${taken} is there already; give another name than "${name}"`);
}

/** For taking out: the block with the blank line before it. */
export function spaced(lines: readonly string[], blocks: readonly Block[]): Block[] {
  return blocks.map((block) => withSpace(lines, block));
}

/** Where resources of the template stand. */
export function resourceBlocks(house: House, lines: readonly string[], ids: readonly string[]) {
  const resources = house.template.map('Resources');
  return ids.flatMap((id) => {
    const tree = resources?.get(id);
    return tree ? [blockAt(lines, indexOf(tree.source))] : [];
  });
}
