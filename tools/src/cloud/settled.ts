import { isTransient } from 'fc-kit/handler';
import { CommandError } from '../command-line/command-error.ts';
import type { Patience } from '../command-line/io.ts';
import type { Stack, Stacks } from './stacks.ts';

const POLL_MS = 5000;
const MINUTE = 60_000;

export interface SettleOptions extends Patience {
  /** Milliseconds. */
  limitMs: number;
  /** Called with each new status. */
  onStatus(status: string): void;
}

/**
 * Waits until nothing is in progress in a stack any more. Judges by its status alone, since the times of
 * its events are ROS's own and this machine's clock may differ. Returns undefined if ROS has forgotten the
 * stack, which means that it is deleted. Continues after failed connections. Throws CommandError at the
 * limit.
 */
export async function settledStack(
  stacks: Stacks,
  id: string,
  { now, wait, limitMs, onStatus }: SettleOptions,
): Promise<Stack | undefined> {
  let status = '';
  let isSettled = false;
  for (const until = now() + limitMs; ; await wait(POLL_MS)) {
    const stack = await asked(stacks, id);
    if (stack !== 'unknown') {
      if (stack === undefined) return undefined;
      if (stack.status !== status) onStatus(stack.status);
      // Must be seen twice: what has just been requested may not show yet.
      const settles = !/_IN_PROGRESS$/.test(stack.status);
      if (settles && isSettled && stack.status === status) return stack;
      isSettled = settles;
      status = stack.status;
    }
    if (now() >= until)
      throw new CommandError(
        `The stack ${id} is still ${status || 'unknown'} after ${limitMs / MINUTE} minutes: look at its events in the ROS console; ROS goes on`,
      );
  }
}

async function asked(stacks: Stacks, id: string): Promise<Stack | undefined | 'unknown'> {
  try {
    return await stacks.get(id);
  } catch (error) {
    if (isTransient(error)) return 'unknown';
    throw error;
  }
}
