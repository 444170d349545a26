import http, { type RequestListener, type ServerOptions } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { connect } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { until } from '#src/testing/until';
import { seededRandom } from '#test/seeded-random';
import {
  errorOf,
  message,
  NAMESPACE,
  type SendOptions,
  type Smq,
  send,
  withQueue,
} from './helpers.ts';

const MUTATIONS = 10_000;
const STATUSES = [200, 201, 204, 400, 403, 404, 408, 409, 501];

interface Valid {
  method: string;
  target: string;
  body: string;
}

const property =
  '<UserProperties><PropertyValue><Name>n</Name><Value>v</Value><Type>STRING</Type></PropertyValue></UserProperties>';
const VALID: Valid[] = [
  {
    method: 'PUT',
    target: '/queues/q',
    body: `<Queue ${NAMESPACE}><DelaySeconds>0</DelaySeconds></Queue>`,
  },
  {
    method: 'PUT',
    target: '/queues/q?metaoverride=true',
    body: '<Queue><VisibilityTimeout>30</VisibilityTimeout></Queue>',
  },
  { method: 'GET', target: '/queues/q', body: '' },
  { method: 'GET', target: '/queues', body: '' },
  {
    method: 'POST',
    target: '/queues/q/messages',
    body: message('x', `<Priority>8</Priority><DelaySeconds>1</DelaySeconds>${property}`),
  },
  {
    method: 'POST',
    target: '/queues/q/messages',
    body: `<Messages>${message('a')}${message('b')}</Messages>`,
  },
  { method: 'GET', target: '/queues/q/messages?numOfMessages=16&waitseconds=0', body: '' },
  { method: 'GET', target: '/queues/q/messages?peekonly=true', body: '' },
  { method: 'DELETE', target: '/queues/q/messages?ReceiptHandle=AB', body: '' },
  {
    method: 'DELETE',
    target: '/queues/q/messages',
    body: '<ReceiptHandles><ReceiptHandle>x</ReceiptHandle></ReceiptHandles>',
  },
  { method: 'PUT', target: '/queues/q/messages?receiptHandle=x&visibilityTimeout=30', body: '' },
  {
    method: 'PUT',
    target: '/topics/t/subscriptions/s',
    body: '<Subscription><Endpoint>acs:mns:r:1:queues/q</Endpoint><FilterTag>a</FilterTag></Subscription>',
  },
  {
    method: 'POST',
    target: '/topics/t/messages',
    body: message('x', '<MessageTag>a</MessageTag>'),
  },
  { method: 'GET', target: '/?accountmeta=true', body: '' },
];

it(`answers ${MUTATIONS} mutations of valid requests: no crash, no hang, no 500, no wrong success`, async () => {
  const smq = await withQueue();
  await smq.service.createTopic('t');
  const seed = Date.now() % 100_000;
  const random = seededRandom(seed);
  let batches = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const valid = VALID[i % VALID.length] ?? VALID[0];
    if (!valid) continue;
    const { method, target, body, options } = mutated(valid, random);
    const what = `seed ${seed}, ${i}: ${method} ${target} ${body} ${JSON.stringify(options)}`;
    const { status, text } = await overTime(smq, send(smq, method, target, { body, ...options }));
    // A batch with one wrong message is answered with 500, as by the service.
    if (status === 500 && text.includes('<Messages ')) batches++;
    else expect(STATUSES, what).toContain(status);
    if (status >= 400) expect(text, what).toMatch(/<(?:Code|ErrorCode)>\w+<\//);
    if (options.tamper) expect(status, what).toBeGreaterThanOrEqual(400);
    if (i % 50 === 49) await restore(smq);
  }
  expect(batches).toBeLessThan(MUTATIONS / 10);
  await smq.service.createQueue('sound');
  expect((await send(smq, 'GET', '/queues/sound')).status).toBe(200);
});

/** Lets time pass: a mutation may be a long poll of an empty queue. */
async function overTime<Value>({ clock }: Smq, answer: Promise<Value>): Promise<Value> {
  const timer = setInterval(() => clock.advance(30_000), 100);
  return answer.finally(() => clearInterval(timer));
}

/**
 * Restores the queues: a mutation may be a valid request to delete, or to change, what the others
 * use.
 */
async function restore({ service }: Smq): Promise<void> {
  await service.deleteQueue('q');
  await service.createQueue('q');
  await service.createTopic('t').catch(() => undefined);
}

