import { AnswerTooLarge } from './answer-budget.ts';
import type { Call, RawAnswer } from './call.ts';
import { parsed, refused, tooLarge, unreachable } from './errors.ts';
import { post, type Sent } from './post.ts';

/**
 * Sends a signed call of either API and reads its answer. Rejects with a ServiceError for every failure
 * except a function's own error.
 */
export async function send(
  { target, event, timeoutMs, budget }: Call,
  url: URL,
  headers: Record<string, string>,
): Promise<RawAnswer> {
  let answer: Sent;
  try {
    answer = await post(url, headers, event, timeoutMs, undefined, budget);
  } catch (cause) {
    if (cause instanceof AnswerTooLarge) throw tooLarge(target, cause.limit);
    throw unreachable(target, cause instanceof Error ? cause.message : String(cause), { cause });
  }
  const { status, body } = answer;
  const requestId = answer.headers['x-fc-request-id']?.toString();
  if (status < 200 || status >= 300)
    throw refused(target, { status, requestId, body: parsed(body) });
  if (requestId === undefined)
    throw unreachable(target, "answer is not Function Compute's", { status });
  const errorType = answer.headers['x-fc-error-type']?.toString();
  return { requestId, body, errorType, failure: errorType && parsed(body) };
}
