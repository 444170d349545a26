import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { explain } from 'fc-kit/credentials';
import { expect, it, onTestFinished } from 'vitest';
import { formatExplanation } from '#src/credentials/explanation';
import { setupLines, systemOf } from '#src/credentials/setup';

const run = promisify(execFile);

it('prints shell lines that a shell accepts and that explain then finds', async () => {
  const lines = setupLines('oss', 'bash', true)
    ?.split('\n')
    .filter((line) => line.startsWith('export '));
  const filled = lines?.join('\n').replace(/YOUR_[A-Z_]+/g, 'value');
  const { stdout } = await run('bash', ['-c', `${filled}\nenv`], {
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
  [
    'bash',
    'linux',
    /^export ALIBABA_CLOUD_ACCESS_KEY_ID='YOUR_ACCESS_KEY_ID'$/m,
    />> ~\/\.bashrc;/,
  ],
  ['bash', 'linux', /^export /m, /sudo tee -a \/etc\/profile > /],
  ['bash', 'macos', /^export /m, />> ~\/\.bash_profile;/],
  ['zsh', 'macos', /^export /m, />> ~\/\.zprofile;/],
  [
    'cmd',
    'windows',
    /^set ALIBABA_CLOUD_ACCESS_KEY_ID=YOUR_ACCESS_KEY_ID$/m,
    /setx ALIBABA_CLOUD_ACCESS_KEY_SECRET /m,
  ],
  ['cmd', 'windows', /^set /m, /^rem In the window: .*sysdm\.cpl.*Environment Variables/m],
  ['cmd', 'windows', /^set /m, /setx ALIBABA_CLOUD_ACCESS_KEY_SECRET "!value!" \/m"$/m],
  [
    'powershell',
    'windows',
    /^\$env:ALIBABA_CLOUD_ACCESS_KEY_ID = "YOUR_ACCESS_KEY_ID"$/m,
    /EnvironmentVariableTarget\]::User\)$/m,
  ],
  ['powershell', 'windows', /^\$env:/m, /EnvironmentVariableTarget\]::Machine\)$/m],
  ['powershell', 'windows', /^\$env:/m, /^# In the window: .*sysdm\.cpl.*Environment Variables/m],
] as const)(
  'has the lines of %s on %s for this session and to keep',
  (shell, system, session, keep) => {
    expect(setupLines('smq', shell, false, system)).toMatch(session);
    expect(setupLines('smq', shell, false, system)).toMatch(keep);
  },
);

it.each([
  ['bash', '.bashrc', 'linux'],
  ['bash', '.bash_profile', 'macos'],
  ['zsh', '.zprofile', 'macos'],
] as const)(
  'keeps what is typed, in %s in ~/%s, and shows no secret',
  async (shell, file, system) => {
    const home = await mkdtemp(join(tmpdir(), 'home-'));
    onTestFinished(() => rm(home, { recursive: true }));
    const lines = setupLines('oss', shell, false, system)?.split('\n') ?? [];
    const keep = lines.filter((line) => line.includes(`>> ~/${file};`)).join('\n');
    const secret = `it's a "$(secret)" & more`;
    // bash instead of zsh if there is none: `read -rs` and `%q` are the same in both.
    const kept = run('bash', ['-c', keep], { env: { PATH: process.env.PATH, HOME: home } });
    kept.child.stdin?.end(`the-id\n${secret}\n`);
    expect((await kept).stdout).not.toContain('secret)');
    const { stdout } = await run(
      'bash',
      [
        '-c',
        `source "$HOME/${file}"; printf '%s|%s' "$OSS_ACCESS_KEY_ID" "$OSS_ACCESS_KEY_SECRET"`,
      ],
      { env: { PATH: process.env.PATH, HOME: home } },
    );
    expect(stdout).toBe(`the-id|${secret}`);
  },
);

it('has no placeholder of a secret in a line that keeps it: what is pasted there would stay in the history', () => {
  for (const [shell, system] of [
    ['bash', 'linux'],
    ['zsh', 'macos'],
    ['cmd', 'windows'],
    ['powershell', 'windows'],
  ] as const) {
    const [, keep = ''] = setupLines('oss', shell, false, system)?.split('To keep') ?? [];
    expect(keep).toContain('OSS_ACCESS_KEY_SECRET');
    expect(keep).not.toContain('YOUR_');
  }
});

