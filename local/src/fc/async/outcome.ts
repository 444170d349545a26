import type { InvocationResult } from '../invocation.ts';

/** The end of an asynchronous invocation, as a destination receives it. */
export interface AsyncOutcome {
  requestId: string;
  /** `acs:fc:<region>:<account>:functions/<name>`. */
  functionArn: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** How often the function was invoked. */
  attempts: number;
  event: Buffer;
  /** Absent when the function was never reached. */
  result: InvocationResult | undefined;
  /** Why there is no result: an error code. */
  reason: string | undefined;
}

/**
 * Returns the JSON sent to a destination. Its fields are documented; of the values of `condition`
 * only one is, so here it is the error type, or empty after a success.
 */
export function outcomePayload(outcome: AsyncOutcome): string {
  const { requestId, functionArn, at, attempts, event, result, reason } = outcome;
  return JSON.stringify({
    timestamp: at,
    requestContext: {
      requestId,
      functionArn,
      condition: reason ?? result?.errorType ?? '',
      approximateInvokeCount: attempts,
    },
    requestPayload: event.toString(),
    responseContext: {
      statusCode: result ? 200 : 500,
      functionError: result?.errorType ?? '',
    },
    responsePayload: result?.body.toString() ?? '',
  });
}
