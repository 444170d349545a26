/** A server of the bench in a process of its own: the local Function Compute, or a bare pool that answers the same. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { realClock } from '#src/clock';
import { startRuntime } from '#src/fc/runtime';
import { listen } from '#src/http/listen';

const [kind = '', folder = mkdtempSync(join(tmpdir(), 'bench-fc-'))] = process.argv.slice(2);
const INSTANCES = 32;
/** Microseconds of the unit in which Linux counts a process's CPU time. */
const TICK_US = 10_000;
const ANSWER = 'ok';

async function local(): Promise<string> {
  writeFileSync(join(folder, 'index.js'), `exports.handler = async () => '${ANSWER}';\n`);
  const runtime = await startRuntime({
    clock: realClock,
    accountId: '1',
    region: 'cn-hangzhou',
    issueCredentials: () => undefined,
    environment: {},
    instanceLimit: INSTANCES,
  });
  process.once('disconnect', () => void runtime.close().then(() => process.exit()));
  await runtime.deploy({
    name: 'ok',
    resource: 'ok',
    codeDir: folder,
    handler: 'index.handler',
    runtime: 'nodejs20',
    memorySize: 256,
    timeout: 60,
    environmentVariables: {},
    triggers: [{ type: 'http', name: 'http', methods: ['POST'], authType: 'anonymous' }],
    source: 'bench',
  });
  return runtime.httpTriggerUrl('ok') ?? '';
}

/** A process that answers requests on a socket: the minimum of an instance. */
function instance(): void {
  const server = createServer((incoming, outgoing) => {
    incoming.resume().once('end', () => outgoing.end(ANSWER));
  });
  // The kept connections of an instance that rests for some rounds stay.
  server.keepAliveTimeout = 0;
  server.listen(folder, () => process.send?.('ready'));
  process.once('disconnect', () => process.exit());
}

async function bare(): Promise<string> {
  const agent = new Agent({ keepAlive: true });
  const idle: string[] = [];
  const waiting: ((socketPath: string) => void)[] = [];
  let started = 0;
  const start = async (): Promise<string> => {
    const socketPath = join(folder, `${started}.sock`);
    const child = fork(fileURLToPath(import.meta.url), ['instance', socketPath]);
    await once(child, 'message');
    return socketPath;
  };
  const take = (): Promise<string> | string => {
    const one = idle.pop();
    if (one !== undefined) return one;
    if (started++ < INSTANCES) return start();
    return new Promise((resolve) => waiting.push(resolve));
  };
  const give = (one: string) => {
    const next = waiting.shift();
    if (next) next(one);
    else idle.push(one);
  };
  const server = createServer(async (incoming, outgoing) => {
    const body: Buffer[] = [];
    for await (const piece of incoming as AsyncIterable<Buffer>) body.push(piece);
    const socketPath = await take();
    const request = httpRequest({ agent, socketPath, method: 'POST' }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
      give(socketPath);
      outgoing.end(Buffer.concat(parts));
    });
    request.end(Buffer.concat(body));
  });
  process.once('disconnect', () => process.exit());
  return `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}/`;
}

/** Returns the CPU time of this process and of its instances, in microseconds; Linux alone counts theirs. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  if (process.platform !== 'linux') return user + system;
  const ticks = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter((pid) => pid !== '')
    .map((pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [])
    .map((fields) => Number(fields[11]) + Number(fields[12]));
  return user + system + TICK_US * ticks.reduce((sum, one) => sum + one, 0);
}

if (kind === 'instance') instance();
else {
  const url = await (kind === 'local' ? local() : bare());
  process.on('message', () => process.send?.(cpu()));
  process.send?.(url);
}
