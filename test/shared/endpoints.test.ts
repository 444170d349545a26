import { expect, it } from 'vitest';
import { ossEndpoint, smqEndpoint } from '#shared/endpoints';

const at = { region: 'cn-hangzhou', accountId: '1000000000000001' };

it.each([
  ['internal', 'http://1000000000000001.mns.cn-hangzhou-internal.aliyuncs.com'],
  ['vpc', 'http://1000000000000001.mns.cn-hangzhou-internal-vpc.aliyuncs.com'],
  ['public', 'https://1000000000000001.mns.cn-hangzhou.aliyuncs.com'],
] as const)('knows the %s address of SMQ', (network, url) => {
  expect(smqEndpoint({ ...at, network, env: {} })).toBe(url);
});

it.each([
  ['internal', 'https://oss-cn-hangzhou-internal.aliyuncs.com'],
  ['vpc', 'https://oss-cn-hangzhou-internal.aliyuncs.com'],
  ['public', 'https://oss-cn-hangzhou.aliyuncs.com'],
] as const)('knows the %s address of OSS', (network, url) => {
  expect(ossEndpoint({ ...at, network, env: {} })).toBe(url);
});

it('is internal unless told otherwise, by option before NETWORK', () => {
  expect(ossEndpoint({ ...at, env: {} })).toContain('-internal.');
  expect(ossEndpoint({ ...at, env: { NETWORK: 'public' } })).not.toContain('-internal.');
  expect(ossEndpoint({ ...at, network: 'internal', env: { NETWORK: 'public' } })).toContain(
    '-internal.',
  );
});

it('takes an override as scheme and host, a trailing slash dropped', () => {
  const env = { SMQ_ENDPOINT: ' http://127.0.0.1:6801/ ', OSS_ENDPOINT: 'http://localhost:6802' };
  expect(smqEndpoint({ ...at, env })).toBe('http://127.0.0.1:6801');
  expect(ossEndpoint({ ...at, env })).toBe('http://localhost:6802');
});

it.each(['127.0.0.1:6801', 'http://host/path', 'ftp://host', 'http://host/?a=b', 'nonsense'])(
  'refuses the override %j, naming the variable',
  (value) => {
    expect(() => smqEndpoint({ ...at, env: { SMQ_ENDPOINT: value } })).toThrow(/^SMQ_ENDPOINT is/);
  },
);

it('refuses a network that is none', () => {
  expect(() => ossEndpoint({ ...at, env: { NETWORK: 'intranet' } })).toThrow(
    /internal, vpc or public/,
  );
});
