import { setImmediate } from 'node:timers/promises';
import { type Clock, realClock, type Timer } from '../../clock.ts';
import type { FunctionProcess } from '../function-process.ts';
import { StartFailure } from '../start-failure.ts';
import { type FixedPorts, type Holder, type Listening, unlessAborted } from './fixed-ports.ts';
import { freePort, isListening, waitUntilListening } from './wait-until-listening.ts';

export interface ServerStart {
  /** Name of the function. */
  name: string;
  /** Port that customRuntimeConfig names. */
  port: number;
  /**
   * The function's timeout for a request in seconds, which is how long a start waits for a port.
   */
  timeout: number;
  ports: FixedPorts;
  listening: Listening;
  clock: Clock;
  /** Aborted when the instance is to end. */
  stopped: AbortSignal;
  /** Starts the program with FC_SERVER_PORT=`given`. */
  spawn(given: number): FunctionProcess;
  /** Asks the instance to end, like Holder's `leave`, when another function needs its port. */
  leave(): boolean;
  say(text: string): void;
}

/**
 * Time that Function Compute allows a server for its start. Real time: it waits for the program.
 */
const MAX_START_SECONDS = 120;

/**
 * Starts a program and resolves to the port on which it listens: the free one in FC_SERVER_PORT, or
 * the one of customRuntimeConfig. Where another function's instance has the latter, an idle
 * instance is ended and a busy one waited for. Rejects with a StartFailure that gives the reason.
 */
export async function startServer(start: ServerStart): Promise<number> {
  const given = await freePort();
  if (start.listening.on === 'given' || given === start.port)
    return listens(start, start.spawn(given), [given]);

  const patience = patienceOf(start);
  let endTurn = (): void => {};
  let started = (): void => {};
  try {
    endTurn = await start.ports.enter(start.port, patience.signal);
    const holder = start.ports.holderOf(start.port);
    if (holder) {
      const alone = await withoutThePort(start, holder, given);
      if (alone) return given;
      await unlessAborted(holder.released, patience.signal);
    }
    patience.end();
    const taken = await isListening(start.port);
    start.stopped.throwIfAborted();
    started = start.ports.start(start.port, start.name);
    const process = start.spawn(given);
    const port = await listens(start, process, taken ? [given] : [given, start.port]);
    learn(start, process, port);
    return port;
  } finally {
    started();
    patience.end();
    endTurn();
  }
}

/**
 * Asks the holder to leave. While it is busy, a program of unknown port is started nevertheless: it
 * may listen on FC_SERVER_PORT, and the other may be waiting for its answer. Resolves to whether it
 * listens there.
 */
async function withoutThePort(start: ServerStart, holder: Holder, given: number): Promise<boolean> {
  const { listening, stopped } = start;
  if (holder.leave() || listening.on !== undefined) return false;
  const process = start.spawn(given);
  const ended = new AbortController();
  const listened = waitUntilListening([given], AbortSignal.any([stopped, ended.signal]));
  const gaveUp = Promise.race([process.exited, holder.released]).then(() => undefined);
  const port = await Promise.race([listened, gaveUp]);
  if (port !== undefined) {
    listening.on = 'given';
    return true;
  }
  listened.catch(() => {});
  ended.abort();
  await process.kill();
  start.say(
    `Port ${start.port} was held by function "${holder.owner}": the program is started again`,
  );
  return false;
}

/** Waits until the program listens on one of the ports. */
async function listens(
  start: ServerStart,
  process: FunctionProcess,
  ports: readonly number[],
): Promise<number> {
  const ended = new AbortController();
  const tooLong = realClock.after(MAX_START_SECONDS * 1000, () =>
    ended.abort(
      new StartFailure(
        `Function instance health check failed on port ${start.port} in ${MAX_START_SECONDS} seconds`,
      ),
    ),
  );
  void process.exited.then(() =>
    ended.abort(new StartFailure('The program ended before it listened')),
  );
  try {
    return await waitUntilListening(ports, AbortSignal.any([start.stopped, ended.signal]));
  } catch (error) {
    if (error instanceof StartFailure) throw new StartFailure(await explained(start, error));
    throw error;
  } finally {
    tooLong.cancel();
  }
}

/**
 * Explains a failed start: a program that wanted an occupied port usually ends, or waits for it in
 * vain.
 */
async function explained(
  { port, ports, listening }: ServerStart,
  { message }: StartFailure,
): Promise<string> {
  // Its last output comes first.
  await setImmediate();
  if (listening.on === 'given' || !(await isListening(port))) return message;
  const holder = ports.holderOf(port);
  const by = holder ? `function "${holder.owner}"` : 'another program';
  return `${message}. Port ${port} is taken by ${by}: listen on the port that FC_SERVER_PORT names, or give the function another under customRuntimeConfig`;
}

function learn(start: ServerStart, process: FunctionProcess, listensOn: number): void {
  const { listening, ports, port, name, leave } = start;
  const before = listening.on;
  listening.on = listensOn === port ? 'fixed' : 'given';
  if (listening.on === 'given') return;
  ports.hold(port, { owner: name, leave, released: process.exited });
  if (before === undefined)
    start.say(
      `Listens on port ${port} and not on the one that FC_SERVER_PORT names: one instance at a time runs here`,
    );
}

/**
 * Returns a signal that aborts when the instance is to end, and when the port is not free within
 * the request's time, unless that wait has ended. Another function's program that is still starting
 * does not count: it has a limit of its own, and is no running request.
 */
function patienceOf({ port, timeout, ports, clock, stopped, say }: ServerStart): {
  signal: AbortSignal;
  end(): void;
} {
  const over = new AbortController();
  let said: string | undefined;
  let timer: Timer;
  const tooLong = (): void => {
    const starting = ports.startingOn(port);
    if (starting === undefined) {
      const owner = ports.holderOf(port)?.owner;
      const by =
        owner === undefined ? 'others wait for it too' : `function "${owner}" is busy on it`;
      over.abort(
        new StartFailure(
          `Port ${port} was not free within ${timeout} seconds: ${by}. Listen on the port that FC_SERVER_PORT names, or give one of them another under customRuntimeConfig`,
        ),
      );
      return;
    }
    if (said !== starting)
      say(
        `Waits for port ${port}: function "${starting}" is being started, and may come to listen on it`,
      );
    said = starting;
    timer = clock.after(timeout * 1000, tooLong);
  };
  timer = clock.after(timeout * 1000, tooLong);
  return { signal: AbortSignal.any([stopped, over.signal]), end: () => timer.cancel() };
}
