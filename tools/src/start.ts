import { addresses, formatAddresses } from '../../local/src/cli/addresses.ts';
import { untilStopped } from '../../local/src/cli/until-stopped.ts';
import type { LogLine } from '../../local/src/fc/runtime.ts';
import { type LocalCloud, startLocalCloud } from '../../local/src/main.ts';
import { DEFAULTS, type LocalCloudOptions } from '../../local/src/options.ts';
import { build, ROOT } from './build.ts';
import { explain, options, run, UsageError } from './cli.ts';
import { runDemo } from './demo/run.ts';
import { formatTrace } from './demo/trace.ts';
import { watchFunctions } from './watch.ts';

/** Node's own default, which debuggers look at first. */
const INSPECT_PORT = 9229;

const HELP = `Usage: npm start [-- --inspect <function>]

Starts the local cloud, keeps it up, and redeploys a function when its source changes.
Messages and objects are kept in ${DEFAULTS.data}. Ctrl-C stops it. Other ports and keys: npm run local.

  --inspect FUNCTION    one instance of it waits for a debugger on port ${INSPECT_PORT}; it is never frozen
                        and has no time limit
`;

const DEMO_ORDERS = 2;

async function main(): Promise<void> {
  const { help, inspect } = options({
    help: { type: 'boolean', default: false },
    inspect: { type: 'string' },
  });
  if (help) return void process.stdout.write(HELP);

  const built = await build();
  if (inspect !== undefined && !built.some(({ name }) => name === inspect))
    throw new UsageError(
      `--inspect is "${inspect}"; give one of ${built.map(({ name }) => name).join(', ')}`,
    );
  const wanted: LocalCloudOptions = {
    ...DEFAULTS,
    project: ROOT,
    console: true,
    ...(inspect !== undefined && { inspect: { functionName: inspect, port: INSPECT_PORT } }),
  };
  const lines: LogLine[] = [];
  let show = (line: LogLine): void => void lines.push(line);
  const cloud = await startLocalCloud(wanted, { onLog: (line) => show(line) });
  for (const warning of cloud.project?.warnings ?? []) console.error(`warning: ${warning}`);

  console.log(`${formatTrace(await runDemo(cloud, lines, DEMO_ORDERS))}\n`);
  show = ({ functionName, text }) => console.log(`${functionName}  ${text}`);
  console.log(formatAddresses(addresses(cloud, wanted)));
  console.log(tryIt(cloud));

  const stopWatching = watchFunctions({
    root: ROOT,
    built,
    onError: (error) => console.error(`error: ${explain(error)}`),
    async redeploy(names) {
      const rebuilt = await build(names);
      for (const fn of cloud.project?.functions ?? [])
        if (names.includes(fn.resource)) await cloud.fc?.deploy(fn);
      console.log(`redeployed ${names.join(', ')}`);
      return rebuilt;
    },
  });
  await untilStopped(async () => {
    stopWatching();
    await cloud.close();
  });
}

/** A line to paste. What it sends is stored at the next tick of queue-consumer's timer. */
function tryIt(cloud: LocalCloud): string {
  const order = '{"id":"my-order-1","customer":"Ada","items":[{"sku":"tea","quantity":2}]}';
  return `
Try it (queue-consumer stores it within a minute; Ctrl-C stops):

  curl -d '${order}' ${cloud.fc?.httpTriggerUrl('topic-publisher')}
`;
}

run(main);