it('has the endpoint of SMQ in each of its forms, and only names that explain recognises', () => {
  const lines = setupLines('smq', 'bash', false) ?? '';
  expect(lines).toMatch(
    /^export SMQ_ENDPOINT='https:\/\/YOUR_ACCOUNT_ID\.mns\.YOUR_REGION\.aliyuncs\.com'$/m,
  );
  for (const form of [
    '.mns.YOUR_REGION.aliyuncs.com',
    '-internal.aliyuncs.com',
    '-internal-vpc.aliyuncs.com',
  ])
    expect(lines).toContain(form);
  expect(setupLines('oss', 'bash', false)).not.toContain('ENDPOINT');
});

it('says how to get a temporary credential and why it is not kept, and has no steps for a temporary pair of mPaaS', () => {
  const lines = setupLines('smq', 'bash', true) ?? '';
  expect(lines).not.toContain('.bashrc');
  expect(lines).toMatch(/AliyunSTSAssumeRoleAccess[\s\S]*aliyun sts AssumeRole --RoleArn/);
  expect(lines).toMatch(/^# Not to keep: a temporary credential expires/m);
  expect(setupLines('mpaas', 'bash', true)).toBeUndefined();
});

it.each([
  ['darwin', 'macos'],
  ['win32', 'windows'],
  ['linux', 'linux'],
  ['freebsd', 'linux'],
] as const)('takes %s for %s', (platform, system) => {
  expect(systemOf(platform)).toBe(system);
});

it.each([
  '<your-access-key-id>',
  'YOUR_ACCESS_KEY_ID',
  'LTA****',
  '%OSS_ACCESS_KEY_ID%',
  '$OSS_ACCESS_KEY_ID',
  '<yourAccessKeyId>',
  'yourAccessKeyId',
  'your-access-key-id',
  'LTAI5t***',
])('explains that %s was pasted unchanged', (placeholder) => {
  const env = { OSS_ACCESS_KEY_ID: placeholder, OSS_ACCESS_KEY_SECRET: 'secret' };
  expect(formatExplanation(explain('oss', { env }))).toMatch(
    /OSS_ACCESS_KEY_ID +broken +OSS_ACCESS_KEY_ID holds a placeholder: put your own value/,
  );
});

it('finds each placeholder that setup prints, once it is pasted', () => {
  for (const [service, temporary] of [
    ['smq', false],
    ['smq', true],
    ['oss', false],
    ['oss', true],
    ['mpaas', false],
  ] as const) {
    const lines = setupLines(service, 'bash', temporary) ?? '';
    const pasted = [...lines.matchAll(/^export (\w+)='([^']*)'$/gm)].filter(
      ([, name]) => name !== 'SMQ_ENDPOINT',
    );
    const good: NodeJS.ProcessEnv = Object.fromEntries(
      pasted.map(([, name]) => [name, name === 'RAM_ROLE_ARN' ? 'acs:ram::1:role/r' : 'value']),
    );
    expect(explain(service, { env: good }).method).toBeDefined();
    for (const [, name = '', placeholder] of pasted)
      expect(explain(service, { env: { ...good, [name]: placeholder } }).method).toBeUndefined();
  }
});

it('never prints a secret in a line that verifies', () => {
  for (const shell of ['bash', 'zsh', 'cmd', 'powershell'] as const) {
    const lines = setupLines('oss', shell, true)?.split('\n') ?? [];
    const printing = lines.filter((line) => /^(echo [$%]|\$env:\w+$)/.test(line));
    expect(printing.join()).toMatch(/OSS_ACCESS_KEY_ID/);
    expect(printing.join()).not.toMatch(/SECRET|TOKEN/);
  }
});

it('says in the table what is to be corrected first', () => {
  const table = formatExplanation(explain('oss', { env: { OSS_ACCESS_KEY_ID: 'x' } }));
  expect(table).toMatch(/oss has no credential: correct OSS_ACCESS_KEY_ID first$/);
});
