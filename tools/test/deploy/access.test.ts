import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LocalCloudError } from 'fc-local/project';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AccessOptions, handOver, resolveAccess } from '#src/deploy/access';
import { ACCOUNT, recordingCloud } from '#test/recording/cloud';

const PAIR = { AccountID: '42', AccessKeyID: 'LTAIa', AccessKeySecret: 'hush' };
const TEMPORARY = { AccessKeyID: 'STS.a', AccessKeySecret: 'hush', SecurityToken: 'hush-token' };
const GENERAL = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIg', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'hush' };

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'access-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const accessFile = (aliases: Record<string, object>) => ({
  '.s/access.yaml': JSON.stringify(aliases),
});
const aliyunFile = (...profiles: object[]) => ({
  '.aliyun/config.json': JSON.stringify({ current: 'main', profiles }),
});

/** PAIR as the deploy tool encrypts it, in OpenSSL's own form. */
const ENCRYPTED = {
  AccountID: 'U2FsdGVkX19vDC10UYS7X3CB7+rc17mQvcFiYFQfaDo=',
  AccessKeyID: 'U2FsdGVkX1/4izfA+lYgPWSumtfhLyde/XnCbFzkmXA=',
  AccessKeySecret: 'U2FsdGVkX18zYa/+/xsWnXKpODtvKRG58AXZ4ZJMaKo=',
};

interface Given {
  files?: Record<string, string>;
  env?: NodeJS.ProcessEnv;
  chosen?: string;
  alias?: string;
}

async function resolved({ files = {}, env = {}, chosen, alias = 'default' }: Given) {
  const home = await folderWith(files);
  const options: AccessOptions = {
    project: home,
    alias,
    chosen,
    region: 'cn-hangzhou',
    env: { HOME: home, ...env },
  };
  const access = await resolveAccess(options);
  const credentials = await access.credentials.getCredentials();
  const handed = await handOver(access, { project: home, env: options.env });
  const variable = handed.env.ci_serverless_devs_key ?? '';
  return { access, credentials, handed, parts: JSON.parse(variable), home };
}

async function refusal(given: Given): Promise<string> {
  try {
    await resolved(given);
  } catch (error) {
    const text =
      error instanceof LocalCloudError ? `${error.message}: ${error.remedy}` : `${error}`;
    expect(text).not.toContain('hush');
    return text;
  }
  throw new Error('it was taken');
}

