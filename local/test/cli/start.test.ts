import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCallerIdentity } from 'fc-kit/openapi';
import { OssClient } from 'fc-kit/oss';
import { SmqClient } from 'fc-kit/smq';
import { expect, it, onTestFinished } from 'vitest';
import type { Addresses } from '#src/cli/addresses';
import { close, listen } from '#src/http/listen';
import { command, startedCommand } from './command.ts';

const FREE_PORTS = ['smq', 'oss', 'openapi', 'fc', 'console'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

it('starts the services alone for any SDK, with a ready line as JSON, and stops cleanly on Ctrl-C', async () => {
  const keys = { accessKeyId: 'my-key', accessKeySecret: 'my-secret' };
  const local = startedCommand([
    ...FREE_PORTS,
    '--memory',
    '--no-functions',
    '--json',
    '--access-key-id',
    keys.accessKeyId,
    '--access-key-secret',
    keys.accessKeySecret,
    '--account-id',
    '42',
    '--region',
    'cn-shanghai',
  ]);
  const ready = JSON.parse(await local.line(/"ready":true/)) as Addresses;
  expect(ready).toMatchObject({ accountId: '42', region: 'cn-shanghai', functions: {} });
  expect(ready.data).toBeUndefined();
  await expect(fetch(ready.console ?? '')).resolves.toMatchObject({ status: 200 });

  const at = {
    region: 'cn-shanghai',
    credentials: keys,
    env: { SMQ_ENDPOINT: ready.smq, OSS_ENDPOINT: ready.oss, STS_ENDPOINT: ready.openapi },
  };
  await new SmqClient({ ...at, accountId: '42' }).createQueue('q');
  await expect(new OssClient({ ...at, bucket: 'none' }).putObject('k', 'v')).rejects.toMatchObject({
    code: 'NoSuchBucket',
  });
  await expect(getCallerIdentity(at)).resolves.toMatchObject({ accountId: '42' });

  local.kill('SIGINT');
  const { code, stderr } = await local.ended;
  expect([code, stderr]).toEqual([0, '']);
});

/** Starts the services in this process; `client` accesses its queues. */
async function startServices(...args: string[]) {
  const local = command([...FREE_PORTS, '--no-functions', '--json', ...args]);
  const ready = JSON.parse(await local.line(/"ready":true/)) as Addresses;
  const client = new SmqClient({
    accountId: ready.accountId,
    region: ready.region,
    credentials: {
      accessKeyId: 'local-access-key-id',
      accessKeySecret: 'local-access-key-secret',
    },
    env: { SMQ_ENDPOINT: ready.smq },
  });
  return { local, ready, client };
}

it('keeps messages in its data folder from one start to the next', async () => {
  const data = await mkdtemp(join(tmpdir(), 'local-'));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const first = await startServices('--data', data);
  await first.client.createQueue('kept');
  await first.client.queue('kept').send('still here');
  first.local.stop();
  await first.local.ended;

  const second = await startServices('--data', data);
  await expect(second.client.queue('kept').receive({ waitSeconds: 0 })).resolves.toMatchObject({
    body: 'still here',
  });
});

it('says in one line that a port is taken, and ends', async () => {
  const server = createServer();
  const port = await listen(server, '127.0.0.1', 0);
  onTestFinished(() => close(server));
  const taken = ['--oss-port', String(port)];
  const { code, stderr } = await command([...FREE_PORTS, ...taken, '--memory', '--no-functions'])
    .ended;
  expect(stderr).toMatch(
    new RegExp(
      `^error: Port ${port} on 127\\.0\\.0\\.1 is taken: end the process that holds it, or choose another port .*\\n$`,
    ),
  );
  expect(code).toBe(1);
});

it('says in one line that a folder has no project', async () => {
  const { code, stderr } = await command([...FREE_PORTS, '--memory', '--project', 'nowhere']).ended;
  expect([code, stderr]).toEqual([
    1,
    'error: There is no file /nowhere/s.yaml: start in the folder of a project, or name it\n',
  ]);
});

it.each([
  [['--smq-port', '99999'], /--smq-port is "99999"; give a whole number from 0 to 65535/],
  [['--memory', '--data', 'x'], /--memory keeps nothing and --data names a folder/],
  [['--inspect', 'a', '--inspect-brk', 'b'], /--inspect and --inspect-brk name a function each/],
  [['--no-functions', '--inspect-brk', 'b'], /--no-functions starts no function/],
  [['--memory', '--sync'], /--memory keeps nothing and --sync writes to the disk/],
  [['--account-id', 'me'], /--account-id is "me"; give digits/],
  [['--region', 'Hangzhou'], /--region is "Hangzhou"/],
  [['--prot', '1'], /unknown option '--prot'/],
  [['--data'], /--data/],
  [['--data', ''], /--data is ""; give a folder/],
  [['--project', '.', 'x'], /too many arguments for 'start'/],
  [['strat'], /"strat" is no command; give one of start, env, /],
])('refuses %j with what is wanted instead', async (args, message) => {
  const { code, stdout, stderr } = await command(args).ended;
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
  expect(stderr).toMatch(/^error: .*\n$/);
});

it('does not repeat a secret that it refuses', async () => {
  const { stderr } = await command(['--access-key-secret', 'half a secret']).ended;
  expect(stderr).toBe('error: --access-key-secret is empty, too long or has a space in it\n');
});

it('ends with 2 and one line for wrong usage', async () => {
  const { code, stderr } = await startedCommand(['--prot', '1']).ended;
  expect([code, stderr]).toEqual([
    2,
    "error: unknown option '--prot' (Did you mean --project?); --help lists what there is\n",
  ]);
});

it('gives the export lines of its options, quoted for a shell', async () => {
  const env = command(['env', '--smq-port', '7001', '--access-key-secret', "it's"]);
  const lines = (await env.ended).stdout.split('\n');
  expect(lines).toContain("export SMQ_ENDPOINT='http://127.0.0.1:7001'");
  expect(lines).toContain("export OSS_ENDPOINT='http://127.0.0.1:6802'");
  expect(lines).toContain("export ALIBABA_CLOUD_ACCESS_KEY_SECRET='it'\\''s'");
});

it('has no export line for a port that is chosen at the start', async () => {
  const { code, stderr } = await command(['env', '--smq-port', '0']).ended;
  expect(code).toBe(2);
  expect(stderr).toMatch(/env cannot name a port.*give --smq-port/);
});

it('takes only the latest receipt handle when that is asked for', async () => {
  const { client } = await startServices('--memory', '--strict-handles');
  await client.createQueue('q');
  const queue = client.queue('q');
  await queue.send('a');
  const { receiptHandle = '' } = (await queue.receive({ waitSeconds: 0 })) ?? {};
  const changed = await queue.changeVisibility(receiptHandle, 60);
  await expect(queue.delete(receiptHandle)).rejects.toThrow('Message not exist');
  await queue.delete(changed.receiptHandle);
});

it('lists every option with its default in its help', async () => {
  const { code, stdout, stderr } = await command(['start', '--help']).ended;
  expect([code, stderr]).toEqual([0, '']);
  for (const option of [
    'project',
    'host',
    'smq-port',
    'oss-port',
    'openapi-port',
    'fc-port',
    'console-port',
    'data',
    'memory',
    'access-key-id',
    'access-key-secret',
    'account-id',
    'region',
    'fault-rate',
    'fault-seed',
    'faults',
    'strict-handles',
    'no-functions',
    's-yaml',
    'env',
    'template',
    'no-build',
    'no-reload',
    'verbose',
    'strict',
    'no-strict',
    'queue',
    'topic',
    'bucket',
    'inspect',
    'inspect-brk',
    'inspect-port',
    'default-domain',
    'json',
  ])
    expect(stdout).toContain(`--${option} `);
  expect(stdout).toContain('(default: 6801)');
});

it('lists every command in its help, and has its version', async () => {
  const { stdout } = await command(['--help']).ended;
  for (const name of ['start', 'env', 'invoke', 'event', 'logs', 'record', 'replay'])
    expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  const { version } = createRequire(import.meta.url)('fc-local/package.json');
  expect(await command(['--version']).ended).toEqual({
    code: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
});
