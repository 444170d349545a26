import type { LocalCloudHooks, LogLine } from 'fc-local';
import { expect, it } from 'vitest';
import { localCloud } from '#test/local-cloud';
import { anOrder } from '#test/orders';

/** Runs everything so that it fails, and returns the whole output with every secret that was given out. */
async function runOf(spoil: NonNullable<LocalCloudHooks['tamper']>) {
  const lines: LogLine[] = [];
  const secrets: string[] = [];
  const answers: string[] = [];
  const cloud = await localCloud({
    onLog: (line) => lines.push(line),
    tamper(issued) {
      secrets.push(issued.accessKeySecret, issued.securityToken);
      return spoil(issued);
    },
  });
  const call = async (name: string, path: string, init: RequestInit) => {
    const response = await fetch(`${cloud.function(name).url}${path}`, init);
    answers.push(await response.text(), JSON.stringify([...response.headers]));
  };
  for (const body of [JSON.stringify(anOrder()), 'no json', JSON.stringify({ token: 'x' })])
    await call('topic-publisher', '', { method: 'POST', body });
  await call('oss-uploader', 'a.txt', { method: 'PUT', body: 'text' });
  await call('oss-uploader', '..%2Fa', { method: 'PUT', body: 'text' });
  const tick = await cloud.function('queue-consumer').fireTimer();
  answers.push(tick?.body.toString() ?? '');
  return { output: [...lines.map(({ text }) => text), ...answers].join('\n'), secrets };
}

it.each<[string, NonNullable<LocalCloudHooks['tamper']>]>([
  ['succeeds', (issued) => issued],
  [
    'has a wrong secret',
    (issued) => ({ ...issued, accessKeySecret: `${issued.accessKeySecret}X` }),
  ],
  ['has another token', (issued) => ({ ...issued, securityToken: `${issued.securityToken}X` })],
  ['has no token', ({ accessKeyId, accessKeySecret }) => ({ accessKeyId, accessKeySecret })],
])('prints no secret anywhere in a run that %s', async (_, spoil) => {
  const { output, secrets } = await runOf(spoil);
  expect(secrets.length).toBeGreaterThan(6);
  expect(output).toMatch(/"requestId":/);
  for (const secret of secrets) {
    expect(output).not.toContain(secret);
    expect(output).not.toContain(encodeURIComponent(secret));
    expect(output).not.toContain(Buffer.from(secret).toString('base64'));
  }
});
