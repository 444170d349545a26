import { expect, it } from 'vitest';
import { HIDDEN, shownVariable, withoutSecrets } from '#local/console/secrets';

it.each(['OSS_ACCESS_KEY_SECRET', 'DB_PASSWORD', 'API_KEY', 'githubToken', 'PRIVATE_KEY'])(
  'hides the value of %s',
  (name) => {
    expect(shownVariable(name, 'abc')).toBe(HIDDEN);
  },
);

it('shows other variables, without the password in an address', () => {
  expect(shownVariable('QUEUE_NAME', 'orders')).toBe('orders');
  expect(shownVariable('SMQ_ENDPOINT', 'http://127.0.0.1:6801')).toBe('http://127.0.0.1:6801');
  expect(shownVariable('REDIS', 'redis://me:pa55@db:1/0')).toBe(`redis://me:${HIDDEN}@db:1/0`);
});

it('hides secrets in JSON, however often it is quoted', () => {
  const credential = { accessKeyId: 'id-1', accessKeySecret: 's3cret', securityToken: 't0ken' };
  const once = JSON.stringify({ credential, body: JSON.stringify({ credential }) });
  for (const text of [once, JSON.stringify(once), JSON.stringify({ credential }, null, 2)]) {
    expect(withoutSecrets(text)).not.toMatch(/s3cret|t0ken/);
    expect(withoutSecrets(text)).toContain('id-1');
  }
  expect(JSON.parse(withoutSecrets(once))).toMatchObject({
    credential: { accessKeySecret: HIDDEN },
  });
});

it('hides the token and the signature of a signed URL', () => {
  const url =
    'https://b.oss.example/k?OSSAccessKeyId=id&security-token=t0ken&Signature=s1g&Expires=1';
  expect(withoutSecrets(`"${url}"`)).toBe(
    `"https://b.oss.example/k?OSSAccessKeyId=id&security-token=${HIDDEN}&Signature=${HIDDEN}&Expires=1"`,
  );
});
