import { expect, it } from 'vitest';
import { parseXml } from '#src/xml/parse';
import { folderOf } from '#test/temporary-folder';
import { command } from './command.ts';
import { PROJECT, up } from './running.ts';

const description = (svg: string) => /<desc[^>]*>(.*?)<\/desc>/s.exec(svg)?.[1] ?? '';

it('map draws what s.yaml declares where no cloud runs, and says so', async () => {
  const { code, stdout, stderr } = await command(['map'], { cwd: folderOf(PROJECT) }).ended;
  expect([code, stderr]).toEqual([0, 'drawn as s.yaml declares it, without counts\n']);
  expect(parseXml(Buffer.from(stdout)).name).toBe('svg');
  expect(description(stdout)).toBe(
    'http /web/ → function web (GET). timer daily → function job (@every 24h)',
  );
  expect(stdout).not.toMatch(/href|runs/);
});

it('map draws the cloud on the data folder, with counts and links to its console', async () => {
  const cwd = folderOf(PROJECT);
  const { ready, text } = await up(cwd);
  await text();
  const { code, stdout, stderr } = await command(['map'], { cwd }).ended;
  expect([code, stderr]).toEqual([0, `drawn as it is at ${ready.console}\n`]);
  expect(stdout).toContain('function web: 1 run<');
  expect(stdout).toContain(`href="${ready.console}/functions/web"`);
  const declared = await command(['map', '--declared'], { cwd }).ended;
  expect(declared.stdout).not.toContain('1 run');
});

it('map draws the cloud that FUNCTION_ENDPOINT names', async () => {
  const { ready } = await up(folderOf(PROJECT), '--memory');
  const env = { FUNCTION_ENDPOINT: `${ready.fc}/` };
  const { stderr, stdout } = await command(['map'], { env }).ended;
  expect(stderr).toBe(`drawn as it is at ${ready.console}\n`);
  expect(stdout).toContain('function web: 0 runs<');
});

it.each([
  [['map'], { FUNCTION_ENDPOINT: 'http://127.0.0.1:1' }, 1, /Nothing answers at http:\/\/127/],
  [['map', '--console', 'http://127.0.0.1:1'], {}, 1, /start the cloud with fc-local/],
  [['map'], { FUNCTION_ENDPOINT: 'localhost' }, 2, /FUNCTION_ENDPOINT is "localhost"/],
  [['map', '--console', 'tcp://x'], {}, 2, /give http:\/\/<host>:<port>/],
  [['map', '--console', 'http://127.0.0.1:1', '--declared'], {}, 2, /give one/],
  [['map', '--declared'], {}, 1, /s\.yaml/],
])('%j in %j fails with a line that says why', async (args, env, code, reason) => {
  const ended = await command(args, { env, cwd: folderOf() }).ended;
  expect([ended.code, ended.stdout]).toEqual([code, '']);
  expect(ended.stderr).toMatch(reason);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
});
