import { request as httpRequest, type IncomingMessage } from 'node:http';
import { PassThrough, pipeline } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { realClock, stopwatch, type Timer } from '../../clock.ts';
import { type Command, FunctionProcess } from '../function-process.ts';
import { runInitializerCommand } from '../initializer-command.ts';
import { HEADER, MAX_PAYLOAD_BYTES } from '../instance/headers.ts';
import type { Instance, InstanceOptions } from '../instance.ts';
import {
  contractHeaders,
  exitFailure,
  failure,
  type InvocationInput,
  type Outcome,
  timeoutFailure,
} from '../invocation.ts';
import type { FixedPorts, Listening } from './fixed-ports.ts';
import { RequestLines } from './request-lines.ts';
import {
  freePort,
  isListening,
  waitUntilHealthy,
  waitUntilListening,
} from './wait-until-listening.ts';

export interface CustomOptions extends InstanceOptions {
  command: Command;
  /** Where customRuntimeConfig says that the program listens. */
  port: number;
  ports: FixedPorts;
  /** What is known of this version, and what its first instance finds out. */
  listening: Listening;
}

/** What Function Compute gives a server to start. Real time: it is the program that is waited for. */
const MAX_START_MS = 120_000;

type Path = '/initialize' | '/invoke' | '/pre-stop';

/** What a program answered, or why there is no answer. */
interface Attempt {
  outcome?: Outcome;
}

/**
 * One process of a custom runtime: a server of the function's own, which is sent each event as POST
 * /invoke and each request at an HTTP trigger as it came. Takes as many at once as the pool gives
 * it, and is frozen when it has none.
 */
export class CustomInstance implements Instance {
  readonly id: string;
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  used = false;

  readonly #options: CustomOptions;
  readonly #lines = new RequestLines();
  readonly #stopped = new AbortController();
  #process: FunctionProcess | undefined;
  #port = 0;
  #initialized: Promise<Outcome | undefined> | undefined;
  #running = 0;
  #alive = true;

  constructor(options: CustomOptions) {
    this.#options = options;
    this.id = options.id;
    this.ready = this.#start();
    // A start that fails is reported to whoever waits for it, which may be no one.
    const started = this.ready.catch(() => {});
    this.exited = started.then(() => this.#process?.exited).then(() => this.#gone());
  }

  get alive(): boolean {
    return this.#alive && this.#process?.alive !== false;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async invoke(invocation: InvocationInput): Promise<Outcome> {
    const { fn } = this.#options;
    this.used = true;
    this.#initialized ??= this.#initialize(invocation);
    const failed = await this.#initialized;
    return failed ?? this.#call('/invoke', fn.timeout, invocation);
  }

  async stop(invocation: () => Omit<InvocationInput, 'event'>): Promise<void> {
    const { preStop } = this.#options.fn;
    if (preStop && this.used && this.alive)
      await this.#call('/pre-stop', preStop.timeout, { ...invocation(), event: Buffer.alloc(0) });
    await this.kill();
  }

  async kill(): Promise<void> {
    this.#gone();
    await this.#process?.kill();
    return this.exited;
  }

  #gone(): void {
    this.#alive = false;
    this.#stopped.abort(new Error('The instance ended before it was ready'));
  }

  async #start(): Promise<void> {
    const { fn, listening, ports, port } = this.#options;
    const given = await freePort();
    const endTurn = listening.on === 'given' ? () => {} : await ports.enter(port, fn.name);
    const tooLong = realClock.after(MAX_START_MS, () =>
      this.#stopped.abort(new Error('The program did not listen within 120 seconds')),
    );
    try {
      const fixed = await isListening(port);
      this.#stopped.signal.throwIfAborted();
      this.#spawn(given);
      this.#port = await this.#listens(fixed || port === given ? [given] : [given, port]);
      this.#learn(given);
      const check = fn.custom?.healthCheck;
      if (check) await waitUntilHealthy(this.#port, check, this.#stopped.signal);
    } catch (error) {
      await this.#explain(error as Error);
      this.#alive = false;
      await this.#process?.kill();
      throw error;
    } finally {
      tooLong.cancel();
      endTurn();
    }
  }

  async #listens(ports: readonly number[]): Promise<number> {
    return waitUntilListening(ports, this.#stopped.signal);
  }

