import * as http from 'node:http';
import * as https from 'node:https';

/**
 * An FC instance is frozen between invocations while the other side closes what stays idle, so a
 * connection is given up after 15 idle seconds (or sooner where the server's `Keep-Alive` says so),
 * and the one used last is used first.
 */
const KEEP_ALIVE = {
  keepAlive: true,
  maxSockets: 64,
  maxFreeSockets: 8,
  timeout: 15_000, // milliseconds; a request's own timeout goes before it
  scheduling: 'lifo',
} satisfies http.AgentOptions;

/** The process's connections to one service. They outlive a client: they belong to no credential. */
export class KeptConnections {
  readonly http: http.Agent = new http.Agent(KEEP_ALIVE);
  readonly https: https.Agent = new https.Agent(KEEP_ALIVE);

  /** Gives the agent for the scheme of that address. */
  agentFor(address: string): http.Agent {
    return address.startsWith('https:') ? this.https : this.http;
  }

  /** Closes the connections that no request is using. After one turned out dead (a thawed instance), the others are suspects too. */
  dropIdle(): void {
    for (const { freeSockets } of [this.http, this.https])
      for (const sockets of Object.values(freeSockets))
        for (const socket of sockets ?? []) socket.destroy();
  }

  /**
   * Runs `send`, and once more on a new connection when it met a kept one that the other side had
   * closed: such a request has most likely never arrived. `isDead` says so of what `send` threw;
   * anything else, and the second failure, is thrown on.
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
