import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { NotedRequest } from '#src/requests/noted-request';
import { policyLine } from '#src/requests/policy-line';
import { RequestLog } from '#src/requests/request-log';
import { Query } from '#src/smq/query';
import { touchedMessages } from '#src/smq/touched-messages';
import { parseXml } from '#src/xml/parse';

function answered(at: number, status: number, code?: string): NotedRequest {
  const request = new NotedRequest('SMQ', at, 'GET', '/queues/q/messages');
  request.status = status;
  request.code = code;
  return request;
}

it('RequestLog keeps the last requests in the order in which they came', () => {
  const log = new RequestLog(3);
  for (let at = 0; at < 2; at++) log.add(answered(at, 200));
  expect(log.all().map(({ at }) => at)).toEqual([0, 1]);
  for (let at = 2; at < 8; at++) log.add(answered(at, 200));
  expect(log.all().map(({ at }) => at)).toEqual([5, 6, 7]);
});

it('RequestLog keeps those that failed for longer, as many as it may, and no empty receive', () => {
  const log = new RequestLog(2, 2);
  for (const [at, status, code] of [
    [0, 403, 'AccessDenied'],
    [1, 500, 'InternalError'],
    [2, 404, 'MessageNotExist'],
    [3, 0, undefined],
    [4, 200, undefined],
    [5, 200, undefined],
    [6, 200, undefined],
  ] as const)
    log.add(answered(at, status, code));
  expect(log.all().map(({ at }) => at)).toEqual([1, 3, 5, 6]);
});

it('a noted request holds no query and a bounded part of the path', () => {
  const signed = new NotedRequest('OSS', 0, 'GET', '/photos/a.jpg?Signature=abc&security-token=x');
  expect(signed.path).toBe('/photos/a.jpg');
  const long = new NotedRequest('OSS', 0, 'GET', `/photos/${'x'.repeat(50_000)}`);
  expect(long.path).toHaveLength(401);
});

it('a noted request keeps nothing of the query, of a resource or of a body in memory either', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const kept: NotedRequest[] = [];
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let nth = 0; nth < 1000; nth++) {
    const url = Buffer.from(`/queues/orders-of-${nth}/messages?${'x'.repeat(30_000)}`).toString();
    const request = new NotedRequest('SMQ', 0, 'DELETE', url);
    const resource = url.slice(0, url.indexOf('?'));
    request.addAccess({ action: 'mns:DeleteMessage', resource, decision: { allowed: true } });
    const trace = `00-${String(nth).padStart(32, '0')}-00f067aa0ba902b7-01`;
    const body = parseXml(
      Buffer.from(
        `<Message><MessageBody>${'x'.repeat(30_000)}</MessageBody><UserProperties><PropertyValue><Name>traceparent</Name><Value>${trace}</Value></PropertyValue></UserProperties></Message>`,
      ),
    );
    request.messages = touchedMessages(new Query(''), body, {
      status: 201,
      body: ['Message', { MessageId: `${nth}` }],
    });
    kept.push(request);
  }
  expect(kept[7]?.messages[0]?.traceId).toMatch(/^0{31}7$/);
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
  expect(kept).toHaveLength(1000);
});

it('a noted request of a thousand objects keeps the first accesses and the one that was refused', () => {
  const request = new NotedRequest('OSS', 0, 'POST', '/photos?delete');
  for (let key = 0; key < 1000; key++)
    request.addAccess({
      action: 'oss:DeleteObject',
      resource: `${key}`,
      decision: { allowed: true },
    });
  const decision = { allowed: false, reason: 'no' } as const;
  request.addAccess({ action: 'oss:DeleteObject', resource: 'last', decision });
  expect(request.accesses).toHaveLength(8);
  expect(request.accesses.at(-1)).toMatchObject({ resource: 'last' });
});

it.each([
  [
    'mns:SendMessage',
    'acs:mns:cn-hangzhou:1000000000000001:/queues/orders/messages',
    '- {"Effect":"Allow","Action":["mns:SendMessage"],"Resource":["acs:mns:*:*:/queues/orders/messages"]}',
  ],
  [
    'mns:BatchDeleteMessage',
    'acs:mns:cn-hangzhou:1:/queues/q/messages',
    '- {"Effect":"Allow","Action":["mns:BatchDeleteMessage","mns:DeleteMessage"],"Resource":["acs:mns:*:*:/queues/q/messages"]}',
  ],
  [
    'oss:PutObject',
    'acs:oss:*:1:photos/2030/06/a.jpg',
    '- {"Effect":"Allow","Action":["oss:PutObject"],"Resource":["acs:oss:*:*:photos/2030/06/*"]}',
  ],
  [
    'oss:PutObject',
    'acs:oss:*:1:photos/a.jpg',
    '- {"Effect":"Allow","Action":["oss:PutObject"],"Resource":["acs:oss:*:*:photos/a.jpg"]}',
  ],
  [
    'oss:ListObjects',
    'acs:oss:*:1:photos',
    '- {"Effect":"Allow","Action":["oss:ListObjects"],"Resource":["acs:oss:*:*:photos"]}',
  ],
  [
    'sts:AssumeRole',
    'acs:ram::1:role/writer',
    '- {"Effect":"Allow","Action":["sts:AssumeRole"],"Resource":["acs:ram::1:role/writer"]}',
  ],
])('policyLine of %s on %s allows just that', (action, resource, line) => {
  expect(policyLine({ action, resource })).toBe(line);
});
