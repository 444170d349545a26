import { expect, it, onTestFinished, vi } from 'vitest';
import { invocationCredentials } from '#src/credentials/invocation-credentials';
import { fakeContext } from '#test/fake-context';
import { OSS } from './variables.ts';

const contextOf = (id: string) =>
  fakeContext({
    credentials: { accessKeyId: id, accessKeySecret: 'the-secret', securityToken: 'the-token' },
  });

it('keeps a provider while the context’s credential is the same, and none of another', async () => {
  const first = invocationCredentials('oss', contextOf('STS.first'));
  expect((await first.getCredentials()).accessKeyId).toBe('STS.first');
  expect(invocationCredentials('oss', contextOf('STS.first'))).toBe(first);
  const second = invocationCredentials('oss', contextOf('STS.second'));
  expect((await second.getCredentials()).accessKeyId).toBe('STS.second');
  expect(invocationCredentials('oss', contextOf('STS.first'))).not.toBe(first);
});

it('keeps one for each service, region and session', () => {
  const context = contextOf('STS.third');
  const made = [
    invocationCredentials('oss', context),
    invocationCredentials('smq', context),
    invocationCredentials('oss', { ...context, region: 'cn-beijing' }),
    invocationCredentials('oss', context, { sessionName: 'a' }),
  ];
  expect(new Set(made).size).toBe(4);
});

it('takes the variables where the function has no role, and keeps what it made of them', async () => {
  for (const [name, value] of Object.entries(OSS)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { credentials: _, ...context } = contextOf('STS.none');
  const provider = invocationCredentials('oss', context);
  expect((await provider.getCredentials()).accessKeyId).toBe('oss-id');
  expect(invocationCredentials('oss', context)).toBe(provider);
});
