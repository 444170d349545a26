import type { Service } from 'fc-kit/credentials';
import { explain } from 'fc-kit/credentials';
import { commandLine, run, UsageError } from './cli.ts';
import { formatExplanation } from './credentials/explanation.ts';
import { type Shell, setupLines } from './credentials/setup.ts';

const HELP = `Usage: npm run credentials -- explain --service smq|oss|mpaas
       npm run credentials -- setup   --service smq|oss|mpaas [--shell bash|cmd|powershell] [--temporary]

explain   says which credential is used here, and why each other source is not
setup     prints the lines that set one in your shell, and those that verify it
`;

function oneOf<const T extends string>(name: string, value: string | undefined, all: T[]): T {
  const found = all.find((one) => one === value);
  if (found) return found;
  throw new UsageError(
    `--${name} is ${value === undefined ? 'missing' : `"${value}"`}; give ${all.join(', ')}`,
  );
}

async function main(): Promise<void> {
  const { positionals, values } = commandLine({
    service: { type: 'string' },
    shell: { type: 'string', default: 'bash' },
    temporary: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return void process.stdout.write(HELP);
  const [command, ...rest] = positionals;
  if ((command !== 'explain' && command !== 'setup') || rest.length > 0)
    throw new UsageError(
      command === undefined
        ? 'a command is missing; give explain or setup'
        : `"${positionals.join(' ')}" is no command; give explain or setup`,
    );
  const service: Service = oneOf('service', values.service, ['smq', 'oss', 'mpaas']);

  if (command === 'explain') {
    const explanation = explain(service);
    console.log(formatExplanation(explanation));
    if (!explanation.method) process.exitCode = 1;
    return;
  }
  const shell: Shell = oneOf('shell', values.shell, ['bash', 'cmd', 'powershell']);
  const lines = setupLines(service, shell, values.temporary);
  if (lines === undefined)
    throw new UsageError(
      'mPaaS takes no temporary pair: its pair only serves to assume RAM_ROLE_ARN, and what that gives is temporary; leave --temporary out',
    );
  console.log(lines);
}

run(main);
