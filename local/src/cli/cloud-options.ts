import { options, UsageError, wholeNumber } from '../../../tools/src/cli.ts';
import { FAULTS, type Fault } from '../faults.ts';
import { DEFAULTS, type LocalCloudOptions } from '../options.ts';

/** The command line of `npm run local`; throws UsageError for what it cannot take. */
export function readLocalOptions(argv?: string[]) {
  const given = options(
    {
      host: { type: 'string', default: DEFAULTS.host },
      'smq-port': { type: 'string', default: String(DEFAULTS.smqPort) },
      'oss-port': { type: 'string', default: String(DEFAULTS.ossPort) },
      'openapi-port': { type: 'string', default: String(DEFAULTS.openapiPort) },
      'fc-port': { type: 'string', default: String(DEFAULTS.fcPort) },
      'console-port': { type: 'string', default: String(DEFAULTS.consolePort) },
      data: { type: 'string' },
      memory: { type: 'boolean', default: false },
      'access-key-id': { type: 'string', default: DEFAULTS.accessKeyId },
      'access-key-secret': { type: 'string', default: DEFAULTS.accessKeySecret },
      'account-id': { type: 'string', default: DEFAULTS.accountId },
      region: { type: 'string', default: DEFAULTS.region },
      'fault-rate': { type: 'string', default: '0' },
      'fault-seed': { type: 'string', default: '1' },
      faults: { type: 'string', default: FAULTS.join() },
      'strict-handles': { type: 'boolean', default: false },
      'no-functions': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      env: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    argv,
  );
  const port = (name: 'smq-port' | 'oss-port' | 'openapi-port' | 'fc-port' | 'console-port') =>
    wholeNumber(name, given[name], 0, 65_535);
  if (given.memory && given.data !== undefined)
    throw new UsageError('--memory keeps nothing and --data names a folder; give one of them');
  matching('account-id', given['account-id'], /^\d{1,20}$/, 'digits');
  matching('region', given.region, /^[a-z]{2}-[a-z0-9-]+$/, 'a region id such as cn-hangzhou');
  matching('access-key-id', given['access-key-id'], /^[\w.-]{1,128}$/, 'letters, digits and . _ -');
  if (!/^\S{1,128}$/.test(given['access-key-secret']))
    throw new UsageError('--access-key-secret is empty, too long or has a space in it');
  if (given.data === '') throw new UsageError('--data is empty; give a folder');
  const rate = wholeNumber('fault-rate', given['fault-rate'], 0, 100) / 100;
  const seed = wholeNumber('fault-seed', given['fault-seed'], 0, 2 ** 32 - 1);
  const faults = given.faults.split(',').map(fault);
  const cloud: LocalCloudOptions = {
    host: given.host,
    smqPort: port('smq-port'),
    ossPort: port('oss-port'),
    openapiPort: port('openapi-port'),
    fcPort: port('fc-port'),
    console: true,
    consolePort: port('console-port'),
    ...(given.memory ? {} : { data: given.data ?? DEFAULTS.data }),
    accessKeyId: given['access-key-id'],
    accessKeySecret: given['access-key-secret'],
    accountId: given['account-id'],
    region: given.region,
    ...(rate > 0 && { faults: { rate, seed, faults } }),
    ...(given['strict-handles'] && { strictHandles: true }),
    ...(given['no-functions'] ? {} : { project: process.cwd() }),
  };
  return { cloud, json: given.json, env: given.env, help: given.help };
}

function fault(name: string): Fault {
  const known = FAULTS.find((one) => one === name.trim());
  if (known) return known;
  throw new UsageError(`--faults has "${name}"; give some of ${FAULTS.join(', ')}`);
}

function matching(name: string, value: string, pattern: RegExp, wanted: string): void {
  if (!pattern.test(value)) throw new UsageError(`--${name} is "${value}"; give ${wanted}`);
}
