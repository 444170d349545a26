// npx tsx --conditions=fc-source bench/instructions.ts [function,…] [label=folder …]
// The instructions of a cold start, counted by `valgrind --tool=callgrind`: from the start of an
// instance's process to its first answer and its end. They repeat within one in a hundred whatever
// else the machine does, and leave out what the kernel does. The folders hold built packages; dist by default.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { FunctionSpec } from 'fc-local';
import { startTestCloud } from 'fc-local/testing';
import { table } from 'fc-measure';
import { baseline } from './cold-start/baseline.ts';
import { firstEvent } from './cold-start/first-event.ts';
import { instanceOf } from './cold-start/instance-of.ts';

const ROOT = join(import.meta.dirname, '..');
const [wanted = '', ...folders] = process.argv.slice(2);
const variants = folders.length > 0 ? folders : [`dist=${join(ROOT, 'dist')}`];

const cloud = await startTestCloud({ project: ROOT });
const sockets = await mkdtemp(join(tmpdir(), 'instructions-'));

/** Starts an instance's command once more, under valgrind, and has it answer one event. */
async function instructions(fn: FunctionSpec): Promise<number> {
  await cloud.fc?.deploy(fn);
  const { command, environment } = await instanceOf(async () => {
    const result = await cloud.fc?.invoke(fn.name, await firstEvent(cloud, fn));
    if (result?.errorType) throw new Error(`${fn.name} failed: ${result.body}`);
  });
  const socketPath = join(sockets, `${Math.random()}`);
  const valgrind = ['--tool=callgrind', '--callgrind-out-file=/dev/null'];
  const child = spawn('valgrind', [...valgrind, ...command.slice(0, -1), socketPath], {
    cwd: fn.codeDir,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const said = text(child.stderr as Duplex);
  const control = child.stdio[3] as Duplex;
  control.on('error', () => {});
  await Promise.race([once(control, 'data'), once(child, 'exit')]);
  await invoke(socketPath, fn, environment, await firstEvent(cloud, fn));
  control.destroy(); // its end
  const counted = /Collected : (\d+)/.exec(await said)?.[1];
  if (!counted) throw new Error(`valgrind counted nothing for ${fn.name}: ${await said}`);
  return Number(counted) / 1e6;
}

async function invoke(
  socketPath: string,
  fn: FunctionSpec,
  environment: NodeJS.ProcessEnv,
  event: Buffer,
): Promise<void> {
  const call = request({
    socketPath,
    path: '/invoke',
    method: 'POST',
    headers: {
      'x-fc-request-id': 'cold-start',
      'x-fc-access-key-id': environment.ALIBABA_CLOUD_ACCESS_KEY_ID,
      'x-fc-access-key-secret': environment.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
      'x-fc-security-token': environment.ALIBABA_CLOUD_SECURITY_TOKEN,
      'x-fc-function-name': fn.name,
      'x-fc-function-handler': fn.handler,
      'x-fc-function-memory': fn.memorySize,
      'x-fc-function-timeout': 600, // under valgrind all takes fifty times as long
      'x-fc-region': environment.FC_REGION,
      'x-fc-account-id': environment.FC_ACCOUNT_ID,
    },
  }).end(event);
  const [answer] = await once(call, 'response');
  const body = await text(answer);
  if (answer.headers['x-fc-error-type'] || /"statusCode":[45]/.test(body))
    throw new Error(`${fn.name} did not do its job: ${body}`);
}

try {
  const ours = (cloud.project?.functions ?? []).map((fn) => ({ ...fn, triggers: [] }));
  for (const fn of ours) await cloud.fc?.deploy(fn);
  const chosen = ours.filter(({ resource }) => !wanted || wanted.split(',').includes(resource));
  const floor = await instructions(baseline('floor', cloud));
  const rows = [['floor', '', floor.toFixed(0), '1.00']];
  for (const fn of chosen)
    for (const [label = '', folder = ''] of variants.map((one) => one.split('='))) {
      const count = await instructions({ ...fn, codeDir: join(folder, fn.resource) });
      rows.push([fn.resource, label, count.toFixed(0), (count / floor).toFixed(2)]);
    }
  console.log(table([['function', 'packages', 'million instructions', 'of the floor'], ...rows]));
} finally {
  await cloud.close();
  await rm(sockets, { recursive: true });
}
