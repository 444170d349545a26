import { ROOT } from './build.ts';
import { readHouse } from './check/house.ts';
import { commandLine, run, UsageError } from './cli.ts';
import { formatChanges, writeChanges } from './new/edits.ts';
import { leftovers, planRemoval } from './new/removal.ts';

const HELP = `Usage: npm run remove -- <name> [--dry-run]

Takes a function out: all that npm run new makes. What is deployed of it stays:
run npm run undeploy -- <name> before.

  --dry-run             show the change, write nothing
  --help                print this and exit
`;

async function main(): Promise<void> {
  const { name, dryRun, help } = read();
  if (help) return void process.stdout.write(HELP);
  const house = await readHouse(ROOT);
  const changes = planRemoval(house, name);
  console.log(formatChanges(changes, dryRun));
  if (dryRun) return;
  writeChanges(ROOT, changes);
  const left = leftovers(house, name);
  if (left.length > 0) console.log(`\nStill named in ${left.join(', ')}`);
}

function read() {
  const { values, positionals } = commandLine({
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  const [name = '', ...rest] = positionals;
  if (!values.help && (name === '' || rest.length > 0))
    throw new UsageError('npm run remove -- <name> takes one name');
  return { name, dryRun: values['dry-run'], help: values.help };
}

run(main);