  #spawn(given: number): void {
    const { fn, command, environment, watchdog, onLine } = this.#options;
    this.#process = new FunctionProcess({
      command,
      cwd: fn.codeDir,
      environment: { ...environment, FC_SERVER_PORT: String(given) },
      control: false,
      freezes: true,
      memorySize: fn.memorySize,
      watchdog,
      onLine: (stream, text) => onLine(stream, text, this.#lines.requestOf(text)),
      onGone: () => this.#gone(),
    });
  }

  #learn(given: number): void {
    const { fn, listening, ports, port, onLine } = this.#options;
    const before = listening.on;
    listening.on = this.#port === given ? 'given' : 'fixed';
    if (listening.on === 'given') return;
    ports.hold(port, fn.name, this.#process?.exited ?? Promise.resolve());
    if (before === undefined)
      onLine(
        'stderr',
        `Listens on port ${port} and not on the one that FC_SERVER_PORT names: one instance at a time runs here`,
        undefined,
      );
  }

  async #explain({ message }: Error): Promise<void> {
    const { port, ports, onLine } = this.#options;
    await setImmediate();
    const say = (text: string): void => onLine('stderr', text, undefined);
    if (this.#process) say(message);
    if (!this.#process || !(await isListening(port))) return;
    const owner = ports.ownerOf(port);
    const by = owner === undefined ? 'another program' : `function "${owner}"`;
    say(
      `Port ${port} is taken by ${by}: listen on the port that FC_SERVER_PORT names, or give the function another under customRuntimeConfig`,
    );
  }

  async #initialize(invocation: InvocationInput): Promise<Outcome | undefined> {
    const { initializer } = this.#options.fn;
    if (!initializer) return undefined;
    const outcome = initializer.command
      ? await runInitializerCommand(initializer.command, initializer.timeout, {
          ...this.#options,
          environment: { ...this.#options.environment, FC_SERVER_PORT: String(this.#port) },
          requestId: invocation.requestId,
        })
      : await this.#call('/initialize', initializer.timeout, invocation);
    if (!outcome.errorType) return undefined;
    await this.kill();
    return { ...outcome, errorType: 'InitializationError' };
  }

  async #call(path: Path, timeoutSeconds: number, invocation: InvocationInput): Promise<Outcome> {
    const { clock } = this.#options;
    const { requestId } = invocation;
    const elapsed = stopwatch();
    let timedOut = false;
    const timer: Timer = clock.after(timeoutSeconds * 1000, () => {
      timedOut = true;
      void this.kill();
    });
    if (this.#running++ === 0) this.#process?.thaw();
    this.#lines.begin(requestId);
    const endWatch = this.#process?.watchMemory();

    const { outcome } = await this.#send(path, invocation);
    timer.cancel();
    endWatch?.();
    // What it printed before it answered is on its way.
    await setImmediate();
    await setImmediate();
    this.#lines.end(requestId);
    if (--this.#running === 0 && this.alive) this.#process?.freeze();
    if (outcome && !timedOut) return outcome;

    await this.kill();
    const maxMemoryMb = this.#process?.maxMemoryMb ?? 0;
    return timedOut
      ? timeoutFailure(timeoutSeconds, maxMemoryMb)
      : exitFailure(elapsed(), maxMemoryMb);
  }

  /** Without an outcome when the connection ended before the whole answer was there. */
  #send(path: Path, invocation: InvocationInput): Promise<Attempt> {
    const { fn, accountId, region } = this.#options;
    const http = path === '/invoke' ? invocation.http : undefined;
    const contract = {
      ...contractHeaders(fn, { accountId, region }, invocation),
      [HEADER.controlPath]: http ? '/http-invoke' : path,
    };
    const body = http?.body ?? invocation.event;
    const own = http?.headers ?? [['content-type', 'application/octet-stream'] as const];
    const headers = [
      ...own.filter(([name]) => !isGateways(name)),
      ...Object.entries(contract),
      ['content-length', String(body.length)] as const,
    ];
    if (!headers.some(([name]) => name.toLowerCase() === 'host'))
      headers.push(['host', `127.0.0.1:${this.#port}`]);
    return new Promise((resolve) => {
      const request = httpRequest({
        host: '127.0.0.1',
        port: this.#port,
        agent: false,
        method: http?.method ?? 'POST',
        path: http?.target ?? path,
        headers: headers.flat() as string[],
      });
      request.on('response', (response) => {
        const answer = http ? stream(response, http.respond) : collect(response);
        answer.then(
          (outcome) => resolve({ outcome }),
          () => resolve({}),
        );
      });
      request.on('error', () => resolve({}));
      request.end(body);
    });
  }
}

/** What only the gateway says. */
function isGateways(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    lower.startsWith('x-fc-') ||
    ['connection', 'content-length', 'transfer-encoding', 'expect'].includes(lower)
  );
}

/** Passes an answer on as it comes. Rejects when the program breaks it off; a caller who goes away is no failure. */
function stream(
  response: IncomingMessage,
  respond: NonNullable<InvocationInput['http']>['respond'],
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const body = new PassThrough();
    pipeline(response, body, (error: NodeJS.ErrnoException | null) => {
      if (!error || error.code === 'ERR_STREAM_PREMATURE_CLOSE') resolve({ body: Buffer.alloc(0) });
      else reject(error);
    });
    const headers: [string, string][] = [];
    for (let at = 0; at + 1 < response.rawHeaders.length; at += 2)
      headers.push([response.rawHeaders[at] ?? '', response.rawHeaders[at + 1] ?? '']);
    respond({ status: response.statusCode ?? 502, headers, body });
  });
}

/** Reads the answer to an event. A status of 2xx is a success, unless x-fc-status says otherwise, as documented by 404. */
async function collect(response: IncomingMessage): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > MAX_PAYLOAD_BYTES)
    return failure(
      `Response payload size (${bytes} bytes) exceeds maximum allowed size (${MAX_PAYLOAD_BYTES} bytes)`,
    );
  const body = Buffer.concat(chunks);
  const { statusCode = 0 } = response;
  const said = response.headers['x-fc-status'] ?? '200';
  const succeeded = statusCode >= 200 && statusCode < 300 && said === '200';
  return succeeded ? { body } : { body, errorType: 'UnhandledInvocationError' };
}
