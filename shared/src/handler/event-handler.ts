import type { FunctionContext, FunctionHandler } from '../context/function-context.ts';
import { beginInvocation, type Invocation } from './invocation.ts';

/**
 * Makes a handler of a trigger other than HTTP, which parses the event, runs `handle` and logs. What
 * `handle` throws is logged and rethrown, so that FC counts the invocation as failed and retries it by its
 * rules.
 */
export function eventHandler<Event, Result>(
  parse: (event: Buffer) => Event,
  handle: (event: Event, invocation: Invocation) => Promise<Result>,
): FunctionHandler<Result> {
  return async (event: Buffer, context: FunctionContext) => {
    const invocation = beginInvocation(context);
    try {
      return await handle(parse(event), invocation);
    } catch (error) {
      invocation.log.error({ error }, 'Invocation failed');
      throw error;
    }
  };
}
