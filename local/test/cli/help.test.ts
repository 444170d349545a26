import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { folderOf } from '#test/temporary-folder';
import { command } from './command.ts';

/** Returns the commands that a help lists. */
function commandsIn(help: string): string[] {
  const list = help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '';
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name);
}

it('--help of every command, wherever it is on the line, prints its usage and runs nothing', async () => {
  const listed = commandsIn((await command(['--help']).ended).stdout);
  const names = listed.filter((name) => name !== 'help');
  expect(names).toEqual(expect.arrayContaining(['start', 'env', 'invoke', 'logs', 'repair']));
  const cwd = folderOf({});
  for (const name of names) {
    const whole = await command([name, '--help'], { cwd }).ended;
    expect(whole).toEqual({
      code: 0,
      stdout: expect.stringMatching(`^Usage: fc-local ${name}[ \\n]`),
      stderr: '',
    });
    for (const args of [
      ['help', name],
      [name, '-h'],
      [name, 'one', '--help'],
      [name, '--data', 'somewhere', '--help'],
    ])
      expect([args, await command(args, { cwd }).ended]).toEqual([args, whole]);
  }
  expect(readdirSync(cwd)).toEqual([]);
});
