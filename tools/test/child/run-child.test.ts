import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from 'fc-local/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runChild } from '#src/child/run-child';
import { previewOf } from '#src/deploy-tool/preview';
import { runDeployTool } from '#src/deploy-tool/run-deploy-tool';
import { recordedProject } from '#test/recording/project';

const BIN = fileURLToPath(new URL('../../bin/fc-templates.js', import.meta.url));

/** Never returns to the event loop, like an endless loop, but leaves the processor to other tests. */
const HANGS = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';

/** Writes its pid and that of a process it has started, then hangs without end, as that does. */
const BOTH_HANG = `
const { spawn } = require('node:child_process');
const { writeFileSync, renameSync } = require('node:fs');
const other = spawn(process.execPath, ['-e', '${HANGS}'], { stdio: 'ignore' });
writeFileSync('pids.new', process.pid + ' ' + other.pid);
renameSync('pids.new', 'pids');
${HANGS}
`;

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    // A zombie no longer counts as a process, and is not reaped here.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

async function folder(files: Record<string, string>): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'child-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(made, name), text);
  return made;
}

const collected = () => {
  const texts: string[] = [];
  return { texts, to: { stdout: output(texts), stderr: output(texts) } };
};
const output = (texts: string[]) => ({ write: (text: string) => texts.push(text) });

async function pidsIn(cwd: string): Promise<number[]> {
  await until(() => existsSync(join(cwd, 'pids')));
  const pids = readFileSync(join(cwd, 'pids'), 'utf8').split(' ').map(Number);
  onTestFinished(() => {
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return pids;
}

describe('a child', () => {
  it('passes on its lines and its exit code', async () => {
    const cwd = await folder({
      'a.cjs': 'console.log("out"); console.error("err"); process.exit(7)',
    });
    const { texts, to } = collected();
    const end = await runChild(['a.cjs'], { cwd, env: process.env, limitMs: 60_000, to });
    expect(end).toEqual({ code: 7, late: false });
    expect(texts.sort()).toEqual(['err\n', 'out\n']);
  });

  it('does not find the watcher among its variables and arguments, nor do its own children', async () => {
    const shown = 'JSON.stringify([process.env.FC_TEMPLATES_PARENT, process.argv.length])';
    const cwd = await folder({
      'a.cjs': `console.log(${shown}); require('node:child_process').fork('b.cjs').on('exit', (code) => process.exit(code))`,
      'b.cjs': `console.log(${shown}); setTimeout(() => process.exit(3), 1500)`,
    });
    const { texts, to } = collected();
    const end = await runChild(['a.cjs'], { cwd, env: process.env, limitMs: 60_000, to });
    expect(texts.join('')).toBe('[null,2]\n[null,2]\n');
    expect(end.code).toBe(3);
  });

  it('ends at its time limit with what it has started, though it hangs', async () => {
    const cwd = await folder({ 'a.cjs': BOTH_HANG });
    const { to } = collected();
    const ended = runChild(['a.cjs'], { cwd, env: process.env, limitMs: 3000, to });
    const pids = await pidsIn(cwd);
    expect(await ended).toEqual({ code: null, late: true });
    await until(() => !pids.some(isAlive));
  });

  it('is reported while it is silent', async () => {
    const cwd = await folder({ 'a.cjs': 'setTimeout(() => {}, 10 * 60_000)' });
    const { to } = collected();
    const said: number[] = [];
    const ended = runChild(['a.cjs'], {
      cwd,
      env: process.env,
      limitMs: 2000,
      to,
      silenceMs: 50,
      onSilence: (seconds) => said.push(seconds),
    });
    await ended;
    expect(said.slice(0, 2)).toEqual([0.05, 0.1]);
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'ends with its parent, which %s ends, with what it has started, though it hangs',
    async (signal) => {
      const project = await recordedProject();
      const tool = join(project, 'node_modules', '@serverless-devs', 's', 'bin', 's');
      await writeFile(tool, BOTH_HANG);
      const parent = spawn(process.execPath, [BIN, 'preview', '--debug'], {
        cwd: project,
        env: { PATH: process.env.PATH, HOME: project },
        stdio: 'ignore',
      });
      onTestFinished(() => void parent.kill('SIGKILL'));
      const pids = await pidsIn(project);
      parent.kill(signal);
      await until(() => !pids.some(isAlive));
    },
  );
});

describe('the deploy tool', () => {
  it('is not started if it could not write to its folder, which would make it hang silently', async () => {
    const project = await recordedProject();
    const env = { PATH: process.env.PATH, HOME: join(project, 's.yaml') };
    const refused = previewOf(project, undefined, env);
    await expect(refused).rejects.toMatchObject({
      code: 'NoToolHome',
      message: expect.stringMatching(/s\.yaml\/\.s, which cannot be written \(ENOTDIR\)$/),
      remedy: 'set serverless_devs_config_home to a folder that can be',
    });
    const other = { ...env, serverless_devs_config_home: project };
    expect(Object.keys((await previewOf(project, undefined, other)).resources)).toEqual([
      'infra',
      'taker',
      'teller',
    ]);
  });

  it('that is not done in time is reported as ended', async () => {
    const project = await recordedProject();
    const tool = join(project, 'node_modules', '@serverless-devs', 's', 'bin', 's');
    await writeFile(tool, HANGS);
    const env = { PATH: process.env.PATH, HOME: project };
    const ran = await runDeployTool(project, 'preview', ['preview'], { env, limitMs: 500 });
    expect(ran).toMatchObject({ code: null, late: true });
  });
});
