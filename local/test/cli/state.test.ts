import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
  [['import', 'none.ndjson', '--console', 'http://127.0.0.1:1'], /Cannot read "\/none\.ndjson"/],
])('%j fails with one line', async (args, reason) => {
  const { code, stdout, stderr } = await command(args).ended;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(reason);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
