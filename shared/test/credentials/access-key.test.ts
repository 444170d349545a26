import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { contextCredentials } from '#src/auth/context-credentials';
import { currentCredentials } from '#src/auth/credential-scope';
import { accessKey, accessKeyFile } from '#src/credentials/access-key';
import { credentialsUri } from '#src/credentials/credentials-uri';
import { custom, fromOfficialClient } from '#src/credentials/custom';
import { GENERAL, readFamily } from '#src/credentials/families';
import { stsToken } from '#src/credentials/sts-token';
import { fakeContext } from '#test/fake-context';
import { oddServer, reply } from '#test/odd-server';

async function file(text: string | Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'config-ini-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'config.ini');
  await writeFile(path, text);
  return path;
}

const GOOD =
  '# mine\n[other]\na=b\n\n[credentials]\nalibaba_cloud_access_key_id = id\nalibaba_cloud_access_key_secret = a=secret\n';

it.each([
  GOOD,
  GOOD.replaceAll('\n', '\r\n'),
  `\uFEFF${GOOD}`,
  Buffer.from(`\uFEFF${GOOD}`, 'utf16le'),
])('reads the pair from a config.ini: %j', async (text) => {
  await expect(accessKeyFile(await file(text)).getCredentials()).resolves.toEqual({
    accessKeyId: 'id',
    accessKeySecret: 'a=secret',
  });
});

// All but the last three as `ini` 1.3.8 reads them, which the official @alicloud/credentials uses.
it.each([
  ['"abc"', 'abc'],
  ["'abc'", 'abc'],
  ['abc ; mine', 'abc'],
  ['abc # mine', 'abc'],
  ['abc;mine', 'abc'],
  ['abc#mine', 'abc'],
  ['abc\\;d\\#e', 'abc;d#e'],
  ['a\\\\b\\c', 'a\\b\\c'],
  ['"a;b#c"', 'a;b#c'],
  ['"a\\"b"', 'a"b'],
  ['a"b', 'a"b'],
  ['a=b==', 'a=b=='],
  ['"a\\tb"', 'a\tb'],
  ["'a\\tb'", 'a\\tb'],
  ['"a\\qb"', 'a\\qb'],
  ['"abc" ; mine', 'abc'],
  ["'abc' # mine", 'abc'],
  ['"abc"# mine', 'abc'],
])('reads the value %s', async (written, secret) => {
  const path = await file(GOOD.replace('= a=secret', `= ${written}`));
  expect((await accessKeyFile(path).getCredentials()).accessKeySecret).toBe(secret);
});

it('reads a file whose comment is not UTF-8', async () => {
  const bytes = Buffer.concat([Buffer.from([0x23, 0xfe, 0x0a]), Buffer.from(GOOD)]);
  expect((await accessKeyFile(await file(bytes)).getCredentials()).accessKeyId).toBe('id');
});

it('reads a section with a comment after it', async () => {
  const path = await file(GOOD.replace('[credentials]', '[credentials] ; mine'));
  expect((await accessKeyFile(path).getCredentials()).accessKeyId).toBe('id');
});

it('reads a rotated key', async () => {
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
  ['[credentials]\na="do-not-print', 'InvalidFile', /config\.ini:2 has a quote without/],
  ["[credentials]\na='do-not-print' x", 'InvalidFile', /config\.ini:2 has a quote without/],
  [
    '[credentials]\nalibaba_cloud_access_key_id=" x"\nalibaba_cloud_access_key_secret=do-not-print',
    'BrokenCredentials',
    /alibaba_cloud_access_key_id has white space around it/,
  ],
])('says what is wrong with the file %j, and quotes none of it', async (text, code, message) => {
  const error = await accessKeyFile(await file(text))
    .getCredentials()
    .catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(String(error)).not.toContain('do-not-print');
});

