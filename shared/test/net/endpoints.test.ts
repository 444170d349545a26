import { describe, expect, it } from 'vitest';
import {
  functionEndpoint,
  mpaasEndpoint,
  ossEndpoint,
  smqEndpoint,
  stsEndpoint,
} from '#src/net/endpoints';

const at = { region: 'cn-hangzhou', accountId: '1000000000000001' };
const of = {
  smq: smqEndpoint,
  oss: ossEndpoint,
  sts: stsEndpoint,
  fc: functionEndpoint,
  mpaas: mpaasEndpoint,
};
const variables = {
  smq: 'SMQ_ENDPOINT',
  oss: 'OSS_ENDPOINT',
  sts: 'STS_ENDPOINT',
  fc: 'FUNCTION_ENDPOINT',
  mpaas: 'MPAAS_ENDPOINT',
};
const overridden = (service: keyof typeof of, value: string) => () =>
  of[service]({ ...at, env: { [variables[service]]: value } });

it.each([
  ['smq', 'internal', 'http://1000000000000001.mns.cn-hangzhou-internal.aliyuncs.com'],
  ['smq', 'vpc', 'http://1000000000000001.mns.cn-hangzhou-internal-vpc.aliyuncs.com'],
  ['smq', 'public', 'https://1000000000000001.mns.cn-hangzhou.aliyuncs.com'],
  ['oss', 'internal', 'https://oss-cn-hangzhou-internal.aliyuncs.com'],
  ['oss', 'vpc', 'https://oss-cn-hangzhou-internal.aliyuncs.com'],
  ['oss', 'public', 'https://oss-cn-hangzhou.aliyuncs.com'],
  ['sts', 'internal', 'https://sts.cn-hangzhou.aliyuncs.com'],
  ['sts', 'vpc', 'https://sts-vpc.cn-hangzhou.aliyuncs.com'],
  ['sts', 'public', 'https://sts.cn-hangzhou.aliyuncs.com'],
  ['fc', 'internal', 'https://1000000000000001.cn-hangzhou-internal.fc.aliyuncs.com'],
  ['fc', 'vpc', 'https://1000000000000001.cn-hangzhou-internal.fc.aliyuncs.com'],
  ['fc', 'public', 'https://1000000000000001.cn-hangzhou.fc.aliyuncs.com'],
  ['mpaas', 'internal', 'https://mpaas.cn-hangzhou.aliyuncs.com'],
  ['mpaas', 'public', 'https://mpaas.cn-hangzhou.aliyuncs.com'],
] as const)('knows the address of %s, %s', (service, network, url) => {
  expect(of[service]({ ...at, network, env: {} })).toBe(url);
});

it('is internal by default; an option takes precedence over NETWORK', () => {
  expect(ossEndpoint({ ...at, env: {} })).toContain('-internal.');
  expect(ossEndpoint({ ...at, env: { NETWORK: '' } })).toContain('-internal.');
  expect(ossEndpoint({ ...at, env: { NETWORK: 'public' } })).not.toContain('-internal.');
  expect(ossEndpoint({ ...at, network: 'internal', env: { NETWORK: 'public' } })).toContain(
    '-internal.',
  );
});

it('refuses an unknown network', () => {
  expect(() => ossEndpoint({ ...at, env: { NETWORK: 'intranet' } })).toThrow(
    /internal, vpc or public/,
  );
});

it.each(['oss-cn-hangzhou', 'China (Hangzhou)', 'cn_hangzhou', 'cn-hangzhou '])(
  'refuses a region of %j rather than look for its host',
  (region) => {
    expect(() => ossEndpoint({ region, env: {} })).toThrow(
      expect.objectContaining({
        code: 'InvalidRegion',
        message: `Region is "${region}": give its id, such as cn-hangzhou, without oss-`,
      }),
    );
  },
);

