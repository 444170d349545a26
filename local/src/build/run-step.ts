import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { LocalCloudError } from '../errors.ts';
import type { BuildStep } from '../project/types.ts';

/** The last lines of a step are what says why it failed. */
const MAX_KEPT_LINES = 200;

/** Runs a step in a shell, in its folder and with this process's environment, as the deploy tool does; hands on each line that it prints. Throws LocalCloudError when it fails, its last lines as `cause`. */
export async function runStep(step: BuildStep, onLine: (line: string) => void): Promise<void> {
  const { run, path, source } = step;
  if (!existsSync(path))
    throw new LocalCloudError(
      'BuildStepFailed',
      `"${run}" (${source}) cannot run: ${path} is missing`,
      'name a folder under path, from the one of s.yaml',
    );
  const lines: string[] = [];
  const ended = await new Promise<string>((resolve) => {
    const child = spawn(run, { cwd: path, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > MAX_KEPT_LINES) lines.shift();
        onLine(line);
      });
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? '' : `ended with ${signal ?? code}`),
    );
  });
  if (ended === '') return;
  throw new LocalCloudError(
    'BuildStepFailed',
    `"${run}" (${source}) ${ended} in ${path}`,
    'run it there by hand, or leave it with --no-build',
    { cause: lines.join('\n') },
  );
}
