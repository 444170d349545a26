// The program inside an instance's process. It is compiled to one file that needs only Node's
// built-in modules: see ../bootstrap-file.ts.
import { readSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { type Answer, callHandler, errorAnswer, reasonOf, resultAnswer } from './call.ts';
import { installConsole, setCurrentRequest } from './console.ts';
import { contextFrom } from './context.ts';
import { HEADER, LOCAL_HEADER } from './headers.ts';
import { loadHandler } from './load.ts';

/**
 * File descriptor whose other end the runtime has: "ready" is written here, and it closes when the
 * runtime ends.
 */
const CONTROL_FD = 3;

/** File descriptor on which the runtime writes a byte at each thaw. */
const GATE_FD = 4;

const codeDir = process.cwd();
const [socketPath] = process.argv.slice(2);
/** Taken before a function can replace it. */
const readByte = readSync;
const writers = { stdout: process.stdout.write, stderr: process.stderr.write };

/** The call in progress, for errors that occur outside of it. */
let current: { request: IncomingMessage; response: ServerResponse } | undefined;

let crashed = false;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  current = { request, response };
  setCurrentRequest(String(request.headers[HEADER.requestId] ?? ''));
  const { answer, spent } = await run(request, await bodyOf(request));
  // An error that a stream is about to report is this call's, not the next one's.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  if (current?.response === response) await reply(answer, spent);
}

/** Listeners take a third of the time of the stream's iterator. */
function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

async function run(
  request: IncomingMessage,
  event: Buffer,
): Promise<{ answer: Answer; spent: boolean }> {
  const { path, name, type } = target(request);
  let loaded = false;
  try {
    const handler = await loadHandler(codeDir, name);
    loaded = true;
    const context = contextFrom(request.headers);
    const result = await callHandler(handler, path === '/invoke' ? [event, context] : [context]);
    return { answer: path === '/invoke' ? resultAnswer(result) : resultAnswer(''), spent: false };
  } catch (error) {
    const answer = errorAnswer(error, type);
    if (answer.errorType !== 'HandledInvocationError') console.error(reasonOf(error));
    return { answer, spent: !loaded || path !== '/invoke' };
  }
}

/** Returns the handler of a call, and the name of its failure. */
function target({ url, headers }: IncomingMessage) {
  if (url === '/initialize')
    return {
      path: url,
      name: String(headers[HEADER.functionInitializer]),
      type: 'InitializationError',
    } as const;
  if (url === '/pre-stop')
    return {
      path: url,
      name: String(headers[LOCAL_HEADER.preStop]),
      type: 'UnhandledInvocationError',
    } as const;
  return {
    path: '/invoke',
    name: String(headers[HEADER.functionHandler]),
    type: 'UnhandledInvocationError',
  } as const;
}

/**
 * Answers the call in progress. Its output is written first, so that all of it is there for the
 * runtime when the answer is.
 */
async function reply(answer: Answer, spent: boolean): Promise<void> {
  if (!current) return;
  const { request, response } = current;
  current = undefined;
  for (const name of ['stdout', 'stderr'] as const) if (isBuffering(name)) await flush(name);
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': answer.body.length,
    [HEADER.maxMemoryUsage]: maxMemoryMb(),
    ...(answer.errorType && { [HEADER.errorType]: answer.errorType }),
    ...(spent && { [LOCAL_HEADER.spent]: '1' }),
  });
  await new Promise<void>((resolve) => response.end(answer.body, resolve));
  if (request.headers[LOCAL_HEADER.waits] !== undefined && !spent) waitForThaw();
}

/**
 * Blocks this thread, so that neither a timer nor anything else of the function runs until the next
 * call. Exits when the runtime has ended. Where the function has closed the gate or reads it itself,
 * the signal that follows is all that stops it.
 */
function waitForThaw(): void {
  let read: number | undefined;
  while (read === undefined) {
    try {
      read = readByte(GATE_FD, Buffer.alloc(1));
    } catch (error) {
      // Node does not read again after a signal, as it does for other calls of the system.
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') return;
    }
  }
  if (read === 0) process.exit();
}

/** Returns whether a stream has lines that the system did not take at once; none that the function holds back. */
function isBuffering(name: 'stdout' | 'stderr'): boolean {
  const { destroyed, writableCorked, writableLength } = process[name];
  return !destroyed && writableCorked === 0 && writableLength > 0;
}

function flush(name: 'stdout' | 'stderr'): Promise<void> {
  return new Promise((resolve) => {
    if (process[name].writableEnded) process[name].once('finish', resolve);
    else writers[name].call(process[name], '', 'utf8', () => resolve());
  });
}

function maxMemoryMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

/**
 * Handles an uncaught exception or an unhandled rejection: the call fails with it, and the process
 * cannot be used again.
 */
async function crash(error: unknown): Promise<void> {
  const handledByFunction = process.listenerCount('uncaughtException') > 1;
  if (handledByFunction || crashed) return;
  crashed = true;
  console.error(error);
  if (current) await reply(errorAnswer(error, target(current.request).type), true);
  process.exit(1);
}

installConsole();
process.on('uncaughtException', (error) => void crash(error));
// Ctrl-C reaches the whole process group; the runtime decides when its instances end.
process.on('SIGINT', () => {});
process.on('exit', () => {
  try {
    writeSync(CONTROL_FD, `exit ${maxMemoryMb()}\n`);
  } catch {
    // The runtime has ended.
  }
});

const control = new Socket({ fd: CONTROL_FD });
control.on('error', () => process.exit());
control.on('close', () => process.exit());
control.resume();

const server = createServer((request, response) => void serve(request, response));
// A frozen process would find its connections timed out when thawed.
server.keepAliveTimeout = 0;
server.requestTimeout = 0;
server.headersTimeout = 0;
server.listen(socketPath, () => control.write('ready\n'));
