import type { LogLine } from '#local/fc/runtime';
import { startLocalCloud } from '#local/main';
import { build, ROOT } from './build.ts';
import { options, run, UsageError, wholeNumber } from './cli.ts';
import { askServices } from './demo/ask-services.ts';
import { CONSUMER, runDemo } from './demo/run.ts';
import { TAMPERINGS } from './demo/tamper.ts';
import { formatTrace } from './demo/trace.ts';

const HELP = `Usage: npm run demo -- [options]

Starts the local cloud in memory, deploys the functions of s.yaml into it, sends orders to
topic-publisher and follows each one to its object in the bucket, then uploads one object by
oss-uploader and follows it to the record that oss-event-handler writes.

  --orders N            how many orders (5)
  --tamper HOW          break the functions' credentials and see what the services say:
                        secret (X in its place) or token (left out)
  --json                one JSON object, last
  --help                print this and exit

Exit code: 0 when every order was read back as it was sent, else 1.
`;

async function main(): Promise<void> {
  const given = options({
    orders: { type: 'string', default: '5' },
    tamper: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (given.help) return void process.stdout.write(HELP);
  const count = wholeNumber('orders', given.orders, 1, 10_000);
  const { tamper: how } = given;
  if (how !== undefined && !Object.hasOwn(TAMPERINGS, how))
    throw new UsageError(`--tamper is "${how}"; give ${Object.keys(TAMPERINGS).join(', ')}`);
  const tamper = how === undefined ? undefined : TAMPERINGS[how];
  const say = given.json ? () => {} : console.log;

  const built = await build();
  say(`Built ${built.map(({ name }) => name).join(', ')}`);
  const lines: LogLine[] = [];
  const cloud = await startLocalCloud(
    { project: ROOT },
    { onLog: (line) => lines.push(line), ...(tamper && { tamper }) },
  );
  try {
    say(`Local cloud: SMQ ${cloud.smq.url}, OSS ${cloud.oss.url}, functions ${cloud.fc?.url}\n`);
    const result = await runDemo(cloud, lines, count);
    if (tamper)
      result.failures.push(...(await askServices(cloud, tamper(cloud.credentialsOf(CONSUMER)))));
    console.log(given.json ? JSON.stringify(result) : formatTrace(result));
    if (!result.ok) process.exitCode = 1;
  } finally {
    await cloud.close();
  }
}

run(main);
