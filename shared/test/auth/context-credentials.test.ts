import { expect, it } from 'vitest';
import { contextCredentials, contextLocation } from '#src/auth/context-credentials';
import { fakeContext } from '#test/fake-context';

const whole = { accessKeyId: 'STS.id', accessKeySecret: 'secret', securityToken: 'token' };

it('returns all three values of the context', () => {
  expect(contextCredentials(fakeContext({ credentials: whole }))).toEqual(whole);
});

it.each(['accessKeyId', 'accessKeySecret', 'securityToken'] as const)(
  'says that %s is missing, and no secret of the others',
  (name) => {
    const act = () => contextCredentials(fakeContext({ credentials: { ...whole, [name]: '' } }));
    expect(act).toThrow(
      expect.objectContaining({
        name: 'CredentialsError',
        code: 'MissingCredentials',
        message: expect.stringMatching(new RegExp(`^context\\.credentials\\.${name} missing`)),
      }),
    );
    expect(act).not.toThrow(/secret\b.*\btoken\b/);
  },
);

it('names the role as the remedy when the context has no credential at all', () => {
  const act = () => contextCredentials(fakeContext({ credentials: undefined }));
  expect(act).toThrow(
    /accessKeyId, .*accessKeySecret, .*securityToken missing: give the function a role/,
  );
});

it.each([
  [{ region: undefined }, /^context\.region missing/],
  [{ accountId: '' }, /^context\.accountId missing/],
  [{ region: '', accountId: undefined }, /^context\.region, context\.accountId missing/],
])('says which part of the location is missing: %j', (options, message) => {
  expect(() => contextLocation(fakeContext(options))).toThrow(message);
});
