import { Fields } from '../../../local/src/project/fields.ts';
import { type House, README_FILE, SCENARIOS_FILE, TEMPLATE_FILE } from '../check/house.ts';
import { UsageError } from '../cli.ts';
import { type Block, blockAt, indexOf } from './blocks.ts';
import { itemBlocks, readmeBlocks, scenarioBlocks } from './copied-text.ts';
import { resourceBlocks, spaced, testsOf } from './copy.ts';
import type { Change } from './edits.ts';
import { belongingsOf } from './infra.ts';

/** Everything that planCopy makes, taken out again. Nothing is written. Throws UsageError when there is no such function. */
export function planRemoval(house: House, name: string): Change[] {
  const entry = house.serverless.map('resources')?.get(name);
  if (!entry || new Fields(entry, name).string('component') !== 'fc3')
    throw new UsageError(
      `"${name}" is no function; there are ${house.project.functions.map((fn) => fn.resource).join(', ')}`,
    );
  const files = [...house.files(`functions/${name}`), ...testsOf(house, name)];
  return [
    ...files.map((path): Change => ({ path, kind: 'removed' })),
    cut(house, 's.yaml', (lines) => [blockAt(lines, indexOf(entry.source))]),
    cut(house, TEMPLATE_FILE, (lines) => templateBlocks(house, name, lines)),
    cut(house, README_FILE, (lines) => readmeBlocks(lines, name)),
    cut(house, SCENARIOS_FILE, (lines) => scenarioBlocks(lines, name)),
  ];
}

/** Where the repository still names the function, `path:line`: other code, which is not ours to change. */
export function leftovers(house: House, name: string): string[] {
  const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
  return ['s.yaml', TEMPLATE_FILE, README_FILE, ...folders(house)]
    .filter((file) => /\.(ts|yaml|md)$/.test(file))
    .flatMap((file) => {
      const lines = house.read(file).split('\n');
      return lines.flatMap((line, index) => (word.test(line) ? [`${file}:${index + 1}`] : []));
    });
}

function folders(house: House): string[] {
  return ['functions', 'tools/src', 'test', 'bench'].flatMap((folder) => house.files(folder));
}

function templateBlocks(house: House, name: string, lines: string[]): Block[] {
  const { role, queue, subscriptions, outputs, invocationRoles } = belongingsOf(house, name);
  const ids = [role, ...(queue ? [queue] : []), ...subscriptions];
  const ofOutputs = outputs.flatMap((output) => {
    const tree = house.template.map('Outputs')?.get(output);
    return tree ? [blockAt(lines, indexOf(tree.source))] : [];
  });
  const own = [...resourceBlocks(house, lines, ids), ...ofOutputs];
  const invokers = resourceBlocks(house, lines, invocationRoles);
  return [...own, ...itemBlocks(lines, { own, invokers }, role, name)];
}

function cut(house: House, path: string, find: (lines: string[]) => Block[]): Change {
  const before = house.read(path);
  const lines = before.split('\n');
  const blocks = spaced(lines, find(lines));
  return { path, kind: 'edited', before, edits: blocks.map((block) => ({ cut: block })) };
}
