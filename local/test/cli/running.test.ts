import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startLocalCloud } from '#src/main';
import { folderOf } from '#test/temporary-folder';
import { writeProject } from '#test/testing/write-project';
import { command } from './command.ts';

const ECHO = `exports.handler = async (event) => {
  console.log('saw ' + event); return event; };`;

/**
 * Starts a cloud on a free port that runs `echo`; `folder` has no project, and its data folder is
 * the cloud's.
 */
async function running(data = '.local') {
  const folder = folderOf({});
  const cloud = await startLocalCloud({ project: writeProject(ECHO), data: join(folder, data) });
  onTestFinished(() => cloud.close());
  return { cloud, folder };
}

const EVENT = { function: 'echo', at: '', event: { text: 'again' }, answer: { text: 'again' } };

/** Runs each command that asks a running cloud, and returns its output. */
async function askedIn(cwd: string, env: NodeJS.ProcessEnv, ...more: string[]): Promise<string[]> {
  writeFileSync(join(cwd, 'one.json'), JSON.stringify(EVENT));
  const recording = command(['record', 'echo', '--count', '1', ...more], { cwd, env });
  await recording.line(/Recording echo/);
  const stdin = Buffer.from('hello');
  const ends = [
    await command(['invoke', 'echo', '--event', '-', ...more], { cwd, env, stdin }).ended,
    await command(['replay', 'one.json', ...more], { cwd, env }).ended,
    await command(['logs', 'echo', ...more], { cwd, env }).ended,
    await recording.ended,
  ];
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  return ends.map(({ stdout }) => stdout);
}

it('invoke, replay, logs and record find the cloud by the data folder of the folder they run in', async () => {
  const { folder } = await running();
  const [invoked, replayed, logged] = await askedIn(folder, {});
  expect([invoked, replayed]).toEqual(['hello\n', 'again\n']);
  expect(logged).toContain('saw hello');
  expect(readdirSync(join(folder, 'test/fixtures/recorded'))).toHaveLength(1);
});

it('invoke, replay, logs and record find the cloud by FUNCTION_ENDPOINT, whatever folder they run in', async () => {
  const { cloud } = await running();
  const [invoked] = await askedIn(folderOf({}), { FUNCTION_ENDPOINT: cloud.fc?.url });
  expect(invoked).toBe('hello\n');
});

it('invoke, replay, logs and record take the data folder that is given rather than FUNCTION_ENDPOINT', async () => {
  const { folder } = await running('elsewhere');
  const env = { FUNCTION_ENDPOINT: 'http://127.0.0.1:1' };
  const [invoked] = await askedIn(folder, env, '--data', 'elsewhere');
  expect(invoked).toBe('hello\n');
});

it('invoke says where it looked when no cloud runs there', async () => {
  const folder = folderOf({});
  mkdirSync(join(folder, '.local'));
  const addresses = { FUNCTION_ENDPOINT: 'http://127.0.0.1:1' };
  writeFileSync(join(folder, '.local/addresses.json'), JSON.stringify(addresses));
  const { code, stderr } = await command(['invoke', 'echo'], { cwd: folder }).ended;
  expect([code, stderr]).toEqual([
    1,
    'error: Nothing answers at http://127.0.0.1:1: start the cloud with fc-local, or give --endpoint\n',
  ]);
});

it('logs says that there is nothing, of a function and of a request', async () => {
  const { cloud, folder } = await running();
  const none = await command(['logs', 'echo'], { cwd: folder }).ended;
  expect(none).toEqual({
    code: 0,
    stdout: '',
    stderr: 'echo has printed nothing that is kept\n',
  });
  await cloud.fc?.invoke('echo', Buffer.from('hello'));
  const other = await command(['logs', 'echo', '--request', 'r1'], { cwd: folder }).ended;
  expect([other.stdout, other.stderr]).toEqual([
    '',
    'echo has printed nothing of request r1 that is kept\n',
  ]);
});

it('logs --follow prints the stored and the new lines of one function, until the cloud stops', async () => {
  const { cloud, folder } = await running();
  const followed = command(['logs', 'echo', '--follow'], { cwd: folder });
  await followed.line(/has printed nothing that is kept; waiting for it/);
  await cloud.fc?.invoke('echo', Buffer.from('first'));
  await followed.line(/saw first/);
  const late = command(['logs', 'echo', '-f'], { cwd: folder });
  await late.line(/saw first/);
  await cloud.fc?.invoke('echo', Buffer.from('second'));
  await Promise.all([followed.line(/saw second/), late.line(/saw second/)]);
  await cloud.close();
  const { code, stdout, stderr } = await followed.ended;
  expect([code, stderr.split('\n').at(-2)]).toEqual([
    1,
    `error: The cloud at ${cloud.fc?.url} has stopped`,
  ]);
  expect(stdout.match(/saw/g)).toHaveLength(2);
});

it('logs --follow of one request leaves out the others', async () => {
  const { cloud, folder } = await running();
  const followed = command(['logs', 'echo', '-f', '--request', 'r2'], { cwd: folder });
  await followed.line(/nothing of request r2/);
  await cloud.fc?.invoke('echo', Buffer.from('first'), { requestId: 'r1' });
  await cloud.fc?.invoke('echo', Buffer.from('second'), { requestId: 'r2' });
  await followed.line(/saw second/);
  await cloud.close();
  expect((await followed.ended).stdout).not.toContain('first');
});
