import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './build.ts';
import { readHouse } from './check/house.ts';
import { commandLine, run, UsageError } from './cli.ts';
import { planCopy } from './new/copy.ts';
import { formatChanges, writeChanges } from './new/edits.ts';

const HELP = `Usage: npm run new -- <name> --from <function> [--dry-run]

Makes a function of another: handler, test, entry in s.yaml, role and policy in
infra/template.yaml, README and scenario of permissions, under the new name.

  --from NAME           the function to copy, a folder of functions/
  --dry-run             show the change, write nothing
  --help                print this and exit
`;

async function main(): Promise<void> {
  const { name, from, dryRun, help } = read();
  if (help) return void process.stdout.write(HELP);
  const changes = planCopy(await readHouse(ROOT), from, name);
  console.log(formatChanges(changes, dryRun));
  if (dryRun) return;
  writeChanges(ROOT, changes);
  format(changes.map(({ path }) => path).filter((path) => path.endsWith('.ts')));
  console.log(`
Next: change functions/${name}/index.ts and its test, then npm test. Its role may do what the one
of ${from} may, on the same resources: infra/template.yaml.`);
}

/** Another name may need no quotes, or make a line too long. What is still wrong, npm test says. */
function format(paths: readonly string[]): void {
  const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  spawnSync(process.execPath, [biome, 'check', '--write', ...paths], { cwd: ROOT });
}

function read() {
  const { values, positionals } = commandLine({
    from: { type: 'string', default: '' },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  const [name = '', ...rest] = positionals;
  if (!values.help && (name === '' || rest.length > 0 || values.from === ''))
    throw new UsageError('npm run new -- <name> --from <function> takes one name and one function');
  return { name, from: values.from, dryRun: values['dry-run'], help: values.help };
}

run(main);
