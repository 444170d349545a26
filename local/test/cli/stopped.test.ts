import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '#src/testing/until';
import { folderOf } from '#test/temporary-folder';
import { type Compiled, compiled } from '../compiled.ts';
import { isRunning } from '../fc/fixture.ts';
import { started } from './command.ts';

const FREE_PORTS = ['smq', 'oss', 'openapi', 'fc', 'console'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

const SIGNALS = ['SIGINT', 'SIGHUP', 'SIGKILL'] as const;

/** Returns a project whose only step never ends, and writes the id of its process. */
function endless(step: string): string {
  return folderOf({
    's.yaml': `edition: 3.0.0
name: app
access: default
resources:
  a:
    component: fc3
    actions:
      pre-deploy:
        - run: ${step}
          path: ./
    props: { region: cn-hangzhou, functionName: a, runtime: nodejs20, handler: index.handler, code: ./c }
`,
    'c/index.js': 'exports.handler = async () => process.env.HOME;',
  });
}

/** Returns the command's files in its temporary folder. */
function left(tmp: string): string[] {
  return readdirSync(tmp).filter((name) => name.startsWith('fc-'));
}

const STARTS_ANOTHER = 'sleep 600 & echo $! > pid; wait';

/** The command as it is installed: start.test.ts starts it as a checkout does. */
const COMMAND = `import { main } from '#src/cli/main';
process.exitCode = await main(process.argv.slice(2));`;

let program: Compiled;
let tmp = '';
beforeAll(async () => {
  program = await compiled(COMMAND);
  tmp = mkdtempSync(join(tmpdir(), 'stopped-'));
});
afterAll(async () => {
  rmSync(tmp, { recursive: true, force: true });
  await program.remove();
});

describe.skipIf(process.platform === 'win32')('fc-local', () => {
  it.each(SIGNALS)('ends by %s while it builds, the build with it', async (signal) => {
    const cwd = endless(STARTS_ANOTHER);
    const args = [program.file, ...FREE_PORTS, '--memory'];
    const local = started(args, { cwd, env: { TMPDIR: tmp } });
    const file = join(cwd, 'pid');
    await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
    const pid = Number(readFileSync(file, 'utf8'));
    local.kill(signal);
    expect((await local.ended).code).toBe(signal === 'SIGKILL' ? null : 0);
    await until(() => !isRunning(pid));
    await until(() => left(tmp).length === 0);
  });

  it('leaves nothing in the temporary folder when its terminal is closed', async () => {
    const local = started([program.file, ...FREE_PORTS, '--memory', '--no-functions'], {
      env: { TMPDIR: tmp },
    });
    await local.line(/console/);
    expect(left(tmp)).toHaveLength(1);
    local.kill('SIGHUP');
    expect((await local.ended).code).toBe(0);
    expect(left(tmp)).toEqual([]);
  });

  it.each([
    ['itself', false],
    ['by a shell', true],
  ])('stops when the npx that started it %s is gone', async (_, shell) => {
    const args = [program.file, ...FREE_PORTS, '--memory', '--no-functions'];
    // The shell has more to do, so that it does not replace itself by the command.
    const command = shell
      ? ['/bin/sh', ['-c', '"$@"; true', 'sh', process.execPath, ...args]]
      : [process.execPath, args];
    const launches = `const { spawn } = require('node:child_process');
      spawn(...${JSON.stringify(command)}, { stdio: ['ignore', 'inherit', 'inherit'] });
      setInterval(() => {}, 1000);`;
    const launcher = spawn(process.execPath, ['-e', launches], {
      env: { PATH: process.env.PATH, TMPDIR: tmp, npm_command: 'exec' },
    });
    onTestFinished(() => void launcher.kill('SIGKILL'));
    let printed = '';
    launcher.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    // A process that still writes holds the other end.
    const ended = once(launcher.stdout, 'close');
    await until(() => printed.includes('console'));
    launcher.kill('SIGKILL');
    await ended;
    expect(left(tmp)).toEqual([]);
  });
});
