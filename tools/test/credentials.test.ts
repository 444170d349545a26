import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { explain } from 'fc-kit/credentials';
import { expect, it } from 'vitest';
import { formatExplanation } from '#src/credentials/explanation';
import { setupLines } from '#src/credentials/setup';

const run = promisify(execFile);

it('prints shell lines that a shell accepts and that explain then finds', async () => {
  const lines = setupLines('oss', 'bash', true)
    ?.split('\n')
    .filter((line) => line.startsWith('export '));
  const { stdout } = await run('bash', ['-c', `${lines?.join('\n')}\nenv`], {
    env: { PATH: process.env.PATH },
  });
  const env = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s)),
  );
  expect(explain('oss', { env }).method).toBe('STS token');
});

it.each([
  ['bash', /^export ALIBABA_CLOUD_ACCESS_KEY_ID='YOUR_ACCESS_KEY_ID'$/m, />> ~\/\.bashrc$/m],
  [
    'cmd',
    /^set ALIBABA_CLOUD_ACCESS_KEY_ID=YOUR_ACCESS_KEY_ID$/m,
    /^setx ALIBABA_CLOUD_ACCESS_KEY_SECRET "YOUR_ACCESS_KEY_SECRET"$/m,
  ],
  [
    'powershell',
    /^\$env:ALIBABA_CLOUD_ACCESS_KEY_ID = "YOUR_ACCESS_KEY_ID"$/m,
    /EnvironmentVariableTarget\]::User\)$/m,
  ],
] as const)('has the lines of %s for this session and to keep', (shell, session, keep) => {
  expect(setupLines('smq', shell, false)).toMatch(session);
  expect(setupLines('smq', shell, false)).toMatch(keep);
});

it('gives no lines to keep a temporary credential, and none for a temporary pair of mPaaS', () => {
  expect(setupLines('smq', 'bash', true)).not.toContain('.bashrc');
  expect(setupLines('mpaas', 'bash', true)).toBeUndefined();
});

it('never prints a secret in a line that verifies', () => {
  for (const shell of ['bash', 'cmd', 'powershell'] as const) {
    const lines = setupLines('oss', shell, true)?.split('\n') ?? [];
    const printing = lines.filter((line) => /^(echo [$%]|\$env:\w+$)/.test(line));
    expect(printing.join()).toMatch(/OSS_ACCESS_KEY_ID/);
    expect(printing.join()).not.toMatch(/SECRET|TOKEN/);
  }
});

it('tells in the table what is to be corrected first', () => {
  const table = formatExplanation(explain('oss', { env: { OSS_ACCESS_KEY_ID: 'x' } }));
  expect(table).toMatch(/oss has no credential: correct OSS_ACCESS_KEY_ID first$/);
});
