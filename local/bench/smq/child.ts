import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order } from './server.ts';

/** A server in a process of its own. */
export interface Child {
  name: string;
  port: number;
  /**
   * Resolves once the order is done: `memory` to its resident memory in bytes, `cpu` to its CPU
   * time in microseconds.
   */
  order(order: Order): Promise<number>;
  stop(): Promise<void>;
}

/** `checkout`: the folder of another checkout whose server to start; absent: this one's. */
export async function startChild(name: string, what: string, checkout?: string): Promise<Child> {
  const folder = checkout === undefined ? import.meta.dirname : join(checkout, 'local/bench/smq');
  const child = fork(join(folder, 'server.ts'), [what], {
    cwd: folder,
    execArgv: ['--import', 'tsx', '--expose-gc'],
  });
  const [{ port }] = await once(child, 'message');
  return {
    name,
    port,
    async order(order) {
      child.send(order);
      const [{ answer }] = await once(child, 'message');
      return answer;
    },
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
