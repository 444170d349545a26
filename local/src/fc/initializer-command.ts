import type { Clock } from '../clock.ts';
import type { FunctionSpec } from '../project/types.ts';
import type { Watchdog } from '../watchdog.ts';
import { FunctionProcess } from './function-process.ts';
import { failure, type Outcome } from './invocation.ts';

export interface InitializerCommandOptions {
  fn: FunctionSpec;
  clock: Clock;
  environment: Record<string, string>;
  prefix: readonly string[];
  watchdog: Watchdog;
  requestId: string;
  onLine(stream: 'stdout' | 'stderr', text: string, requestId: string | undefined): void;
}

/**
 * Runs initializer.command in an instance's environment. It fails when it exceeds its timeout, or
 * ends with any code but 0.
 */
export async function runInitializerCommand(
  command: readonly string[],
  timeoutSeconds: number,
  options: InitializerCommandOptions,
): Promise<Outcome> {
  const { fn, clock, prefix, onLine, requestId } = options;
  const [program = '', ...args] = [...prefix, ...command];
  const run = new FunctionProcess({
    ...options,
    command: [program, ...args],
    cwd: fn.codeDir,
    control: false,
    freezes: false,
    gate: false,
    memorySize: fn.memorySize,
    onLine: (stream, text) => onLine(stream, text, requestId),
    onGone() {},
  });
  let timedOut = false;
  const timer = clock.after(timeoutSeconds * 1000, () => {
    timedOut = true;
    void run.kill();
  });
  await run.exited;
  timer.cancel();
  if (run.exitCode === 0) return { body: Buffer.alloc(0) };
  const how = timedOut ? `timed out after ${timeoutSeconds} seconds` : `ended with ${run.exitCode}`;
  return failure(`Initializer ${how}`, 'InitializationError');
}
