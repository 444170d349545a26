import { describe, expect, it } from 'vitest';
import { ossAddress } from '#src/oss/bucket/address';

const region = 'cn-hangzhou';
const at = (OSS_ENDPOINT: string) => ossAddress({ region, env: { OSS_ENDPOINT } });

describe('ossAddress', () => {
  it('is internal and https, with the bucket in the host name, by default', () => {
    expect(ossAddress({ region, env: {} })).toEqual({
      endpoint: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
      region: 'oss-cn-hangzhou',
      sldEnable: false,
    });
    expect(ossAddress({ region, network: 'public', env: {} })).toMatchObject({
      endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
    });
  });

  it('spells a loopback address localhost, with the bucket in the path', () => {
    const local = { endpoint: 'http://localhost:6802', region: 'oss-cn-hangzhou', sldEnable: true };
    expect(at('http://127.0.0.1:6802')).toEqual(local);
    expect(at('http://127.0.0.1:6802/')).toEqual(local);
    expect(at('http://[::1]:6802')).toEqual(local);
    expect(at('http://localhost:6802')).toEqual(local);
    expect(at('https://127.0.0.1')).toMatchObject({ endpoint: 'https://localhost' });
  });

  it('puts the bucket in the path of any other host', () => {
    expect(at('http://oss.local:6802')).toMatchObject({
      endpoint: 'http://oss.local:6802',
      sldEnable: true,
    });
    expect(at('https://oss-cn-hangzhou.aliyuncs.com')).toMatchObject({ sldEnable: false });
  });

  it('refuses an IP address that is not loopback, which ali-oss cannot use', () => {
    for (const endpoint of [
      'http://192.168.1.5:6802',
      'http://[fd00::1]:6802',
      'http://0xc0a80105',
      'http://3232235781:6802',
    ])
      expect(() => at(endpoint)).toThrow(
        expect.objectContaining({ name: 'ConfigurationError', code: 'InvalidEndpoint' }),
      );
  });
});
