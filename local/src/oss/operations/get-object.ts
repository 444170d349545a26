import { objectHeaders } from '../answers.ts';
import { checkConditions } from '../conditions.ts';
import { checkReadable } from '../core/archive.ts';
import { type Answer, type Operation, objectOf } from '../operation.ts';
import { checkHeaderValue } from '../properties.ts';
import { readRange } from '../range.ts';
import type { OssRequest, Query } from '../request.ts';
import type { OssService } from '../service.ts';

const OVERRIDES = [
  'Content-Type',
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

  async run({ service, request }) {
    return answerObject(service, request);
  },
};

/** An object, or the part of it that is asked for, with its headers; HEAD answers the same without the body. */
export function answerObject(service: OssService, request: OssRequest): Answer {
  const object = service.objects.follow(objectOf(request));
  const now = service.clock.now();
  if (request.method !== 'HEAD') checkReadable(object, now);
  checkConditions(request.headers, object);
  const range = readRange(request.headers, object.size);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  const length = end - start + 1;
  return {
    status: range ? 206 : 200,
    headers: {
      ...objectHeaders(object, now),
      ...overrides(request.query),
      'Content-Length': String(length),
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${object.size}` }),
    },
    ...(request.method === 'HEAD' ? {} : { body: service.objects.stream(object, start, length) }),
  };
}

function overrides(query: Query): Record<string, string> {
  const answer: Record<string, string> = {};
  for (const header of OVERRIDES) {
    const name = `response-${header.toLowerCase()}`;
    const value = query.bytes(name);
    if (value) answer[header] = checkHeaderValue(name, value);
  }
  return answer;
}