function mutated(
  { method, target, body }: Valid,
  random: (n: number) => number,
): Valid & { options: SendOptions } {
  const options: SendOptions = {};
  const kind = random(5);
  if (kind === 0) target = edited(target, 'aZ019/?&=%-_.~+;,:@', random);
  else if (kind === 1 && body)
    body = edited(body, '<>&;"\'/x09-.\u0001\u00e9\ud83d\ude00![]', random);
  else if (kind === 2 && body)
    body = otherText(body, NUMBERS[random(NUMBERS.length)] ?? '', random);
  else if (kind === 3) method = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'][random(5)] ?? method;
  else options.tamper = TAMPERS[random(TAMPERS.length)] ?? withoutDate;
  if (!target.startsWith('/')) target = `/${target}`;
  return { method, target, body, options };
}

/** Replaces one text between tags. */
function otherText(body: string, text: string, random: (n: number) => number): string {
  const places = [...body.matchAll(/>[^<]+</g)];
  const place = places[random(places.length || 1)];
  if (!place) return body;
  const end = place.index + place[0].length - 1;
  return `${body.slice(0, place.index + 1)}${text}${body.slice(end)}`;
}

const NUMBERS = ['-1', '1.5', '1e9', '9'.repeat(40), 'NaN', '', '0x1', '２', ' 1'];

const withoutDate = (headers: Record<string, string>) => void delete headers.date;

const TAMPERS: ((headers: Record<string, string>) => void)[] = [
  (headers) => delete headers.authorization,
  withoutDate,
  (headers) => Object.assign(headers, { date: 'x' }),
  (headers) => Object.assign(headers, { authorization: `${headers.authorization}A` }),
  (headers) => Object.assign(headers, { 'content-md5': 'AAAA' }),
  (headers) => Object.assign(headers, { 'x-mns-extra': 'x' }),
  (headers) => Object.assign(headers, { 'security-token': 'x' }),
];

function edited(text: string, alphabet: string, random: (n: number) => number): string {
  const chars = [...text];
  for (let edits = 0; edits <= random(3); edits++)
    chars.splice(random(chars.length), random(3), alphabet[random(alphabet.length)] ?? '');
  return chars.join('');
}

it.each([
  [
    'an entity bomb',
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Queue>&b;</Queue>',
  ],
  [
    'an external entity',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Queue>&x;</Queue>',
  ],
  ['an undefined entity', '<Queue>&x;</Queue>'],
  ['deep nesting', '<Queue>'.repeat(50_000)],
  ['half a document', '<Queue><DelaySeconds>1'],
  ['another encoding', Buffer.from('<Queue>\xff\xfe</Queue>', 'latin1')],
])('refuses %s', async (_what, body) => {
  const smq = await withQueue();
  expect(errorOf(await send(smq, 'PUT', '/queues/new', { body }))).toBe('400 MalformedXML');
});

it('ends a request that stops half way, and serves others meanwhile', async () => {
  const limits = quickly();
  const smq = await withQueue();
  expect(limits()).toEqual({ headersTimeout: 20_000, requestTimeout: 60_000 });
  const halves = [
    'GET /queues/q HT',
    'PUT /queues/q HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<Queue>',
  ].map((text) => closing(smq, text));
  expect((await send(smq, 'GET', '/queues/q')).status).toBe(200);
  for (const text of await Promise.all(halves)) expect(text).toMatch(/^HTTP\/1\.1 400 /);
});

/**
 * Gives servers created until the test ends a twentieth of the time limits they request, which are
 * returned.
 */
function quickly(): () => ServerOptions {
  const { createServer } = http;
  let asked: ServerOptions = {};
  const spy = vi.spyOn(http, 'createServer').mockImplementation(((
    { headersTimeout = 0, requestTimeout = 0, ...rest }: ServerOptions,
    listener: RequestListener,
  ) => {
    asked = { headersTimeout, requestTimeout };
    return createServer(
      {
        ...rest,
        headersTimeout: headersTimeout / 20,
        requestTimeout: requestTimeout / 20,
        connectionsCheckingInterval: 50,
      },
      listener,
    );
  }) as typeof createServer);
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
  return () => asked;
}

/** Returns the server's output until it closes the connection. */
async function closing({ port }: Smq, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk) => {
    heard += String(chunk);
  });
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return heard;
}

it('forgets a client that goes away in the middle of its body', async () => {
  const smq = await withQueue();
  const socket = connect(smq.port, '127.0.0.1');
  socket.write('PUT /queues/q HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<Queue>');
  await until(() => socket.bytesWritten > 0);
  socket.destroy();
  expect((await send(smq, 'GET', '/queues/q')).status).toBe(200);
});
