import { spawn } from 'node:child_process';

/** Commands of a shell, each of which needs the one ahead of it to have succeeded. */
export type Steps = readonly string[];

/**
 * Runs several `steps` side by side, each to its end although another fails. What a command prints, on
 * standard output or error, is passed on in one piece when it ends. Resolves to the commands that have
 * failed, in the order given.
 */
export async function sideBySide(
  all: readonly Steps[],
  write: (text: string) => void,
): Promise<string[]> {
  const failed = await Promise.all(all.map((steps) => inTurn(steps, write)));
  return failed.flatMap((command) => command ?? []);
}

async function inTurn(steps: Steps, write: (text: string) => void): Promise<string | undefined> {
  for (const command of steps) {
    const { code, output } = await ran(command);
    write(`> ${command}\n${output}`);
    if (code !== 0) return command;
  }
  return undefined;
}

/** Runs a command in a shell. The code is null when a signal has ended it. */
function ran(command: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
