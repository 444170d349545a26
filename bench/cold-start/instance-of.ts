import { readdirSync, readFileSync } from 'node:fs';

export interface Instance {
  command: string[];
  environment: NodeJS.ProcessEnv;
}

/** How the process of an instance was started that `run` starts and that is there afterwards. Linux only. */
export async function instanceOf(run: () => Promise<void>): Promise<Instance> {
  const before = new Set(children());
  await run();
  for (const pid of children().filter((one) => !before.has(one))) {
    const command = listed(pid, 'cmdline');
    const node = command.indexOf(process.execPath);
    if (node < 0 || !command.some((part) => part.endsWith('bootstrap.cjs'))) continue;
    const pairs = listed(pid, 'environ').map((pair) => pair.split(/=(.*)/s, 2));
    return { command: command.slice(node), environment: Object.fromEntries(pairs) };
  }
  throw new Error('There is no instance');
}

/** Ids of the processes that this one has started. */
function children(): string[] {
  return readdirSync('/proc/self/task')
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' '))
    .filter((pid) => pid !== '');
}

function listed(pid: string, file: string): string[] {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').filter(Boolean);
}
