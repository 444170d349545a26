import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { explain } from '#src/command-line/explain';
import { appNameFrom } from '#src/create/app-name';
import { run } from '#test/run';

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'new-user-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

const FLEET = ['--functions', 'queue-fleet'];
const create = (cwd: string, ...args: string[]) => run(['create', ...args], { cwd });

it('lists the files with a dry run, and writes none', async () => {
  const cwd = await folder();
  const { code, stdout, stderr } = await create(cwd, 'my app 名', ...FLEET, '--dry-run');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('created  .nvmrc  (1 line)\n');
  expect(stdout).toContain('created  docs/fleet.md');
  expect(await readdir(cwd)).toEqual([]);
});

it.each([
  [['there', ...FLEET], 'there is there and not empty; give another folder'],
  [['file', ...FLEET], 'file is a file; give another folder'],
  [
    ['new', '--functions', 'nope'],
    /^--functions has "nope"; give all, or some of topic-publisher,/,
  ],
  [['new', '--functions', ''], /^--functions has ""; give all/],
  [['new'], /^--functions is missing; give all/],
  [['new', ...FLEET, '--region', 'x'], '--region is "x"; give one such as cn-hangzhou'],
  [['new', ...FLEET, '--name', 'my_app'], /^--name is "my_app"; give 2 to 32/],
  [['new', ...FLEET, '--name', 'a-'], /^--name is "a-"/],
  [['new', ...FLEET, '--name', 'a'.repeat(33)], /^--name is "a+"; give 2 to 32/],
])('ends with 2 and one line for %j', async (args, message) => {
  const cwd = await folder();
  await mkdir(join(cwd, 'there/x'), { recursive: true });
  await writeFile(join(cwd, 'file'), 'mine');
  const { code, stdout, stderr } = await create(cwd, ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: .*\n$/);
  const said = stderr.slice('error: '.length, -1);
  if (typeof message === 'string') expect(said).toBe(message);
  else expect(said).toMatch(message);
  expect((await readdir(cwd)).sort()).toEqual(['file', 'there']);
});

it('says in one line that a folder cannot be made, and leaves existing files', async () => {
  const cwd = await folder();
  await writeFile(join(cwd, 'file'), 'mine');
  const { code, stdout, stderr } = await create(cwd, 'file/x', ...FLEET);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^error: .*file\/x: a part of it is a file, not a folder; .*\(ENOTDIR\)\n$/,
  );
  expect(await readFile(join(cwd, 'file'), 'utf8')).toBe('mine');
});

it.each(['EACCES', 'EROFS', 'ENOSPC'])('explains %s of a path without a stack', async (code) => {
  const refused = Object.assign(new Error(`${code}: no`), { code, path: '/a b', syscall: 'mkdir' });
  expect(await explain(refused)).toMatch(new RegExp(`^/a b: .*\\(${code}\\)$`));
});

it.each([
  ['My Shop', 'my-shop'],
  ['2024 orders', 'orders'],
  ['名', 'my-app'],
  ['x', 'my-app'],
  ['a'.repeat(40), 'a'.repeat(32)],
  [`${'a'.repeat(31)} b`, 'a'.repeat(31)],
  ['--', 'my-app'],
])('makes from the folder %j the name %j', (text, name) => {
  expect(appNameFrom(text)).toBe(name);
});
