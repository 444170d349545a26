import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SteadyClock, systemClock } from '../clock/clock.ts';

/**
 * Maximum milliseconds that a connection may be idle. An FC instance is frozen between invocations while
 * the other side closes idle connections.
 */
export const MAX_IDLE_MS = 15_000;

const KEEP_ALIVE = {
  keepAlive: true,
  maxSockets: 64,
  maxFreeSockets: 8,
  timeout: MAX_IDLE_MS, // a request's own timeout takes precedence
  scheduling: 'lifo',
} satisfies http.AgentOptions;

/** Since when each idle connection has been idle. */
class IdleTimes {
  readonly #clock: SteadyClock;
  readonly #since = new WeakMap<Duplex, { now: number; monotonic: number }>();

  constructor(clock: SteadyClock) {
    this.#clock = clock;
  }

  begin(socket: Duplex): void {
    this.#since.set(socket, { now: this.#clock.now(), monotonic: this.#clock.monotonic() });
  }

  /**
   * Returns a test of whether a connection has been idle for too long as of now, by either clock: which of
   * them a freeze stops depends on how it is done.
   */
  judge(): (socket: Duplex) => boolean {
    const [now, monotonic] = [this.#clock.now(), this.#clock.monotonic()];
    return (socket) => {
      const since = this.#since.get(socket);
      if (!since) return false;
      return now - since.now >= MAX_IDLE_MS || monotonic - since.monotonic >= MAX_IDLE_MS;
    };
  }
}

class HttpAgent extends http.Agent {
  readonly #idle: IdleTimes;

  constructor(idle: IdleTimes) {
    super(KEEP_ALIVE);
    this.#idle = idle;
  }

  /** Node keeps the connection if this returns true; the types do not say so. */
  override keepSocketAlive(socket: Duplex): boolean {
    this.#idle.begin(socket);
    return Boolean(super.keepSocketAlive(socket));
  }
}

class HttpsAgent extends https.Agent {
  readonly #idle: IdleTimes;

  constructor(idle: IdleTimes) {
    super(KEEP_ALIVE);
    this.#idle = idle;
  }

  /** Node keeps the connection if this returns true; the types do not say so. */
  override keepSocketAlive(socket: Duplex): boolean {
    this.#idle.begin(socket);
    return Boolean(super.keepSocketAlive(socket));
  }
}

/**
 * The process's connections to one service. They outlive a client, since they belong to no credential. One
 * policy applies to all of them: the most recently used is used first; one that has been idle for
 * MAX_IDLE_MS (or less, if the server's `Keep-Alive` says so) is used no more, even if the process was
 * frozen meanwhile and no timer could run; a request that met a dead connection is sent once more on a new
 * one.
 */
export class KeptConnections {
  readonly http: http.Agent;
  readonly https: https.Agent;
  readonly #idle: IdleTimes;

  constructor(clock: SteadyClock = systemClock) {
    this.#idle = new IdleTimes(clock);
    this.http = new HttpAgent(this.#idle);
    this.https = new HttpsAgent(this.#idle);
  }

  /**
   * Returns the agent for the scheme of that address, without connections that have been idle for too long.
   * Ask for it before each request.
   */
  agentFor(address: string): http.Agent {
    this.dropStale();
    return address.startsWith('https:') ? this.https : this.http;
  }

  /** Closes the connections that have been idle for too long. */
  dropStale(): void {
    const isOver = this.#idle.judge();
    for (const socket of this.#idleSockets()) if (isOver(socket)) socket.destroy();
  }

  /**
   * Closes the connections that no request is using. After one turned out dead (a thawed instance), the
   * others may be dead too.
   */
  dropIdle(): void {
    for (const socket of this.#idleSockets()) socket.destroy();
  }

  /** Returns a copy, because destroyed sockets leave the agent's own lists. */
  #idleSockets(): Socket[] {
    const found: Socket[] = [];
    for (const { freeSockets } of [this.http, this.https])
      for (const address in freeSockets) found.push(...(freeSockets[address] ?? []));
    return found;
  }

  /**
   * Runs `send`, and once more on a new connection when it met a kept one that the other side had closed:
   * such a request has most likely never arrived. `isDead` recognises that by what `send` threw; anything
   * else, and the second failure, is rethrown.
   */
  async sending<Result>(
    send: () => Promise<Result>,
    isDead: (error: unknown) => boolean,
  ): Promise<Result> {
    try {
      return await send();
    } catch (error) {
      if (!isDead(error)) throw error;
    }
    this.dropIdle();
    return send();
  }
}
