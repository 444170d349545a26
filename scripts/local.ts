import { startLocalCloud } from '#local/main';
import { DEFAULTS, type LocalCloudOptions } from '#local/options';
import { addresses, exportLines, formatAddresses } from './addresses.ts';
import { build, ROOT } from './build.ts';
import { options, run, UsageError, wholeNumber } from './cli.ts';
import { untilStopped } from './stop.ts';

const HELP = `Usage: npm run local -- [options]

Starts the local cloud: SMQ, OSS and the functions of s.yaml, for any SDK.

  --host HOST               address to listen on (${DEFAULTS.host})
  --smq-port PORT           SMQ (${DEFAULTS.smqPort}; 0 takes any free port)
  --oss-port PORT           OSS (${DEFAULTS.ossPort})
  --openapi-port PORT       STS and the other OpenAPIs (${DEFAULTS.openapiPort})
  --fc-port PORT            HTTP triggers (${DEFAULTS.fcPort})
  --data DIR                folder for messages and objects (${DEFAULTS.data})
  --memory                  keep nothing: everything is gone at the end
  --access-key-id ID        the account's own key pair (${DEFAULTS.accessKeyId})
  --access-key-secret KEY   (${DEFAULTS.accessKeySecret})
  --account-id ID           digits (${DEFAULTS.accountId})
  --region REGION           (${DEFAULTS.region})
  --no-functions            the services only: no s.yaml, nothing is built
  --json                    the ready line as JSON
  --env                     print the export lines for these options and exit
  --help                    print this and exit
`;

function readOptions() {
  const given = options({
    host: { type: 'string', default: DEFAULTS.host },
    'smq-port': { type: 'string', default: String(DEFAULTS.smqPort) },
    'oss-port': { type: 'string', default: String(DEFAULTS.ossPort) },
    'openapi-port': { type: 'string', default: String(DEFAULTS.openapiPort) },
    'fc-port': { type: 'string', default: String(DEFAULTS.fcPort) },
    data: { type: 'string' },
    memory: { type: 'boolean', default: false },
    'access-key-id': { type: 'string', default: DEFAULTS.accessKeyId },
    'access-key-secret': { type: 'string', default: DEFAULTS.accessKeySecret },
    'account-id': { type: 'string', default: DEFAULTS.accountId },
    region: { type: 'string', default: DEFAULTS.region },
    'no-functions': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    env: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  const port = (name: 'smq-port' | 'oss-port' | 'openapi-port' | 'fc-port') =>
    wholeNumber(name, given[name], 0, 65_535);
  if (given.memory && given.data !== undefined)
    throw new UsageError('--memory keeps nothing and --data names a folder; give one of them');
  matching('account-id', given['account-id'], /^\d{1,20}$/, 'digits');
  matching('region', given.region, /^[a-z]{2}-[a-z0-9-]+$/, 'a region id such as cn-hangzhou');
  matching('access-key-id', given['access-key-id'], /^[\w.-]{1,128}$/, 'letters, digits and . _ -');
  matching('access-key-secret', given['access-key-secret'], /^\S{1,128}$/, 'no spaces');
  const cloud: LocalCloudOptions = {
    host: given.host,
    smqPort: port('smq-port'),
    ossPort: port('oss-port'),
    openapiPort: port('openapi-port'),
    fcPort: port('fc-port'),
    ...(given.memory ? {} : { data: given.data ?? DEFAULTS.data }),
    accessKeyId: given['access-key-id'],
    accessKeySecret: given['access-key-secret'],
    accountId: given['account-id'],
    region: given.region,
    ...(given['no-functions'] ? {} : { project: ROOT }),
  };
  return { cloud, json: given.json, env: given.env, help: given.help };
}

function matching(name: string, value: string, pattern: RegExp, wanted: string): void {
  if (!pattern.test(value)) throw new UsageError(`--${name} is "${value}"; give ${wanted}`);
}

async function main(): Promise<void> {
  const { cloud: wanted, json, env, help } = readOptions();
  if (help) return void process.stdout.write(HELP);
  if (env) return void console.log(exportLines(wanted));

  if (wanted.project !== undefined) await build();
  const cloud = await startLocalCloud(wanted, {
    onLog: ({ functionName, text }) => console.error(`${functionName}  ${text}`),
  });
  for (const warning of cloud.project?.warnings ?? []) console.error(`warning: ${warning}`);
  const ready = addresses(cloud, wanted);
  console.log(json ? JSON.stringify({ ready: true, ...ready }) : formatAddresses(ready));
  await untilStopped(() => cloud.close());
}

run(main);
