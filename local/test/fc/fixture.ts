import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import { type FcRuntime, type LogLine, type RuntimeOptions, startRuntime } from '#src/fc/runtime';
import type { FunctionSpec } from '#src/project/types';

export interface Fixture {
  runtime: FcRuntime;
  clock: DrivenClock;
  lines: LogLine[];
  /** Resolves when a line that holds `text` has been printed. */
  printed(text: string): Promise<LogLine>;
}

/** Starts a runtime for one test, closed with it. */
export async function startFixture(options: Partial<RuntimeOptions> = {}): Promise<Fixture> {
  const clock = new DrivenClock();
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const runtime = await startRuntime({
    clock,
    accountId: '1234567890',
    region: 'cn-hangzhou',
    issueCredentials: () => undefined,
    environment: {},
    onLog: (line) => {
      lines.push(line);
      for (const check of waiting) check();
    },
    ...options,
  });
  onTestFinished(() => runtime.close());
  const printed = (text: string): Promise<LogLine> =>
    new Promise((resolve) => {
      const check = (): void => {
        const line = lines.find((candidate) => candidate.text.includes(text));
        if (!line) return;
        waiting.delete(check);
        resolve(line);
      };
      waiting.add(check);
      check();
    });
  return { runtime, clock, lines, printed };
}

/**
 * Returns a function whose code is one file, written to its own folder: CommonJS in index.js unless
 * another file is named.
 */
export function writeFunction(
  code: string,
  spec: Partial<FunctionSpec> & { file?: string } = {},
): FunctionSpec {
  const { file = 'index.js', ...rest } = spec;
  const codeDir = mkdtempSync(join(tmpdir(), 'fc-code-'));
  onTestFinished(() => rmSync(codeDir, { recursive: true, force: true }));
  mkdirSync(dirname(join(codeDir, file)), { recursive: true });
  writeFileSync(join(codeDir, file), code);
  return {
    name: 'dev-sample',
    resource: 'sample',
    codeDir,
    handler: 'index.handler',
    runtime: 'nodejs20',
    memorySize: 256,
    timeout: 3,
    environmentVariables: {},
    triggers: [],
    source: 's.yaml:7',
    ...rest,
  };
}

/** Deploys and invokes a function made of `code` once. */
export async function invokeOnce(
  code: string,
  spec: Partial<FunctionSpec> & { file?: string } = {},
  options: Partial<RuntimeOptions> = {},
) {
  const fixture = await startFixture(options);
  await fixture.runtime.deploy(writeFunction(code, spec));
  const result = await fixture.runtime.invoke('sample', Buffer.from('{"order":1}'));
  return { ...fixture, result, text: result.body.toString() };
}

/** Returns whether a process runs; one that has ended and waits to be collected does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
