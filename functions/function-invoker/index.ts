/**
 * function-invoker: calls other functions, several at a time, and answers with each one's result.
 *
 * Trigger   HTTP, POST {"calls": [{"function": "…", "event": …}], "type": "sync"} (s.yaml: function-invoker)
 * Run here  npm start, then: curl -d '{"calls":[{"function":"<app>-queue-consumer","event":{"triggerTime":"2026-01-01T00:00:00Z","triggerName":"now","payload":""}}]}' <address>
 * Change    FUNCTION_NAMES in s.yaml and the role in infra/template.yaml: who may be called; the size limit
 * Docs      https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-invokefunction
 *
 * An FC 3.0 function is called by its name, an FC 2.0 function by service/name. A function's own error is a
 * failed call here, though Function Compute answers it with 200; "async" calls are not waited for.
 */

import { answerCalls, checkAllowed, fanOut, functionClient } from '#shared/fc';
import { environment, httpHandler } from '#shared/handler';
import * as z from '#shared/schema';

const MAX_BODY_BYTES = 4 * 1024 * 1024; // bytes, of all events together

const Calls = z.strictObject({
  calls: z
    .array(z.strictObject({ function: z.string(), event: z._default(z.unknown(), null) }))
    .check(z.minLength(1), z.maxLength(100)),
  type: z._default(z.enum(['sync', 'async']), 'sync'),
});

export const handler = httpHandler({
  maxBodyBytes: MAX_BODY_BYTES,
  body: Calls,
  async handle({ body: { calls, type }, context, deadline, log }) {
    const { FUNCTION_NAMES } = environment(['FUNCTION_NAMES']);
    checkAllowed(calls, FUNCTION_NAMES.split(','));

    const outcomes = await fanOut(functionClient(context), calls, { type, deadline });

    for (const [index, outcome] of outcomes.entries()) {
      const called = { function: calls[index]?.function, type };
      if (outcome.ok) log.info({ ...called, invocation: outcome.value.requestId }, 'Called');
      else log.error({ ...called, error: outcome.error }, 'Call failed');
    }
    return answerCalls(calls, outcomes);
  },
});
