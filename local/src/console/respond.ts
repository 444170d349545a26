import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Account } from './account.ts';
import { layout } from './layout.ts';
import type { Notices } from './notices.ts';
import type { Answer } from './page.ts';

/**
 * Headers of every answer: only the console's own style, script and pictures may be loaded, and no
 * other site may frame, read or store it.
 */
const HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A stored file that is opened by itself gets no scripts, no forms and no requests. */
const FILE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

export interface Surroundings {
  account: Account;
  notices: Notices;
  query: URLSearchParams;
}

/** Sends an answer; rejects when a file cannot be sent to its end. */
export async function respond(
  response: ServerResponse,
  answer: Answer,
  { account, notices, query }: Surroundings,
): Promise<void> {
  if ('seeOther' in answer) {
    const { seeOther, notice } = answer;
    const location = notice === undefined ? seeOther : notices.put(seeOther, notice);
    response.writeHead(303, { ...HEADERS, location }).end();
  } else if ('file' in answer) {
    const { file, headers } = answer;
    response.writeHead(200, { ...HEADERS, 'content-security-policy': FILE_POLICY, ...headers });
    await pipeline(file, response);
  } else {
    const { status = 200, still = false, ...page } = answer;
    response.writeHead(status, {
      ...HEADERS,
      'content-security-policy': PAGE_POLICY,
      'content-type': 'text/html; charset=utf-8',
    });
    response.end(
      layout(account, { ...page, notice: notices.get(query), live: status < 400 && !still }),
    );
  }
}

/** Sends a refusal, the style or the script, which reveal nothing about the account. */
export function respondText(
  response: ServerResponse,
  status: number,
  type: string,
  content: string | Buffer,
): void {
  response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` }).end(content);
}
