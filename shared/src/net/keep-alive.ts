import type { Agent, AgentOptions } from 'node:http';

/**
 * A bounded pool of kept connections. An FC instance is frozen between invocations while the other
 * side closes what stays idle, so a connection is given up after 15 idle seconds (or sooner where
 * the server's `Keep-Alive` says so), and the one used last is used first.
 */
export const KEEP_ALIVE = {
  keepAlive: true,
  maxSockets: 64,
  maxFreeSockets: 8,
  timeout: 15_000, // milliseconds; a request's own timeout goes before it
  scheduling: 'lifo',
} satisfies AgentOptions;

/** Closes the connections no request is using. After one turned out dead (a thawed instance), the others are suspects too. */
export function dropIdleSockets(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}
