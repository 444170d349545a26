import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface ProcessOptions {
  cwd: string;
  /** The Node.js that scripts find; default the one that runs this. */
  node?: string;
  stdin?: string;
}

/** Variables by which npm reaches a registry from some networks. */
const NETWORK = ['NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];

/**
 * Starts a program in that folder as a person does: with only the variables npm needs, and nothing of this
 * repository on its path.
 */
export function start(program: string, args: readonly string[], options: ProcessOptions) {
  const { cwd, node = process.execPath, stdin = '' } = options;
  const { PATH = '', HOME } = process.env;
  const path = PATH.split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const network = NETWORK.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const child = spawn(program, args, {
    cwd,
    env: { ...Object.fromEntries(network), HOME, PATH: [dirname(node), ...path].join(delimiter) },
    // It leads its own process group, so that a signal reaches what it starts, as Ctrl-C in a terminal
    // does.
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  const looking = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    output.stdout += chunk;
    for (const look of looking) look();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    output.stderr += chunk;
  });
  child.stdin.on('error', () => {}); // it ended without reading
  child.stdin.end(stdin);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
  return {
    ended,
    /** Resolves to the first matching line of standard output. */
    line: (pattern: RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = output.stdout.split('\n').find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
        };
        looking.add(look);
        look();
        ended.then((end) => reject(new Error(`ended before: ${JSON.stringify(end)}`)), reject);
      }),
    signal(name: NodeJS.Signals): void {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // All of the group has ended.
      }
    },
  };
}

/** Runs a program to its end. Rejects when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<Ended> {
  const end = await start(program, args, options).ended;
  if (end.code === 0) return end;
  throw new Error(`${program} ${args.join(' ')} ended with ${JSON.stringify(end)}`);
}
