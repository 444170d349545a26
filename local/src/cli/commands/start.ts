import { run } from '../../../tools/src/cli.ts';
import { FAULTS } from '../faults.ts';
import { DEFAULTS } from '../options.ts';
import { addresses, exportLines, formatAddresses } from './addresses.ts';
import { readLocalOptions } from './options.ts';
import { untilStopped } from './until-stopped.ts';

const HELP = `Usage: npm run local -- [options]

Starts the local cloud: SMQ, OSS and the functions of s.yaml, for any SDK.

  --host HOST               address to listen on (${DEFAULTS.host})
  --smq-port PORT           SMQ (${DEFAULTS.smqPort}; 0 takes any free port)
  --oss-port PORT           OSS (${DEFAULTS.ossPort})
  --openapi-port PORT       STS and the other OpenAPIs (${DEFAULTS.openapiPort})
  --fc-port PORT            HTTP triggers (${DEFAULTS.fcPort})
  --console-port PORT       the page that shows it all (${DEFAULTS.consolePort})
  --data DIR                folder for messages and objects (${DEFAULTS.data})
  --memory                  keep nothing: everything is gone at the end
  --access-key-id ID        a RAM user who may do everything (${DEFAULTS.accessKeyId})
  --access-key-secret KEY   (${DEFAULTS.accessKeySecret})
  --account-id ID           digits (${DEFAULTS.accountId})
  --region REGION           (${DEFAULTS.region})
  --fault-rate PERCENT      of each fault below, for each request (0: nothing goes wrong)
  --fault-seed NUMBER       another sequence of faults (1)
  --faults LIST             ${FAULTS.join(', ')} (all of them)
  --strict-handles          after a change of visibility only the new receipt handle counts
  --no-functions            the services only: no s.yaml
  --json                    the ready line as JSON
  --env                     print the export lines for these options and exit
  --help                    print this and exit
`;

async function main(): Promise<void> {
  const { cloud: wanted, json, env, help } = readLocalOptions();
  if (help) return void process.stdout.write(HELP);
  if (env) return void console.log(exportLines(wanted));

  const { startLocalCloud } = await import('../main.ts');
  const cloud = await startLocalCloud(wanted, {
    onLog: ({ functionName, text }) => console.error(`${functionName}  ${text}`),
  });
  for (const warning of cloud.project?.warnings ?? []) console.error(`warning: ${warning}`);
  const ready = addresses(cloud, wanted);
  console.log(json ? JSON.stringify({ ready: true, ...ready }) : formatAddresses(ready));
  await untilStopped(() => cloud.close());
}

run(main);