it('names a file that does not exist', async () => {
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

it.each<[string, string]>([
  [' LTAIx', 'has white space around it'],
  ['LTAIx\n', 'has white space around it'],
  ['"LTAIx"', 'has quotes around it'],
])('refuses the access key id %j wherever it comes from', async (accessKeyId, fault) => {
  const pair = { accessKeyId, accessKeySecret: 'the-secret' };
  const whole = { ...pair, securityToken: 'the-token' };
  const answer = { AccessKeyId: accessKeyId, AccessKeySecret: 'the-secret', SecurityToken: 't' };
  const url = await oddServer(
    reply(200, {}, JSON.stringify({ ...answer, Expiration: '2999-01-01T00:00:00Z' })),
  );
  const sources: Record<string, () => unknown> = {
    pair: () => accessKey(pair),
    token: () => stsToken(whole),
    custom: () => custom(() => pair).getCredentials(),
    variable: () =>
      readFamily(GENERAL, {
        ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'the-secret',
      }),
    context: () => contextCredentials(fakeContext({ credentials: whole })),
    address: () => credentialsUri({ uri: url }).getCredentials(),
    client: () => currentCredentials(pair),
  };
  for (const [name, ask] of Object.entries(sources)) {
    const error = await Promise.resolve()
      .then(ask)
      .catch((thrown: unknown) => thrown);
    expect({ name, error }).toEqual({
      name,
      error: expect.objectContaining({
        code: 'BrokenCredentials',
        message: expect.stringContaining(fault),
      }),
    });
    expect(String(error)).not.toContain('the-secret');
  }
});

it.each([
  [{ AccessKeyId: 'a', AccessKeySecret: 'the-secret' }, 'AccessKeyId in place of accessKeyId'],
  [{ accessKeyID: 'a', accessKeySecret: 'the-secret' }, 'accessKeyID in place of accessKeyId'],
  [
    { access_key_id: 'a', access_key_secret: 'the-secret' },
    'access_key_secret in place of accessKeySecret',
  ],
  [
    { accessKeyId: 'STS.a', accessKeySecret: 'the-secret', stsToken: 'the-token' },
    'stsToken in place of securityToken',
  ],
  [
    { accessKeyId: 'STS.a', accessKeySecret: 'the-secret', Expiration: '2999' },
    'Expiration in place of expiration',
  ],
])('names the spelling that a custom credential should have: %j', async (given, message) => {
  const error = await custom(() => given as never)
    .getCredentials()
    .catch((thrown: Error) => thrown);
  expect(error).toMatchObject({
    code: 'InvalidCredentials',
    message: expect.stringContaining(message),
    remedy: 'name the fields accessKeyId, accessKeySecret, securityToken, expiration',
  });
  expect(String(error)).not.toMatch(/the-secret|the-token/);
});

it.each([
  ['accessKeyId', ['AccessKeyId', 'accessKeyID', 'access_key_id', 'accessKey', 'access_key']],
  [
    'accessKeySecret',
    ['AccessKeySecret', 'secretAccessKey', 'secretKey', 'secret', 'SecretAccessKey'],
  ],
  ['securityToken', ['SecurityToken', 'stsToken', 'sessionToken', 'token', 'security_token']],
  ['expiration', ['Expiration', 'expires', 'expireTime']],
])('recognises %s under other names: %j', async (wanted, names) => {
  const whole = { accessKeyId: 'a', accessKeySecret: 'b', securityToken: 'c', expiration: 9e15 };
  for (const name of names) {
    const { [wanted as keyof typeof whole]: value, ...rest } = whole;
    await expect(
      custom(() => ({ ...rest, [name]: value }) as never).getCredentials(),
    ).rejects.toMatchObject({
      message: expect.stringContaining(`gave ${name} in place of ${wanted}: name the fields`),
    });
  }
});

it('accepts further fields of a complete custom credential', async () => {
  const whole = { accessKeyId: 'a', accessKeySecret: 'b', AccessKeyId: 'a', type: 'sts' };
  await expect(custom(() => whole).getCredentials()).resolves.toBe(whole);
});

it('refuses a custom expiration that is not a number', async () => {
  const given = { accessKeyId: 'a', accessKeySecret: 'the-secret', expiration: '2999-01-01' };
  await expect(custom(() => given as never).getCredentials()).rejects.toMatchObject({
    code: 'InvalidCredentials',
    message: expect.stringContaining('give milliseconds since the epoch'),
  });
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

it('accepts a client of @alicloud/credentials as a provider', async () => {
  const { default: official } = await import('@alicloud/credentials');
  // As native ESM the constructor is under `.default`.
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
