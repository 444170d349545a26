import { Deadline } from '../context/deadline.ts';
import type { FunctionContext } from '../context/function-context.ts';
import { invocationLog, type Log } from '../log/log.ts';

/** What a handler works with in addition to its input. */
export interface Invocation {
  context: FunctionContext;
  log: Log;
  deadline: Deadline;
}

/** Begins an invocation, whose time runs from here on. */
export function beginInvocation(context: FunctionContext): Invocation {
  return { context, log: invocationLog(context), deadline: new Deadline(context) };
}
