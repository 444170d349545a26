import { readdirSync } from 'node:fs';
import { Fields } from 'fc-local/project';
import { UsageError } from '../command-line/usage-error.ts';
import { type ProjectView, README_FILE, SCENARIOS_FILE, TEMPLATE_FILE } from '../project/view.ts';
import { type Block, blockAt, indexOf } from './blocks.ts';
import { itemBlocks, readmeBlocks, scenarioBlocks } from './copied-text.ts';
import { resourceBlocks, spaced, testsOf } from './copy.ts';
import { type Change, isChange } from './edits.ts';
import { belongingsOf } from './infra.ts';

/** Everything that planCopy makes, taken out again. Nothing is written. Throws UsageError when there is no such function. */
export function planRemoval(view: ProjectView, name: string): Change[] {
  const entry = view.serverless.map('resources')?.get(name);
  if (!entry || new Fields(entry, name).string('component') !== 'fc3')
    throw new UsageError(
      `"${name}" is no function; there are ${view.project.functions.map((fn) => fn.resource).join(', ')}`,
    );
  const files = [...view.files(`functions/${name}`), ...testsOf(view, name)];
  return [
    ...files.map((path): Change => ({ path, kind: 'removed' })),
    ...[
      cut(view, 's.yaml', (lines) => [blockAt(lines, indexOf(entry.source))]),
      cut(view, TEMPLATE_FILE, (lines) => templateBlocks(view, name, lines)),
      cut(view, README_FILE, (lines) => readmeBlocks(lines, name)),
      cut(view, SCENARIOS_FILE, (lines) => scenarioBlocks(lines, name)),
    ].filter(isChange),
  ];
}

/** Where the project still names the function, `path:line`: other code, which `remove` does not change. */
export function leftovers(view: ProjectView, name: string): string[] {
  const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
  const files = [...new Set(['s.yaml', TEMPLATE_FILE, README_FILE, ...sourceFiles(view)])];
  return files
    .filter((file) => /\.(ts|js|yaml|md)$/.test(file))
    .flatMap((file) => {
      const lines = view.read(file).split('\n');
      return lines.flatMap((line, index) => (word.test(line) ? [`${file}:${index + 1}`] : []));
    });
}

/** What is in the project's folders, but for those of packages with a package.json of their own. */
function sourceFiles(view: ProjectView): string[] {
  return readdirSync(view.root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$)/.test(entry.name))
    .filter(({ name }) => !view.exists(`${name}/package.json`))
    .flatMap(({ name }) => view.files(name));
}

function templateBlocks(view: ProjectView, name: string, lines: string[]): Block[] {
  const { role, queue, subscriptions, outputs, invocationRoles } = belongingsOf(view, name);
  const ids = [role, ...(queue ? [queue] : []), ...subscriptions];
  const ofOutputs = outputs.flatMap((output) => {
    const tree = view.template.map('Outputs')?.get(output);
    return tree ? [blockAt(lines, indexOf(tree.source))] : [];
  });
  const own = [...resourceBlocks(view, lines, ids), ...ofOutputs];
  const invokers = resourceBlocks(view, lines, invocationRoles);
  return [...own, ...itemBlocks(lines, { own, invokers }, role, name)];
}

function cut(view: ProjectView, path: string, find: (lines: string[]) => Block[]): Change {
  const before = view.read(path);
  const lines = before.split('\n');
  const blocks = spaced(lines, find(lines));
  return { path, kind: 'edited', before, edits: blocks.map((block) => ({ cut: block })) };
}
