import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { accessKey, accessKeyFile } from '#src/credentials/access-key';
import { custom, fromOfficialClient } from '#src/credentials/custom';
import { stsToken } from '#src/credentials/sts-token';

async function file(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'config-ini-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'config.ini');
  await writeFile(path, text);
  return path;
}

const GOOD =
  '# mine\n[other]\na=b\n\n[credentials]\nalibaba_cloud_access_key_id = id\nalibaba_cloud_access_key_secret = a=secret;#\n';

it.each([GOOD, GOOD.replaceAll('\n', '\r\n'), `\uFEFF${GOOD}`])(
  'reads the pair from a config.ini: %j',
  async (text) => {
    await expect(accessKeyFile(await file(text)).getCredentials()).resolves.toEqual({
      accessKeyId: 'id',
      accessKeySecret: 'a=secret;#',
    });
  },
);

it('takes up a rotated key', async () => {
  const path = await file(GOOD);
  const provider = accessKeyFile(path);
  await provider.getCredentials();
  await writeFile(path, GOOD.replace('= id', '= new-id'));
  expect((await provider.getCredentials()).accessKeyId).toBe('new-id');
});

it.each([
  ['', 'InvalidFile', /no section \[credentials\]/],
  ['[default]\naccess=1', 'InvalidFile', /no section \[credentials\]/],
  [
    '[credentials]\nalibaba_cloud_access_key_id=x',
    'MissingCredentials',
    /alibaba_cloud_access_key_secret/,
  ],
  [
    '[credentials]\nalibaba_cloud_access_key_id=\nalibaba_cloud_access_key_secret=do-not-print',
    'MissingCredentials',
    /lacks alibaba_cloud_access_key_id:/,
  ],
  ['[credentials]\ndo-not-print', 'InvalidFile', /config\.ini:2 is neither/],
  ['do-not-print=x', 'InvalidFile', /config\.ini:1 is neither/],
])('says what is wrong with the file %j, and quotes none of it', async (text, code, message) => {
  const error = await accessKeyFile(await file(text))
    .getCredentials()
    .catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(String(error)).not.toContain('do-not-print');
});

it('names a file that is not there', async () => {
  await expect(accessKeyFile('/no/such/config.ini').getCredentials()).rejects.toMatchObject({
    code: 'FileUnreadable',
    message: expect.stringMatching(/^\/no\/such\/config\.ini cannot be read \(ENOENT\)/),
  });
});

it('names the blank values of a pair or token given in code', () => {
  expect(() => accessKey({ accessKeyId: ' ', accessKeySecret: 's' })).toThrow(/lacks accessKeyId:/);
  expect(() => stsToken({ accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: '' })).toThrow(
    /lacks securityToken:/,
  );
});

it('passes a custom credential on and refuses an incomplete or expired one', async () => {
  const now = () => 1_000;
  const good = { accessKeyId: 'a', accessKeySecret: 'the-secret', expiration: 1_001 };
  await expect(custom(() => good, now).getCredentials()).resolves.toBe(good);
  await expect(
    custom(() => ({ ...good, expiration: 1_000 }), now).getCredentials(),
  ).rejects.toMatchObject({ code: 'ExpiredCredentials' });
  const error = await custom(() => ({ ...good, accessKeyId: '' }))
    .getCredentials()
    .catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code: 'InvalidCredentials' });
  expect(String(error)).not.toContain('the-secret');
});

it('takes a client of @alicloud/credentials as a provider', async () => {
  const { default: official } = await import('@alicloud/credentials');
  // As native ESM the constructor stands under `.default`.
  const Client = 'default' in official ? (official.default as typeof official) : official;
  const { Config } = await import('@alicloud/credentials');
  const client = new Client(
    new Config({ type: 'sts', accessKeyId: 'STS.a', accessKeySecret: 'b', securityToken: 'c' }),
  );
  await expect(fromOfficialClient(client).getCredentials()).resolves.toEqual({
    accessKeyId: 'STS.a',
    accessKeySecret: 'b',
    securityToken: 'c',
  });
});
