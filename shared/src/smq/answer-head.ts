import type { IncomingHttpHeaders } from 'node:http';

/** What is known about an answer before its body is read; empty if none came. */
export interface AnswerHead {
  status?: number | undefined;
  requestId?: string | undefined;
  contentType?: string | undefined;
}

export function answerHead(status: number | undefined, headers: IncomingHttpHeaders): AnswerHead {
  return {
    status,
    requestId: headers['x-mns-request-id']?.toString(),
    contentType: headers['content-type'],
  };
}
