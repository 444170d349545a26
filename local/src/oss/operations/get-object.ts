import { objectHeaders } from '../answers.ts';
import { compress, compressedHeaders, isCompressed } from '../compress.ts';
import { checkConditions } from '../conditions.ts';
import { checkReadable } from '../core/archive.ts';
import { OssError } from '../errors.ts';
import { type Answer, type Call, type Operation, objectOf } from '../operation.ts';
import { checkHeaderValue } from '../properties.ts';
import { readRange } from '../range.ts';
import type { Query } from '../request.ts';

const OVERRIDES = [
  'Content-Language',
  'Expires',
  'Cache-Control',
  'Content-Disposition',
  'Content-Encoding',
];

export const getObject: Operation = {
  permissions: (request) => [
    { action: 'oss:GetObject', ...objectOf(request), access: 'read', follows: true },
  ],

  async run(call) {
    return answerObject(call);
  },
};

/**
 * Answers an object, or the requested part of it, with its headers; HEAD answers the same without
 * the body.
 */
export function answerObject({ service, request, caller }: Call): Answer {
  const overriding = readOverrides(request.query, caller.requester === undefined);
  const object = service.objects.follow(objectOf(request));
  const now = service.clock.now();
  if (request.method !== 'HEAD') checkReadable(object, now);
  checkConditions(request.headers, object);
  const range = readRange(request.headers, object.size);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  const length = end - start + 1;
  const body = () => service.objects.stream(object, start, length);
  const whole = {
    status: range ? 206 : 200,
    headers: {
      ...objectHeaders(object, now),
      ...overriding,
      'Content-Length': String(length),
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${object.size}` }),
    },
  };
  const compressed = !range && isCompressed(request.headers, whole.headers, object.size);
  const answer = compressed ? { ...whole, headers: compressedHeaders(whole.headers) } : whole;
  if (request.method === 'HEAD') return answer;
  return { ...answer, body: compressed ? compress(body()) : body() };
}

/**
 * Reads the header overrides. Throws InvalidRequest for Content-Type, which cannot be overridden,
 * and for any header when the request is unsigned.
 */
function readOverrides(query: Query, anonymous: boolean): Record<string, string> {
  if (query.has('response-content-type'))
    throw new OssError('InvalidRequest', {
      message: 'Can not override response header on content-type',
      ec: '0017-00000902',
    });
  const answer: Record<string, string> = {};
  for (const header of OVERRIDES) {
    const name = `response-${header.toLowerCase()}`;
    const value = query.bytes(name);
    if (value === undefined) continue;
    if (anonymous)
      throw new OssError('InvalidRequest', {
        message: 'Request specific response headers cannot be used for anonymous GET requests.',
      });
    if (value) answer[header] = checkHeaderValue(name, value);
  }
  return answer;
}
