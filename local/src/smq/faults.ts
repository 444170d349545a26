import type { IncomingMessage, RequestListener } from 'node:http';
import type { Clock } from '../clock.ts';
import { type ChooseFault, withFaults } from '../faults.ts';
import { readBody } from '../http/body.ts';
import type { SmqService } from './core/service.ts';
import { SmqError } from './errors.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import { Query } from './query.ts';
import { errorReply, newRequestId, sendReply } from './respond.ts';
import { parsePath } from './route.ts';

const HANDLE = /<ReceiptHandle>([^<]+)<\/ReceiptHandle>/g;

/**
 * Wraps SMQ's listener with the faults of any service, and the two of a queue: a duplicate delivery
 * and a lost lease.
 */
export function withSmqFaults(
  listener: RequestListener,
  choose: ChooseFault | undefined,
  { service, ...edge }: { clock: Clock; service: SmqService; latencyMs?: number },
): RequestListener {
  const { clock } = edge;
  const endLeases = async (url: string, handles: string[]): Promise<void> => {
    const { name } = parsePath(url.replace(/\?.*/s, ''));
    for (const handle of handles) await service.changeVisibility(name, handle, 0).catch(() => {}); // it has already ended
  };

  return withFaults(listener, choose, {
    service: 'smq',
    ...edge,
    refuse(kind, request, response) {
      const error = new SmqError(kind === 'error' ? 'InternalError' : 'QpsLimitExceeded');
      const requestId = newRequestId();
      const host = `http://${request.headers.host ?? ''}`;
      sendReply(response, errorReply(error, requestId, host), requestId, clock);
    },
    own: {
      duplicate(request, response) {
        namedHandles(request)
          .then((handles) => endLeases(request.url ?? '', handles))
          .then(() => sendReply(response, { status: 204 }, newRequestId(), clock))
          .catch(() => response.destroy());
      },
      'lost-lease'(request, response) {
        const end = response.end.bind(response);
        let answer = '';
        response.write = (text: unknown) => {
          answer += text;
          return true;
        };
        response.end = () => {
          endLeases(request.url ?? '', handlesIn(answer)).finally(() => end(answer));
          return response;
        };
        listener(request, response);
      },
    },
  });
}

/** Returns the handles that a delete of one message or of a batch names. */
async function namedHandles(request: IncomingMessage): Promise<string[]> {
  const { url = '' } = request;
  const mark = url.indexOf('?');
  const single = new Query(mark < 0 ? '' : url.slice(mark + 1)).text('ReceiptHandle');
  const body = await readBody(request, MAX_BODY_BYTES);
  return single === undefined ? handlesIn(body.toString()) : [single];
}

function handlesIn(xml: string): string[] {
  return [...xml.matchAll(HANDLE)].map(([, handle = '']) => handle);
}
