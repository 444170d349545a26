import { type Agent, request as httpRequest } from 'node:http';
import { type ErrorType, HEADER, LOCAL_HEADER } from './instance/headers.ts';
import type { Outcome } from './invocation.ts';

/** An instance's answer to a call. */
export interface InstanceReply {
  outcome: Outcome;
  /** Peak memory of the process, in MB. */
  maxMemoryMb: number;
  /** The streams in which the mark ends this call's output. */
  marked: string[];
  /** Whether the process must not be used again. */
  spent: boolean;
}

export interface InstanceRequest {
  agent: Agent;
  socketPath: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Sends a call to an instance. Rejects when the connection ends before the answer is complete. */
export function postToInstance({
  body,
  headers,
  ...options
}: InstanceRequest): Promise<InstanceReply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { ...options, method: 'POST', headers: { ...headers, 'content-length': body.length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const header = (name: string): string => String(response.headers[name] ?? '');
          const errorType = header(HEADER.errorType) as ErrorType | '';
          resolve({
            outcome: { body: Buffer.concat(chunks), ...(errorType && { errorType }) },
            maxMemoryMb: Number(header(HEADER.maxMemoryUsage)),
            marked: header(LOCAL_HEADER.marked).split(','),
            spent: header(LOCAL_HEADER.spent) !== '',
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
