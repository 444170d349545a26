import type { RequestListener } from 'node:http';
import type { Clock } from '../clock.ts';
import { type ChooseFault, withFaults } from '../faults.ts';
import { writeXml } from './write-xml.ts';

/** Errors that OSS's documentation of 500 and 503 names. */
const REFUSALS = {
  error: [500, 'InternalError', 'Please contact the server administrator, oss@service.aliyun.com.'],
  throttled: [503, 'TotalQpsLimitExceeded', 'Max total qps limit is exceeded'],
} as const;

/** Wraps OSS's listener so that the chosen faults happen first. */
export function withOssFaults(
  listener: RequestListener,
  choose: ChooseFault | undefined,
  clock: Clock,
): RequestListener {
  let refusals = 0;
  return withFaults(listener, choose, {
    service: 'oss',
    clock,
    refuse(kind, request, response) {
      const [status, Code, Message] = REFUSALS[kind];
      const requestId = (++refusals).toString(16).toUpperCase().padStart(24, '0');
      const HostId = request.headers.host ?? '';
      const body = writeXml('Error', { Code, Message, RequestId: requestId, HostId });
      const inHeader = request.method === 'HEAD';
      response.writeHead(status, {
        Server: 'AliyunOSS',
        'Content-Type': 'application/xml',
        'x-oss-request-id': requestId,
        ...(inHeader
          ? { 'x-oss-err': Buffer.from(body).toString('base64') }
          : { 'Content-Length': Buffer.byteLength(body) }),
      });
      response.end(inHeader ? undefined : body);
    },
  });
}
