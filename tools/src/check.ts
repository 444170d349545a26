import { existsSync } from 'node:fs';
import { ROOT } from './build.ts';
import { type Finding, readHouse } from './check/house.ts';
import { RULES } from './check/rules.ts';
import { againstSchema } from './check/schema.ts';
import { options, run, UsageError } from './cli.ts';

const HELP = `Usage: npm run check -- [options]

Looks at the built repository as a reviewer would. Each finding names file, line and remedy.

  --schema FILE         also hold the functions of s.yaml, bare and in each environment, against
                        a JSON schema of the component fc3
  --help                print this and exit

Exit code: 0 when there is nothing to say, else 1.
`;

async function main(): Promise<void> {
  const given = options({
    schema: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (given.help) return void process.stdout.write(HELP);
  if (given.schema !== undefined && !existsSync(given.schema))
    throw new UsageError(`--schema is "${given.schema}"; there is no such file`);

  const house = await readHouse(ROOT);
  const findings: Finding[] = Object.values(RULES).flatMap((rule) => rule(house));
  if (given.schema !== undefined) findings.push(...(await againstSchema(ROOT, given.schema)));
  for (const { source, problem, remedy } of findings)
    console.error(`${source}: ${problem}: ${remedy}`);
  const functions = `${house.folders.length} functions`;
  if (findings.length === 0) console.log(`Checked ${functions}: nothing to mend`);
  else process.exitCode = 1;
}

run(main);
