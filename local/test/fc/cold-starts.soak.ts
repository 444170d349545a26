import { expect, it } from 'vitest';
import { startFixture, writeFunction } from './fixture.ts';

it('starts 200 instances at the same moment, and each answers', async () => {
  const { runtime } = await startFixture({ instanceLimit: 200 });
  // Longer than the starts of many others, so that few instances serve twice.
  const code = `exports.handler = async () => {
    await new Promise((go) => setTimeout(go, 2000));
    return String(process.pid);
  };`;
  await runtime.deploy(writeFunction(code, { timeout: 60 }));
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, () => runtime.invoke('sample', Buffer.from('{}'))),
  );
  expect(outcomes.filter(({ errorType }) => errorType !== undefined)).toEqual([]);
  expect(new Set(outcomes.map(({ body }) => String(body))).size).toBeGreaterThan(100);
}, 300_000);
