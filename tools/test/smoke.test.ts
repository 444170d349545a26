import type { CredentialsProvider } from 'fc-kit/credentials';
import { expect, it } from 'vitest';
import { consumerOf } from '#src/demo/run';
import { type SmokeOptions, smoke } from '#src/smoke/run';
import { localCloud } from '../../test/local-cloud.ts';
import { command } from './command.ts';

/** The local cloud as the deployed one, its timer fired instead of waited for. */
async function deployed(change: Partial<SmokeOptions> = {}) {
  const cloud = await localCloud();
  const said: string[] = [];
  const run = smoke({
    url: cloud.fc?.httpTriggerUrl('topic-publisher') ?? '',
    bucket: consumerOf(cloud).BUCKET_NAME,
    region: cloud.region,
    credentials: provider(cloud.accessKey),
    patience: 10_000,
    env: cloud.environment,
    say: (line) => said.push(line),
    wait: async () => void (await cloud.fc?.fireTimer('queue-consumer')),
    ...change,
  });
  return { run, said, cloud };
}

const provider = (pair: { accessKeyId: string; accessKeySecret: string }): CredentialsProvider => ({
  getCredentials: async () => pair,
});

it('follows one order through the functions to its object', async () => {
  const { run, said } = await deployed();
  await run;
  expect(said).toEqual([
    expect.stringMatching(/^publish {2}message \w+/),
    expect.stringMatching(/^store {4}object orders\/smoke-\w+\.json, \d+ ms$/),
  ]);
});

it.each<[string, Partial<SmokeOptions>, RegExp]>([
  [
    'an address that nobody answers',
    { url: 'http://127.0.0.1:1/' },
    /:1\/ does not answer \(.*\): check the address/,
  ],
  ['a bucket that is not there', { bucket: 'not-there' }, /no bucket not-there: give --bucket/],
  [
    'a wrong credential',
    { credentials: provider({ accessKeyId: 'LTAInobody', accessKeySecret: 'x' }) },
    /^OSS cannot be asked for orders\/smoke-\w+\.json: .*InvalidAccessKeyId/,
  ],
  [
    'nobody who consumes',
    { wait: async () => {}, patience: 0 },
    /is not in .* after 0 seconds: see that queue-consumer's timer/,
  ],
])('says what failed, with the remedy: %s', async (_what, change, message) => {
  const { run } = await deployed(change);
  await expect(run).rejects.toThrow(message);
});

it('ends with one line for wrong usage and for a missing credential', async () => {
  const [unknown, none] = await Promise.all([
    command('tools/src/smoke', '--env', 'nope').ended,
    command('tools/src/smoke', '--url', 'http://127.0.0.1:1', '--bucket', 'b', '--region', 'r')
      .ended,
  ]);
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toMatch(
    /^error: --env is "nope"; env\.yaml has testing, staging, production\n$/,
  );
  expect(none.code).toBe(1);
  expect(none.stderr).toMatch(/^error: No credential for oss: .*npm run credentials -- setup/);
});
