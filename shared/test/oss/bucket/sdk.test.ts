import { expect, it, vi } from 'vitest';
import { sdk } from '#src/oss/bucket/sdk';

it('loads ali-oss when it is first used, and again after that failed: in a package it is a file', async () => {
  vi.doMock('ali-oss', () => {
    throw new Error('too many open files');
  });
  await expect(sdk()).rejects.toThrow();
  vi.doUnmock('ali-oss');
  const Client = await sdk();
  expect(Client).toBeTypeOf('function');
  expect(await sdk()).toBe(Client);
});
