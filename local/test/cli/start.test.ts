import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCallerIdentity } from 'fc-kit/openapi';
import { OssClient } from 'fc-kit/oss';
import { SmqClient } from 'fc-kit/smq';
import { expect, it, onTestFinished } from 'vitest';
import { type Addresses, exportLines } from '#src/cli/addresses';
import { readLocalOptions } from '#src/cli/options';
import { close, listen } from '#src/http/listen';
import { startLocalCloud } from '#src/main';
import { UsageError } from '../../../tools/src/cli.ts';
import { command } from '../../../tools/test/command.ts';

const FREE_PORTS = ['smq', 'oss', 'openapi', 'fc', 'console'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

it('starts the services alone for any SDK, with a ready line as JSON, and stops cleanly on Ctrl-C', async () => {
  const keys = { accessKeyId: 'my-key', accessKeySecret: 'my-secret' };
  const local = command(
    'local/src/cli/start',
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
  );
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

it('keeps messages in its data folder from one start to the next', async () => {
  const data = await mkdtemp(join(tmpdir(), 'local-'));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const start = async () => {
    const local = command(
      'local/src/cli/start',
      ...FREE_PORTS,
      '--data',
      data,
      '--no-functions',
      '--json',
    );
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
    return { local, client };
  };
  const first = await start();
  await first.client.createQueue('kept');
  await first.client.queue('kept').send('still here');
  first.local.kill('SIGTERM');
  await first.local.ended;

  const second = await start();
  await expect(second.client.queue('kept').receive({ waitSeconds: 0 })).resolves.toMatchObject({
    body: 'still here',
  });
});

it('says in one line that a port is taken, and ends', async () => {
  const server = createServer();
  const port = await listen(server, '127.0.0.1', 0);
  onTestFinished(() => close(server));
  const { code, stderr } = await command(
    'local/src/cli/start',
    ...FREE_PORTS,
    '--oss-port',
    String(port),
    '--memory',
    '--no-functions',
  ).ended;
  expect(stderr).toMatch(
    new RegExp(
      `^error: Port ${port} on 127\\.0\\.0\\.1 is taken: end the process that holds it, or choose another port .*\\n$`,
    ),
  );
  expect(code).toBe(1);
});

it.each([
  [['--smq-port', '99999'], /--smq-port is "99999"; give a whole number from 0 to 65535/],
  [['--memory', '--data', 'x'], /--memory keeps nothing and --data names a folder/],
  [['--account-id', 'me'], /--account-id is "me"; give digits/],
  [['--region', 'Hangzhou'], /--region is "Hangzhou"/],
  [['--prot', '1'], /Unknown option '--prot'/],
  [['--data'], /--data/],
  [['--data', ''], /--data is empty; give a folder/],
])('refuses %j with what is wanted instead', (args, message) => {
  expect(() => readLocalOptions(args)).toThrow(UsageError);
  expect(() => readLocalOptions(args)).toThrow(message);
});

it('does not repeat a secret that it refuses', () => {
  const read = () => readLocalOptions(['--access-key-secret', 'half a secret']);
  expect(read).toThrow(/^--access-key-secret is empty, too long or has a space in it$/);
});

it('ends with 2 and one line for wrong usage', async () => {
  const { code, stderr } = await command('local/src/cli/start', '--prot', '1').ended;
  expect(stderr).toBe("error: Unknown option '--prot'; --help lists the options\n");
  expect(code).toBe(2);
});

it('gives the export lines of its options, quoted for a shell', () => {
  const { cloud } = readLocalOptions(['--smq-port', '7001', '--access-key-secret', "it's"]);
  const lines = exportLines(cloud).split('\n');
  expect(lines).toContain("export SMQ_ENDPOINT='http://127.0.0.1:7001'");
  expect(lines).toContain("export OSS_ENDPOINT='http://127.0.0.1:6802'");
  expect(lines).toContain("export ALIBABA_CLOUD_ACCESS_KEY_SECRET='it'\\''s'");
});

it('has no export line for a port that is chosen at the start', () => {
  const { cloud } = readLocalOptions(['--smq-port', '0']);
  expect(() => exportLines(cloud)).toThrow(/--env cannot name a port.*give --smq-port/);
});

it('takes only the latest receipt handle when told to', async () => {
  const { cloud } = readLocalOptions(['--strict-handles', '--memory', '--no-functions']);
  const ports = { smqPort: 0, ossPort: 0, openapiPort: 0, fcPort: 0, consolePort: 0 };
  const local = await startLocalCloud({ ...cloud, ...ports });
  onTestFinished(() => local.close());
  const { service } = local.smq;
  await service.createQueue('q');
  await service.send('q', { body: 'a' });
  const [{ receiptHandle } = { receiptHandle: '' }] = await service.receive('q');
  const changed = await service.changeVisibility('q', receiptHandle, 60);
  await expect(service.deleteMessage('q', receiptHandle)).rejects.toThrow('Message not exist.');
  await service.deleteMessage('q', changed.receiptHandle);
});

it('lists every option in its help', async () => {
  const { stdout } = await command('local/src/cli/start', '--help').ended;
  for (const option of [
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
    'strict-handles',
    'no-functions',
    'json',
    'env',
  ])
    expect(stdout).toContain(`--${option} `);
});
