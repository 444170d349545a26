import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloudError } from 'fc-local/project';
import { expect, it, onTestFinished } from 'vitest';
import { explain } from '#src/command-line/explain';
import { command } from '#test/process';
import { run } from '#test/run';

const SUB_COMMANDS = [
  'create',
  'start',
  'demo',
  'build',
  'check',
  'add',
  'remove',
  'preview',
  'deploy',
  'info',
  'undeploy',
  'ci',
  'smoke',
  'call',
  'logs',
  'credentials',
  'quarantine',
  'pack-template',
];

it('runs as a separate process', async () => {
  const [version, wrong] = await Promise.all([command(['--version']), command(['--nonsense'])]);
  expect(version).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  });
  expect(wrong).toEqual({
    code: 2,
    stdout: '',
    stderr: "error: unknown option '--nonsense'; --help lists what there is\n",
  });
});

it('lists its sub-commands, and the options of each, in lines that fit a terminal', async () => {
  const { stdout } = await run(['--help']);
  const listed = [...stdout.matchAll(/^ {2}([a-z-]+) .*? {2}/gm)].map(([, name]) => name);
  expect(listed).toEqual(expect.arrayContaining(SUB_COMMANDS));
  for (const name of SUB_COMMANDS) {
    const help = await run([name, '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`^Usage: fc-templates ${name} `));
    expect(help.stdout).toContain('--project <dir>');
    expect(help.stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  }
});

/** Returns the commands that a help lists. */
function commandsIn(help: string): string[] {
  const list = help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '';
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name);
}

it('--help of every command and sub-command, wherever it is on the line, prints its usage and runs nothing', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'help-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const paths: string[][] = [[]];
  for (const path of paths) {
    const whole = await run([...path, '--help'], { cwd });
    expect(whole).toEqual({
      code: 0,
      stdout: expect.stringMatching(`^Usage: fc-templates${path.map((one) => ` ${one}`).join('')}`),
      stderr: '',
    });
    const below = commandsIn(whole.stdout);
    paths.push(...below.filter((name) => name !== 'help').map((name) => [...path, name]));
    if (below.length > 0) continue;
    for (const args of [['-h'], ['one', 'two', '--help'], ['--project', 'nowhere', '--help']])
      expect([path, args, await run([...path, ...args], { cwd })]).toEqual([path, args, whole]);
  }
  expect(paths.length).toBeGreaterThan(SUB_COMMANDS.length + 2);
  expect(await readdir(cwd)).toEqual([]);
});

it.each([
  [[], 'a sub-command is missing; --help lists what there is'],
  [['quarantine'], 'a sub-command is missing; --help lists what there is'],
  [
    ['credentials', 'explane'],
    "unknown command 'explane' (Did you mean explain?); --help lists what there is",
  ],
  [
    ['credentials', 'explain'],
    "required option '--service <service>' not specified; --help lists what there is",
  ],
  [['credentials', 'explain', '--service', 'sms'], '--service is "sms"; give smq, oss, mpaas'],
  [
    ['credentials', 'setup', '--service', 'oss', '--shell', 'fish'],
    '--shell is "fish"; give bash, zsh, cmd, powershell',
  ],
  [['add'], "missing required argument 'function'; --help lists what there is"],
  [['add', 'a', 'b', '--as', 'c'], '"b" is one too many; add takes function'],
  [['start', 'now'], '"now" is one too many; start takes no arguments'],
  [
    ['build', 'nope', '--keep', 'debug'],
    /^there is no functions\/nope; there are function-invoker, /,
  ],
  [
    ['build', '--keep', 'nope'],
    '--keep is "nope", which is not left out; give the module that the error names',
  ],
  [['check', '--schema', 'nope.json'], '--schema is "nope.json"; there is no such file'],
  [
    ['pack-template', '--out', '.'],
    '--out is "."; give .template or a folder outside of the project',
  ],
  [['pack-template', '--out', '../..'], '--out is "../..", which holds the project; give another'],
])('ends with 2 and one line for %j', async (args, message) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: .*\n$/);
  const said = stderr.slice('error: '.length, -1);
  if (typeof message === 'string') expect(said).toBe(message);
  else expect(said).toMatch(message);
});

it('works on the folder that --project names, before or after the sub-command', async () => {
  const missing = /^error: There is no file .*nowhere\/s\.yaml: .*\n$/;
  for (const args of [
    ['--project', 'nowhere', 'check'],
    ['check', '--project', 'nowhere'],
  ]) {
    const { code, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(missing);
  }
});

it('explains an error that a person can fix in one line, and shows the stack of a bug', async () => {
  expect(await explain(new LocalCloudError('X', 'This fails', 'do that'))).toBe(
    'This fails: do that',
  );
  expect(await explain(new TypeError('x is not a function'))).toMatch(
    /^TypeError: x is not a function\n {4}at /,
  );
});
