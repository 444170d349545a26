import type { IncomingMessage } from 'node:http';
import { isFromLocalProgram } from '../http/loopback.ts';

/** Path for this machine's tools to query the account. */
export const LOCAL_PATH = '/_local/account';

/**
 * Answers those tools: `fn` is the name of a function, where the query has one. Throws an Error
 * with the reason when there is no answer.
 */
export type DescribeAccount = (fn: string | undefined) => unknown;

/**
 * Serves this machine's tools that query the account, under a path that the OpenAPIs do not have.
 * Unsigned, so only for callers on this machine that use a loopback address: a page in a browser
 * could reach it by another.
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
