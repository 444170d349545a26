import type { LogLine } from '../../local/src/fc/runtime.ts';
import { startLocalCloud } from '../../local/src/main.ts';
import { build, ROOT } from './build.ts';
import { run } from './cli.ts';
import { readDemoOptions } from './demo/options.ts';
import { runDemo } from './demo/run.ts';
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
  const { count, tamper, json, help } = readDemoOptions();
  if (help) return void process.stdout.write(HELP);
  const say = json ? () => {} : console.log;

  const built = await build();
  say(`Built ${built.map(({ name }) => name).join(', ')}`);
  const lines: LogLine[] = [];
  const cloud = await startLocalCloud(
    { project: ROOT },
    { onLog: (line) => lines.push(line), ...(tamper && { tamper }) },
  );
  try {
    say(`Local cloud: SMQ ${cloud.smq.url}, OSS ${cloud.oss.url}, functions ${cloud.fc?.url}\n`);
    const result = await runDemo(cloud, lines, count, tamper);
    console.log(json ? JSON.stringify(result) : formatTrace(result));
    if (!result.ok) process.exitCode = 1;
  } finally {
    await cloud.close();
  }
}

run(main);
