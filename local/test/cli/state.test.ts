import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { close, listen } from '#src/http/listen';
import { folderOf } from '#test/temporary-folder';
import { command } from './command.ts';
import { PROJECT, up } from './running.ts';

async function send(consoleUrl: string, queue: string, body: string): Promise<void> {
  await fetch(`${consoleUrl}/queues/${queue}/send`, {
    method: 'POST',
    headers: { origin: consoleUrl },
    body: new URLSearchParams({ body }),
    redirect: 'manual',
  });
}

it('export and import carry the state of one running cloud to another', async () => {
  const [from, to] = [folderOf(PROJECT), folderOf(PROJECT)];
  const first = await up(from, '--queue', 'orders');
  await send(first.ready.console ?? '', 'orders', '{"token":"s3cr3t","id":1}');
  const exported = await command(['export', '-o', 'state.ndjson'], { cwd: from }).ended;
  expect(exported).toEqual({
    code: 0,
    stdout: '',
    stderr:
      'exported; what is named like a secret was left out of 1 of its messages and objects (--keep-secrets)\n',
  });
  const second = await up(to, '--queue', 'orders');
  const file = join(from, 'state.ndjson');
  const imported = await command(['import', file], { cwd: to }).ended;
  expect([imported.code, imported.stderr]).toEqual([0, '']);
  expect(imported.stdout).toMatch(/^Imported 1 queue, .*1 message, .*left out\n$/);
  const page = await (await fetch(`${second.ready.console}/queues/orders`)).text();
  expect(page).toContain('(hidden)');
  expect(page).not.toContain('s3cr3t');

  const kept = await command(['export', '--keep-secrets'], { cwd: from }).ended;
  expect(kept.stdout).toContain('s3cr3t');
  const env = { FUNCTION_ENDPOINT: second.ready.fc };
  const piped = await command(['import', '-'], { env, stdin: Buffer.from(kept.stdout) }).ended;
  expect([piped.code, piped.stderr]).toEqual([0, '']);

  writeFileSync(file, readFileSync(file, 'utf8').replace('\\"id', '\\"iD'));
  const damaged = await command(['import', file], { cwd: to }).ended;
  expect([damaged.code, damaged.stdout]).toEqual([1, '']);
  expect(damaged.stderr).toMatch(/^error: http:\S+: 400 .*changed or damaged.*\n$/);
});

it.each([
  [['export', '--console', 'http://127.0.0.1:1'], /Nothing answers at http:\/\/127\.0\.0\.1:1/],
  [['import', '.', '--console', 'http://127.0.0.1:1'], /Cannot read .*: it is a folder/],
  [['export', '--data', 'none'], /No cloud with a console runs on "none"/],
  [['import', '-', '--data', 'none'], /No cloud with a console runs on "none"/],
  [['import', 'none.ndjson', '--console', 'http://127.0.0.1:1'], /Cannot read "\/none\.ndjson"/],
])('%j fails with one line', async (args, reason) => {
  const { code, stdout, stderr } = await command(args).ended;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(reason);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

it('import takes the data folder that is given before FUNCTION_ENDPOINT', async () => {
  const [one, other] = [folderOf(PROJECT), folderOf(PROJECT)];
  const first = await up(one, '--queue', 'orders');
  const second = await up(other, '--queue', 'orders');
  for (const { ready } of [first, second]) await send(ready.console ?? '', 'orders', 'mine');
  const env = { FUNCTION_ENDPOINT: first.ready.fc };
  const empty = await command(['export', '--data', join(other, '.local')], { env }).ended;
  expect([empty.code, empty.stderr]).toEqual([0, expect.stringMatching(/^exported/)]);
  await send(second.ready.console ?? '', 'orders', 'later');
  const args = ['import', '-', '--data', join(other, '.local')];
  const { code } = await command(args, { env, stdin: Buffer.from(empty.stdout) }).ended;
  expect(code).toBe(0);
  const pageOf = async ({ ready }: typeof first) =>
    (await fetch(`${ready.console}/queues/orders`)).text();
  expect(await pageOf(second)).not.toContain('later');
  expect(await pageOf(first)).toContain('mine');
});

/** Writes what a cloud leaves that is killed, with the console of another that has its port since. */
function leftBehind(console: string | undefined, pid: number): string {
  const addresses = {
    CONSOLE_ENDPOINT: console,
    CLOUD_ID: 'of-the-killed',
    CLOUD_PROCESS: `${pid}`,
  };
  return folderOf({ '.local/addresses.json': JSON.stringify(addresses) });
}

it('import and export leave another cloud alone that has the port of one that was killed', async () => {
  const { ready } = await up(folderOf(PROJECT), '--queue', 'orders');
  await send(ready.console ?? '', 'orders', 'mine');
  const ended = spawnSync(process.execPath, ['--version']).pid;
  for (const [pid, reason] of [
    [ended, 'error: The cloud on ".local" was killed and runs no more: start it again,'],
    [process.pid, 'error: Not the cloud on ".local" but something else answers at http:'],
  ] as const)
    for (const args of [['import', '-'], ['export'], ['import', '-', '--data', '.local']]) {
      const cwd = leftBehind(ready.console, pid);
      const { code, stderr } = await command(args, { cwd, stdin: Buffer.from('x') }).ended;
      expect([code, stderr.slice(0, reason.length)]).toEqual([1, reason]);
    }
  expect(await (await fetch(`${ready.console}/queues/orders`)).text()).toContain('mine');
});

it.each([[['export']], [['import', '-']], [['export', '--data', '.local']]])(
  '%j asks no other cloud when that of the folder runs without a console',
  async (args) => {
    const addresses = { SMQ_ENDPOINT: 'http://127.0.0.1:1', CLOUD_PROCESS: `${process.pid}` };
    const cwd = folderOf({ '.local/addresses.json': JSON.stringify(addresses) });
    const { code, stderr } = await command(args, { cwd, stdin: Buffer.from('x') }).ended;
    const reason = 'error: The cloud on ".local" has no console: start it with fc-local,';
    expect([code, stderr.slice(0, reason.length)]).toEqual([1, reason]);
  },
);

it('export that ends early leaves the file that was there', async () => {
  const cwd = folderOf({ 'state.ndjson': 'of yesterday' });
  const server = createServer((_, response) => {
    response.writeHead(200);
    response.write('{"format":', () => response.destroy());
  });
  const port = await listen(server, '127.0.0.1', 0);
  onTestFinished(() => close(server));
  const args = ['export', '-o', 'state.ndjson', '--console', `http://127.0.0.1:${port}`];
  const { code, stderr } = await command(args, { cwd }).ended;
  expect([code, stderr]).toEqual([1, expect.stringContaining('The export ended early')]);
  expect(readdirSync(cwd)).toEqual(['state.ndjson']);
  expect(readFileSync(join(cwd, 'state.ndjson'), 'utf8')).toBe('of yesterday');
});
