import { readFile, stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { oidcIssuer } from '#src/identities/oidc/issuer';
import { keepTokenFile } from '#src/start/token-file';
import { until } from '#src/testing/until';
import { folderOf } from '#test/temporary-folder';

const COMMON = { issuer: oidcIssuer('ES256'), audience: 'sts.aliyuncs.com', subject: 'me' };

async function expiryIn(path: string): Promise<number> {
  const [, payload = ''] = (await readFile(path, 'utf8')).split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()).exp * 1000;
}

it('keeps a token that is valid for half an hour at any time, for its owner only', async () => {
  const clock = new DrivenClock();
  const file = await keepTokenFile({ ...COMMON, clock, folder: folderOf() });
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  const first = await expiryIn(file.path);
  expect(first).toBeGreaterThan(clock.now() + 59 * 60_000);

  await clock.advance(31 * 60_000);
  await until(async () => (await expiryIn(file.path)) > first);
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  await clock.advance(120 * 60_000);
  await until(async () => (await expiryIn(file.path)) > clock.now() + 29 * 60_000);
  await file.close();
  expect(clock.pending).toBe(0);
  await expect(stat(file.path)).rejects.toThrow('ENOENT');
});

it('takes a temporary folder without one, and removes it', async () => {
  const file = await keepTokenFile({ ...COMMON, clock: new DrivenClock(), folder: undefined });
  expect(await expiryIn(file.path)).toBeGreaterThan(0);
  await file.close();
  await expect(stat(file.path)).rejects.toThrow('ENOENT');
});