describe('a credential to deploy with', () => {
  it.each<[string, Given, string]>([
    ['under the alias', { files: accessFile({ default: PAIR }) }, 'LTAIa'],
    ['in the three variables, whatever the alias', { alias: 'ghost', env: PAIR }, 'LTAIa'],
    [
      'in a variable of the alias',
      { alias: 'a_serverless_devs_key', env: { a_serverless_devs_key: JSON.stringify(PAIR) } },
      'LTAIa',
    ],
    [
      'under the alias that --access names, before the three variables',
      {
        chosen: 'team',
        files: accessFile({ team: { ...PAIR, AccessKeyID: 'LTAIteam' } }),
        env: PAIR,
      },
      'LTAIteam',
    ],
    [
      'in the three variables, before the alias',
      {
        files: accessFile({ default: { ...PAIR, AccessKeyID: 'LTAIfile' } }),
        env: PAIR,
      },
      'LTAIa',
    ],
    [
      'under the alias, before ALIBABA_CLOUD_ACCESS_KEY_ID',
      {
        files: accessFile({ default: PAIR }),
        env: GENERAL,
      },
      'LTAIa',
    ],
    [
      'in ALIBABA_CLOUD_ACCESS_KEY_ID',
      {
        env: {
          ...GENERAL,
          ALIBABA_CLOUD_ACCOUNT_ID: '42',
          MNS_ACCESS_KEY_ID: 'LTAIother',
          MNS_ACCESS_KEY_SECRET: 'x',
        },
      },
      'LTAIg',
    ],
    [
      'in a profile of the aliyun CLI',
      {
        env: { ALIBABA_CLOUD_PROFILE: 'two', ALIBABA_CLOUD_ACCOUNT_ID: '42' },
        files: aliyunFile(
          { name: 'main' },
          { name: 'two', mode: 'AK', access_key_id: 'LTAItwo', access_key_secret: 'hush' },
        ),
      },
      'LTAItwo',
    ],
    [
      "in the aliyun CLI's current profile",
      {
        alias: '\u0024{aliyun-cli}',
        env: { ALIBABA_CLOUD_ACCOUNT_ID: '42' },
        files: aliyunFile({
          name: 'main',
          mode: 'AK',
          access_key_id: 'LTAImain',
          access_key_secret: 'hush',
        }),
      },
      'LTAImain',
    ],
  ])(
    'is taken %s, and reaches the deploy tool as its JSON form alone',
    async (_where, given, id) => {
      const { handed, parts, access } = await resolved(given);
      expect(parts).toEqual({ AccountID: '42', AccessKeyID: id, AccessKeySecret: 'hush' });
      expect(handed.args).toEqual(['--access', 'ci_serverless_devs_key']);
      for (const name of Object.keys(PAIR)) expect(handed.env).not.toHaveProperty(name);
      expect(access.source).not.toContain('hush');
    },
  );

  it.each<[string, Given]>([
    ['the three variables with SecurityToken', { env: { AccountID: '42', ...TEMPORARY } }],
    [
      'an alias with SecurityToken',
      { files: accessFile({ default: { AccountID: '42', ...TEMPORARY } }) },
    ],
    [
      'ALIBABA_CLOUD_SECURITY_TOKEN beside its id',
      {
        env: {
          ALIBABA_CLOUD_ACCOUNT_ID: '42',
          ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.a',
          ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'hush',
          ALIBABA_CLOUD_SECURITY_TOKEN: 'hush-token',
        },
      },
    ],
    [
      'a profile of the mode StsToken',
      {
        env: { ALIBABA_CLOUD_PROFILE: 'main', ALIBABA_CLOUD_ACCOUNT_ID: '42' },
        files: aliyunFile({
          name: 'main',
          mode: 'StsToken',
          access_key_id: 'STS.a',
          access_key_secret: 'hush',
          sts_token: 'hush-token',
        }),
      },
    ],
  ])('keeps its token: %s', async (_where, given) => {
    const { credentials, parts } = await resolved(given);
    expect(credentials.securityToken).toBe('hush-token');
    expect(parts).toEqual({ AccountID: '42', ...TEMPORARY });
  });

  it('is read as the deploy tool has encrypted it', async () => {
    const { parts } = await resolved({ files: accessFile({ default: ENCRYPTED }) });
    expect(parts).toEqual(PAIR);
  });

  it('of an unknown account is asked of STS for its account', async () => {
    const cloud = await recordingCloud();
    const { access } = await resolved({ env: cloud.env });
    expect(access.accountId).toBe(ACCOUNT);
    expect(cloud.actions()).toEqual(['sts:GetCallerIdentity']);
    cloud.fail('sts:GetCallerIdentity', {
      status: 403,
      body: { Code: 'NoPermission', Message: 'no' },
    });
    expect(await refusal({ env: cloud.env })).toMatch(
      /^The account of the variables ALIBABA_CLOUD_… is not given, and STS does not say it \(.*NoPermission.*: set AccountID, or ALIBABA_CLOUD_ACCOUNT_ID/,
    );
  });

  it.each<[string, Given, RegExp]>([
    [
      'there is none',
      {},
      /no key pair under the alias "default" \(there is none\), and none in the environment: npx s config add -a default/,
    ],
    ['the alias is another', { files: accessFile({ other: PAIR }) }, /\(there is other\)/],
    [
      '--access names none, though there is another credential',
      { chosen: 'team', env: { ...GENERAL, ALIBABA_CLOUD_ACCOUNT_ID: '42' } },
      /under the alias "team"/,
    ],
    [
      'a part is missing',
      { files: accessFile({ default: { AccessKeyID: 'a' } }) },
      /alias "default" has no AccessKeySecret: give all of AccountID/,
    ],
    ['a variable is missing', { env: { AccessKeySecret: 'hush' } }, /has no AccessKeyID/],
    [
      'the id is temporary and has no token',
      { env: { AccountID: '42', AccessKeyID: 'STS.a', AccessKeySecret: 'hush' } },
      /has a temporary id \(STS\.…\) and no SecurityToken: give the SecurityToken that was handed out with it/,
    ],
    [
      'the general id is temporary and has no token',
      { env: { ...GENERAL, ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.a' } },
      /ALIBABA_CLOUD_ACCESS_KEY_ID is a temporary id, without a security token/,
    ],
    [
      'the JSON has a temporary id and no token',
      {
        alias: 'a_serverless_devs_key',
        env: {
          a_serverless_devs_key:
            '{"AccountID":"42","AccessKeyID":"STS.a","AccessKeySecret":"hush"}',
        },
      },
      /no SecurityToken/,
    ],
    [
      'the variable is not JSON',
      { alias: 'a_serverless_devs_key', env: { a_serverless_devs_key: 'hush' } },
      /The variable a_serverless_devs_key is not JSON: write \{"AccountID": "…"/,
    ],
    [
      'half of the general family is set',
      { env: { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIg' } },
      /ALIBABA_CLOUD_ACCESS_KEY_ID set without ALIBABA_CLOUD_ACCESS_KEY_SECRET/,
    ],
    [
      'the profile does not exist',
      { env: { ALIBABA_CLOUD_PROFILE: 'x' }, files: aliyunFile({ name: 'main' }) },
      /has no profile "x" \(there is main\)/,
    ],
    ...['AK', 'RamRoleArn'].map((mode): [string, Given, RegExp] => [
      `the profile of mode ${mode} has a temporary id and no token`,
      {
        env: { ALIBABA_CLOUD_PROFILE: 'main', ALIBABA_CLOUD_ACCOUNT_ID: '42' },
        files: aliyunFile({
          name: 'main',
          mode,
          access_key_id: 'STS.a',
          access_key_secret: 'hush',
          ram_role_arn: 'acs:ram::42:role/deploy',
        }),
      },
      /has a temporary id \(STS\.…\) and no sts_token/,
    ]),
    [
      'the profile opens a browser',
      {
        env: { ALIBABA_CLOUD_PROFILE: 'main' },
        files: aliyunFile({ name: 'main', mode: 'External' }),
      },
      /is of mode External, which is not read here/,
    ],
    [
      '.env has the three, which the tool would take',
      {
        chosen: 'team',
        files: {
          ...accessFile({ team: { AccountID: '42', ...TEMPORARY } }),
          '.env': 'AccountID=42\nAccessKeyID=LTAIa\nAccessKeySecret=hush\n',
        },
      },
      /^\.env has AccountID, AccessKeyID, AccessKeySecret, which the deploy tool would take before/,
    ],
  ])('is refused when %s', async (_what, given, message) => {
    expect(await refusal(given)).toMatch(message);
  });
});
