import type { CredentialsProvider } from 'fc-kit/credentials';
import { expect, it } from 'vitest';
import { type SmokeTestOptions, smokeTest } from '#src/smoke/smoke-test';
import { templateCloud } from '#test/cloud';
import { run } from '#test/run';

/** Treats the local cloud as the deployed one, its timer fired instead of waited for. */
async function deployed(change: Partial<SmokeTestOptions> = {}) {
  const cloud = await templateCloud();
  const said: string[] = [];
  const consumer = cloud.function('queue-consumer');
  const tested = smokeTest({
    url: cloud.function('topic-publisher').url,
    bucket: consumer.env.BUCKET_NAME ?? '',
    region: cloud.region,
    credentials: provider(cloud.accessKey),
    patience: 10_000,
    env: cloud.environment,
    say: (line) => said.push(line),
    wait: async () => void (await consumer.fireTimer()),
    ...change,
  });
  return { tested, said };
}

const provider = (pair: { accessKeyId: string; accessKeySecret: string }): CredentialsProvider => ({
  getCredentials: async () => pair,
});

it('follows one order through the functions to its object', async () => {
  const { tested, said } = await deployed();
  await tested;
  expect(said).toEqual([
    expect.stringMatching(/^publish {2}message \w+/),
    expect.stringMatching(/^store {4}object orders\/smoke-\w+\.json, \d+ ms$/),
  ]);
});

it.each<[string, Partial<SmokeTestOptions>, RegExp]>([
  [
    'an address that does not answer',
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
    'no consumer',
    { wait: async () => {}, patience: 0 },
    /is not in .* after 0 seconds: see that queue-consumer's timer/,
  ],
])('says what failed, with the remedy: %s', async (_what, change, message) => {
  const { tested } = await deployed(change);
  await expect(tested).rejects.toThrow(message);
});

it('ends with one line for wrong usage and for a missing credential', async () => {
  const [unknown, none] = await Promise.all([
    run(['smoke', '--env', 'nope']),
    run(['smoke', '--url', 'http://127.0.0.1:1', '--bucket', 'b', '--region', 'r']),
  ]);
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toMatch(
    /^error: --env is "nope"; env\.yaml has testing, staging, production\n$/,
  );
  expect(none.code).toBe(1);
  expect(none.stderr).toMatch(/^error: No credential for oss: .*credentials (-- )?setup/);
});
