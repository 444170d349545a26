import { realClock, type Timer } from '../clock.ts';

const LOOK_MS = 500;

/**
 * Calls `gone` when the npx that started this process has ended without passing that on, as by a
 * signal to npx alone. It is known by the parent: another one takes its place (on Unix). Only for npx,
 * which waits for its command; whoever starts a command in the background may well end before it.
 * Returns a function that ends the watch.
 */
export function whenLauncherIsGone(
  gone: () => void,
  { env, platform }: Pick<NodeJS.Process, 'env' | 'platform'> = process,
): () => void {
  if (env.npm_command !== 'exec' || platform === 'win32') return () => {};
  const launcher = process.ppid;
  let timer: Timer;
  const look = (): void => {
    if (process.ppid === launcher) timer = realClock.after(LOOK_MS, look);
    else gone();
  };
  timer = realClock.after(LOOK_MS, look);
  return () => timer.cancel();
}
