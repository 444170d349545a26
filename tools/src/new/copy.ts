import { nearest } from 'fc-local/project';
import { UsageError } from '../command-line/usage-error.ts';
import { type ProjectView, README_FILE, SCENARIOS_FILE, TEMPLATE_FILE } from '../project/view.ts';
import { type Block, blockAt, indexOf, withSpace } from './blocks.ts';
import { copyBlocks, itemBlocks, readmeBlocks, scenarioBlocks } from './copied-text.ts';
import { type Change, isChange } from './edits.ts';
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
export function planCopy(view: ProjectView, from: string, name: string): Change[] {
  checkName(name);
  if (!view.folders.includes(from) || !view.project.functions.some((fn) => fn.resource === from))
    throw new UsageError(unknownTemplate(view, from));
  refuseTaken(view, name);

  const renameFile = renamer(from, name, view.folders);
  const ownPrefix = prefixRenamer(view, from, name);
  const rename: Rename = (text) => ownPrefix(renameFile(text));
  const files = [...view.files(`functions/${from}`), ...testsOf(view, from)];
  const template = planTemplate(view, from, name, rename);
  return [
    ...files.map(
      (path): Change => ({
        path: renameFile(path),
        kind: 'created',
        text: rename(view.read(path)),
      }),
    ),
    ...[
      edited(view, 's.yaml', (lines) => {
        const entry = view.serverless.map('resources')?.get(from);
        const blocks = [blockAt(lines, indexOf(entry?.source ?? ''))];
        return copyBlocks(lines, blocks, (line) => template.rename(rename(line)));
      }),
      template.change,
      edited(view, README_FILE, (lines) => copyBlocks(lines, readmeBlocks(lines, from), rename)),
      edited(view, SCENARIOS_FILE, (lines) =>
        copyBlocks(lines, scenarioBlocks(lines, from), rename),
      ),
    ].filter(isChange),
  ];
}

/** Puts `<name>/` in the place of each prefix that sets the template off: OSS refuses triggers that overlap. */
function prefixRenamer(view: ProjectView, from: string, name: string): Rename {
  const triggers = view.project.functions.find((fn) => fn.resource === from)?.triggers ?? [];
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
export function testsOf(view: ProjectView, name: string): string[] {
  return view
    .files('test/functions')
    .filter(
      (file) =>
        file.startsWith(`test/functions/${name}/`) || file.startsWith(`test/functions/${name}.`),
    );
}

function edited(
  view: ProjectView,
  path: string,
  edit: (lines: string[]) => (Change & { kind: 'edited' })['edits'],
): Change & { kind: 'edited' } {
  const before = view.read(path);
  return { path, kind: 'edited', before, edits: edit(before.split('\n')) };
}

function planTemplate(view: ProjectView, from: string, name: string, rename: Rename) {
  const { role, queue, subscriptions, outputs, invocationRoles } = belongingsOf(view, from);
  const newIds = new Map([[role, `${pascal(name)}Role`]]);
  if (queue) newIds.set(queue, `${pascal(name)}Queue`);
  for (const [index, id] of subscriptions.entries())
    newIds.set(id, `${pascal(name)}Subscription${index || ''}`);
  for (const output of outputs)
    if (!newIds.has(output)) newIds.set(output, `${pascal(name)}${queueOutput(output, queue)}`);

  for (const id of newIds.values())
    if (view.template.map('Resources')?.has(id) || view.template.map('Outputs')?.has(id))
      throw new UsageError(
        `${id} is there already in ${TEMPLATE_FILE}; give another name than "${name}"`,
      );

  const places = [...newIds.keys()].flatMap((id) => [
    view.template.map('Resources')?.tree.entries.get(id)?.source,
    view.template.map('Outputs')?.tree.entries.get(id)?.source,
  ]);
  const newName: Rename = (text) => renameIds(rename(text), newIds);
  const change = edited(view, TEMPLATE_FILE, (lines) => {
    const own = places
      .filter((place) => place !== undefined)
      .map((place) => blockAt(lines, indexOf(place)));
    const invokers = resourceBlocks(view, lines, invocationRoles);
    const items = itemBlocks(lines, { own, invokers }, role, from);
    const queueNames = queueNameIn(lines, view, queue);
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
function queueNameIn(lines: readonly string[], view: ProjectView, queue: string | undefined) {
  const place = queue && view.template.map('Resources')?.get(queue)?.source;
  if (!place) return undefined;
  const { start, end } = blockAt(lines, indexOf(place));
  const text = lines.slice(start, end).join('\n');
  return /QueueName:\s+Fn::Sub: '\$\{AppName\}-([\w-]+)'/.exec(text)?.[1];
}

function renameQueue(line: string, queue: string | undefined, name: string): string {
  if (!queue) return line;
  return line.replace(new RegExp(`(\\$\\{AppName\\})-${queue}(?=['-])`), `$1-${name}`);
}

function unknownTemplate({ folders }: ProjectView, from: string): string {
  const meant = nearest(from, folders);
  return `--from is "${from}"; ${meant ? `did you mean ${meant}?` : `give ${folders.join(', ')}`}`;
}

function refuseTaken(view: ProjectView, name: string): void {
  const ids = [`${pascal(name)}Role`, `${pascal(name)}Queue`, `${pascal(name)}Subscription`];
  const { serverless, template } = view;
  const taken = view.exists(`functions/${name}`)
    ? `functions/${name}`
    : (testsOf(view, name)[0] ??
      (serverless.map('resources')?.has(name) ? `"${name}" in s.yaml` : undefined) ??
      ids.find((id) => template.map('Resources')?.has(id) || template.map('Outputs')?.has(id)));
  if (taken) throw new UsageError(`${taken} is there already; give another name than "${name}"`);
}

/** For taking out: the block with the blank line before it. */
export function spaced(lines: readonly string[], blocks: readonly Block[]): Block[] {
  return blocks.map((block) => withSpace(lines, block));
}

/** Where resources of the template stand. */
export function resourceBlocks(
  view: ProjectView,
  lines: readonly string[],
  ids: readonly string[],
) {
  const resources = view.template.map('Resources');
  return ids.flatMap((id) => {
    const tree = resources?.get(id);
    return tree ? [blockAt(lines, indexOf(tree.source))] : [];
  });
}
