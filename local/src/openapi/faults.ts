import type { RequestListener } from 'node:http';
import type { Clock } from '../clock.ts';
import { type ChooseFault, withFaults } from '../faults.ts';
import { OpenApiError } from './errors.ts';
import { errorReply, newRequestId, sendReply } from './respond.ts';

const REFUSALS = {
  error: {
    code: 'ServiceUnavailable',
    status: 503,
    message: 'The request has failed due to a temporary failure of the server.',
  },
  throttled: {
    code: 'Throttling.User',
    status: 400,
    message: 'Request was denied due to user flow control.',
  },
} as const;

/**
 * Wraps the gateway's listener so that the chosen faults happen first: a slow STS is one with
 * latency.
 */
export function withOpenApiFaults(
  listener: RequestListener,
  choose: ChooseFault | undefined,
  clock: Clock,
): RequestListener {
  return withFaults(listener, choose, {
    service: 'openapi',
    clock,
    refuse(kind, request, response) {
      const requestId = newRequestId();
      const host = request.headers.host ?? '';
      const reply = errorReply(new OpenApiError(REFUSALS[kind]), requestId, host);
      const format = request.headers.accept?.includes('json') ? 'JSON' : 'XML';
      sendReply(response, reply, format, requestId);
    },
  });
}
