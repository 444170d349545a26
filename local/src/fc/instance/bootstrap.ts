// The program inside an instance's process. It is compiled to one file that needs only Node's
// built-in modules: see ../bootstrap-file.ts.
import { AsyncResource } from 'node:async_hooks';
import { writeSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { Socket } from 'node:net';
import { type Answer, callHandler, errorAnswer, reasonOf, resultAnswer } from './call.ts';
import { installConsole, setCurrentRequest } from './console.ts';
import { contextFrom } from './context.ts';
import { Gate, type GatedCall } from './gate.ts';
import { HEADER, LOCAL_HEADER } from './headers.ts';
import { bodyOf, respond } from './http.ts';
import { loadHandler } from './load.ts';
import { flushOutput } from './output.ts';

/**
 * File descriptor whose other end the runtime has: "ready" is written here, "no gate" when the next
 * calls must come by HTTP, and it closes when the runtime ends.
 */
const CONTROL_FD = 3;

const codeDir = process.cwd();
const [socketPath] = process.argv.slice(2);
/** Taken before a function can replace it. */
const later = setImmediate;
const gate = new Gate();

/** A call of the runtime, by its gate or by HTTP. */
interface Call {
  path: string;
  headers: IncomingHttpHeaders;
  /** Gives the runtime the answer, and then waits at the gate where the next call comes there. */
  answer(answer: Answer, spent: boolean): Promise<void> | void;
}

/** The call in progress, for errors that occur outside of it. */
let current: Call | undefined;

/** The call that came by the gate, until it is answered. */
let gated:
  | { requestId: string; response?: ServerResponse; respond?(response: ServerResponse): void }
  | undefined;

let crashed = false;

async function serve(
  call: Call,
  event: Buffer | Promise<Buffer>,
  endOfTurn: () => Promise<void>,
): Promise<void> {
  current = call;
  setCurrentRequest(String(call.headers[HEADER.requestId] ?? ''));
  const { answer, spent } = await run(call, await event);
  // An error that is about to be reported is this call's, not the next one's.
  await endOfTurn();
  if (current === call) await reply(answer, spent);
}

/**
 * Returns what resolves when the event loop ends its turn: when all that the turn's code left to be
 * done at once has been done, and the rejections that it did not handle have been reported.
 */
function turn(): () => Promise<void> {
  let over = false;
  const end = new Promise<void>((resolve) =>
    later(() => {
      over = true;
      resolve();
    }),
  );
  return () => (over ? new Promise((resolve) => later(resolve)) : end);
}

function serveHttp(request: IncomingMessage, response: ServerResponse): void {
  const { url = '', headers } = request;
  if (headers[LOCAL_HEADER.again] !== undefined && gated?.requestId === headers[HEADER.requestId]) {
    if (gated?.respond) gated.respond(response);
    else if (gated) gated.response = response;
    request.resume();
    return;
  }
  const call: Call = {
    path: url,
    headers,
    async answer(answer, spent) {
      const waits = headers[LOCAL_HEADER.waits] !== undefined && !spent && gate.stands;
      await respond(response, answer, { maxMemoryMb: maxMemoryMb(), spent, waits });
      if (waits) waitAtGate();
    },
  };
  void serve(call, bodyOf(request), turn());
}

/**
 * Waits for the next call. What has come before it, such as the end of a connection, is handled
 * before it, and in this call's own context: not in the one before.
 */
const waitAtGate = AsyncResource.bind(() => {
  const call = gate.take();
  if (!call) return void control.write('no gate\n');
  later(() => void serve(atGate(call), call.event, endOfTurn));
  const endOfTurn = turn();
});

function atGate({ path, headers }: GatedCall): Call {
  const own: NonNullable<typeof gated> = { requestId: headers[HEADER.requestId] ?? '' };
  gated = own;
  return {
    path,
    headers,
    async answer(answer, spent) {
      if (gate.stands && gate.answer(answer, maxMemoryMb(), spent)) {
        gated = undefined;
        if (!spent) waitAtGate();
        return;
      }
      control.write('no gate\n');
      const response =
        own.response ??
        (await new Promise<ServerResponse>((resolve) => {
          own.respond = resolve;
        }));
      gated = undefined;
      await respond(response, answer, { maxMemoryMb: maxMemoryMb(), spent, waits: false });
    },
  };
}

async function run(call: Call, event: Buffer): Promise<{ answer: Answer; spent: boolean }> {
  const { path, name, type } = target(call);
  let loaded = false;
  try {
    const handler = await loadHandler(codeDir, name);
    loaded = true;
    const context = contextFrom(call.headers);
    const result = await callHandler(handler, path === '/invoke' ? [event, context] : [context]);
    return { answer: path === '/invoke' ? resultAnswer(result) : resultAnswer(''), spent: false };
  } catch (error) {
    const answer = errorAnswer(error, type);
    if (answer.errorType !== 'HandledInvocationError') console.error(reasonOf(error));
    return { answer, spent: !loaded || path !== '/invoke' };
  }
}

/** Returns the handler of a call, and the name of its failure. */
function target({ path, headers }: Call) {
  if (path === '/initialize')
    return {
      path,
      name: String(headers[HEADER.functionInitializer]),
      type: 'InitializationError',
    } as const;
  if (path === '/pre-stop')
    return {
      path,
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
  const call = current;
  current = undefined;
  await flushOutput();
  await call.answer(answer, spent);
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
  if (current) await reply(errorAnswer(error, target(current).type), true);
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

const server = createServer(serveHttp);
// A frozen process would find its connections timed out when thawed.
server.keepAliveTimeout = 0;
server.requestTimeout = 0;
server.headersTimeout = 0;
server.listen(socketPath, () => control.write('ready\n'));
