import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import { realClock } from '../../clock.ts';
import type { CustomRuntimeSpec } from '../../project/types.ts';
import { StartFailure } from '../start-failure.ts';

const HOST = '127.0.0.1';
const POLL_MS = 10;

/** Resolves to a port on which nothing listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    const end = (listening: boolean) => () => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}

/** Resolves to the first of the ports on which a program listens. Rejects when aborted. */
export async function waitUntilListening(
  ports: readonly number[],
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    for (const port of ports) if (await isListening(port)) return port;
    await pause(POLL_MS, signal);
  }
}

type HealthCheck = NonNullable<CustomRuntimeSpec['healthCheck']>;

/**
 * Checks the program's health as customRuntimeConfig.healthCheckConfig says, until it passes.
 * Rejects with a StartFailure when it fails as often as configured, and when the wait is aborted.
 */
export async function waitUntilHealthy(
  port: number,
  check: HealthCheck,
  signal: AbortSignal,
): Promise<void> {
  await pause(check.initialDelaySeconds * 1000, signal);
  let [successes, failures] = [0, 0];
  for (;;) {
    if (await isHealthy(port, check)) {
      failures = 0;
      if (++successes >= check.successThreshold) return;
    } else {
      successes = 0;
      if (++failures >= check.failureThreshold)
        throw new StartFailure(`The health check ${check.httpGetUrl} failed ${failures} times`);
    }
    await pause(check.periodSeconds * 1000, signal);
  }
}

/** Returns whether the answer has a status from 200 to 399. */
function isHealthy(port: number, { httpGetUrl, timeoutSeconds }: HealthCheck): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: HOST, port, path: httpGetUrl, agent: false } as const;
    const request = get({ ...options, timeout: timeoutSeconds * 1000 }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      resolve(statusCode >= 200 && statusCode < 400);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** Waits in real time: for the program. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = realClock.after(ms, () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
    const aborted = (): void => {
      timer.cancel();
      reject(signal.reason);
    };
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
  });
}
