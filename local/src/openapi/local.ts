import type { IncomingMessage } from 'node:http';
import { isFromLocalProgram } from '../http/loopback.ts';

/** What the tools of this machine ask about the account. */
export const LOCAL_PATH = '/_local/account';

/** Answers those tools: `fn` is the name of a function, where the question has one. Throws an Error that says why there is no answer. */
export type DescribeAccount = (fn: string | undefined) => unknown;

/**
 * What the tools of this machine ask the running cloud about its account, under a path that the
 * OpenAPIs do not have. Unsigned, so only for callers on this machine that name it by a loopback
 * address: a page in a browser could reach it by another.
 */
export function answerLocal(
  message: IncomingMessage,
  query: URLSearchParams,
  describe: DescribeAccount,
): { status: number; text: string } {
  if (!isFromLocalProgram(message))
    return refusal(403, 'AccessDenied', 'This path answers tools of this machine only');
  if (message.method !== 'GET') return refusal(405, 'MethodNotAllowed', 'Use GET');
  try {
    const account = describe(query.get('function') ?? undefined);
    return { status: 200, text: JSON.stringify(account) };
  } catch (error) {
    return refusal(404, 'NotFound', error instanceof Error ? error.message : String(error));
  }
}

function refusal(status: number, Code: string, Message: string): { status: number; text: string } {
  return { status, text: JSON.stringify({ Code, Message }) };
}