describe('an override', () => {
  const account = '1000000000000001';
  it.each([
    ['smq', 'http://127.0.0.1:6801', 'http://127.0.0.1:6801'],
    ['smq', ' 127.0.0.1:6801/ ', 'http://127.0.0.1:6801'],
    ['oss', 'http://localhost:6802/', 'http://localhost:6802'],
    ['oss', 'oss.example.com', 'https://oss.example.com'],
    [
      'smq',
      `http://${account}.mns.cn-hangzhou.aliyuncs.com/`,
      `http://${account}.mns.cn-hangzhou.aliyuncs.com`,
    ],
    [
      'smq',
      `${account}.mns.cn-hangzhou.aliyuncs.com`,
      `https://${account}.mns.cn-hangzhou.aliyuncs.com`,
    ],
    ['smq', 'mns.cn-hangzhou.aliyuncs.com', `https://${account}.mns.cn-hangzhou.aliyuncs.com`],
    [
      'smq',
      `${account}.mns.cn-hangzhou-internal.aliyuncs.com`,
      `http://${account}.mns.cn-hangzhou-internal.aliyuncs.com`,
    ],
    [
      'smq',
      `${account}.mns.cn-hangzhou-internal-vpc.aliyuncs.com`,
      `http://${account}.mns.cn-hangzhou-internal-vpc.aliyuncs.com`,
    ],
    [
      'oss',
      'oss-cn-hangzhou-internal.aliyuncs.com',
      'https://oss-cn-hangzhou-internal.aliyuncs.com',
    ],
    ['oss', 'oss-accelerate.aliyuncs.com', 'https://oss-accelerate.aliyuncs.com'],
    ['oss', 'HTTP://OSS-CN-HANGZHOU.aliyuncs.com/', 'http://oss-cn-hangzhou.aliyuncs.com'],
    ['sts', 'sts-vpc.cn-hangzhou.aliyuncs.com', 'https://sts-vpc.cn-hangzhou.aliyuncs.com'],
    ['sts', 'sts.aliyuncs.com', 'https://sts.aliyuncs.com'],
    ['fc', 'cn-hangzhou.fc.aliyuncs.com', `https://${account}.cn-hangzhou.fc.aliyuncs.com`],
    [
      'fc',
      `https://${account}.cn-hangzhou-internal.fc.aliyuncs.com`,
      `https://${account}.cn-hangzhou-internal.fc.aliyuncs.com`,
    ],
    ['mpaas', 'mpaas.aliyuncs.com', 'https://mpaas.aliyuncs.com'],
  ] as const)('of %s is taken as the console shows it: %j', (service, value, url) => {
    expect(overridden(service, value)()).toBe(url);
  });

  it.each([
    ['smq', 'http://host.example/path'],
    ['smq', 'ftp://host.example'],
    ['smq', 'http://host.example/?a=b'],
    ['smq', 'nonsense'],
    ['smq', `https://${account}.mns.cn-hangzhou-internal.aliyuncs.com`],
    ['smq', `HTTPS://${account}.mns.cn-hangzhou-internal.aliyuncs.com`],
    ['oss', 'http://1.mns.cn-hangzhou.aliyuncs.com'],
    ['sts', 'oss-cn-hangzhou.aliyuncs.com'],
  ] as const)('of %s is refused with the variable’s name: %j', (service, value) => {
    expect(overridden(service, value)).toThrow(
      expect.objectContaining({
        code: 'InvalidEndpoint',
        message: expect.stringContaining(`${variables[service]} is`),
      }),
    );
  });

  it('names the address to give instead of a bucket’s domain', () => {
    expect(overridden('oss', 'https://photos.oss-cn-hangzhou.aliyuncs.com')).toThrow(
      /domain of bucket photos: leave the bucket out: oss-cn-hangzhou\.aliyuncs\.com/,
    );
  });

  it.each([
    [
      'smq',
      'http://1000000000000001.mns.cn-shanghai.aliyuncs.com',
      /region cn-shanghai, but the function is in cn-hangzhou/,
    ],
    [
      'smq',
      'http://2000000000000002.mns.cn-hangzhou.aliyuncs.com',
      /account 2000000000000002, but the function is of 1000000000000001/,
    ],
    ['oss', 'oss-cn-beijing-internal.aliyuncs.com', /region cn-beijing, but/],
    ['fc', '2000000000000002.cn-hangzhou.fc.aliyuncs.com', /account 2000000000000002, but/],
  ] as const)(
    'of %s for another region or account is said here, not by a wrong signature: %j',
    (service, value, message) => {
      expect(overridden(service, value)).toThrow(message);
    },
  );

  it('does not print a password', () => {
    expect(overridden('smq', 'http://user:hunter2@host.example')).not.toThrow(/hunter2/);
    expect(overridden('smq', 'http://user:hunter2@host.example')).toThrow(
      /InvalidEndpoint|give scheme/,
    );
  });
});
