import type { HttpRequestInput, InvocationResult } from '../invocation.ts';
import { endToEndHeaders } from './http-event.ts';
import { forwardedAnswer, type HttpAnswer, httpAnswer } from './http-response.ts';

/**
 * Forwards a request to a function whose runtime takes requests unchanged: method, path, query,
 * headers and body. Resolves once the head of its answer arrives, with the body as a stream; a
 * function that failed before that is answered like any other.
 */
export function forward(
  request: Omit<HttpRequestInput, 'respond'>,
  invoke: (http: HttpRequestInput) => Promise<InvocationResult>,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const headers = endToEndHeaders(request);
    const respond: HttpRequestInput['respond'] = (answer) => {
      try {
        resolve(forwardedAnswer(answer));
      } catch (error) {
        reject(error);
      }
    };
    // Once there is a head, the end of the invocation changes nothing for the caller.
    invoke({ ...request, headers, respond }).then((result) => resolve(httpAnswer(result)), reject);
  });
}
