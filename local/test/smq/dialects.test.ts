import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '#src/smq/errors';
import { signV2 } from '#src/smq/signature';
import { errorOf, type Smq, send, smqServer, textOf, withQueue } from './helpers.ts';

/** Sends a signed request with that text in its request line; resolves to the whole answer. */
async function raw({ port, clock }: Smq, line: string, target: string, host: string) {
  const date = new Date(clock.now()).toUTCString();
  const headers = { date, 'x-mns-version': '2015-06-06' };
  const signature = signV2('test-secret', { method: 'GET', target, headers }, date);
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `GET ${line} HTTP/1.1\r\nHost: ${host}\r\nDate: ${date}\r\nx-mns-version: 2015-06-06\r\nAuthorization: MNS test-id:${signature}\r\nConnection: close\r\n\r\n`,
  );
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe('the request line', () => {
  it.each(['http', 'HTTPS'])('may name the whole address, as %s', async (scheme) => {
    const smq = await withQueue();
    const answer = await raw(smq, `${scheme}://smq.test:80/queues`, '/queues', 'other');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(textOf(answer, 'QueueURL')).toBe('http://smq.test:80/queues/q');
  });

  it('may name an address without a path, with a query', async () => {
    const smq = await smqServer();
    const target = '/?accountmeta=true';
    const answer = await raw(smq, 'http://smq.test?accountmeta=true', target, 'other');
    expect(answer).toContain('<LoggingBucket>');
  });
});

describe('the version of the API', () => {
  const ask = async (
    headers: Record<string, string>,
    key?: { accessKeyId: string; accessKeySecret: string },
  ) =>
    errorOf(await send(await withQueue(), 'GET', '/queues/none', { headers, ...(key && { key }) }));

  it('is asked for once the key is known', async () => {
    expect(await ask({ 'x-mns-version': '' })).toBe('400 MissingVersionHeader');
    expect(await ask({ 'x-mns-version': '2014-07-08' })).toBe('400 InvalidVersionHeader');
    expect(await ask({ 'x-mns-version': '2015-06-06' })).toBe('404 QueueNotExist');
    expect(
      await ask({ 'x-mns-version': '' }, { accessKeyId: 'none', accessKeySecret: 'none' }),
    ).toBe('403 InvalidAccessKeyId');
  });

  it('is missing where the header is', async () => {
    const smq = await withQueue();
    const answer = await send(smq, 'GET', '/queues/q', {
      tamper: (headers) => {
        delete headers['x-mns-version'];
        const { date = '' } = headers;
        const signature = signV2(
          'test-secret',
          { method: 'GET', target: '/queues/q', headers },
          date,
        );
        headers.authorization = `MNS test-id:${signature}`;
      },
    });
    expect(errorOf(answer)).toBe('400 MissingVersionHeader');
  });
});

describe('errors', () => {
  it.each([
    ['InvalidAccessKeyId', 403, 'The access Id you provided is not exist.'],
    ['InternalError', 500, 'Interal error.'],
    ['InvalidRequestURL', 400, 'Http request URL format invalid.'],
    ['MessageNotExist', 404, 'Message not exist.'],
    ['QueueNotExist', 404, 'The queue name you provided is not exist.'],
    ['QueueAlreadyExist', 409, 'The queue you want to create is already exist.'],
    ['QueueNameLengthError', 400, 'Queue name length should between 1 and 120.'],
    ['TopicAlreadyExist', 409, 'The topic you want to create already exists.'],
    ['TimeExpired', 408, 'The http request you sent is expired.'],
  ] as const)('of code %s have the documented status and text', (code, status, text) => {
    expect(ERRORS[code]).toEqual({ status, message: text });
  });

  it('name the item of a query string that is wrong', async () => {
    const smq = await withQueue();
    for (const [query, item] of [
      ['?colour=red', 'colour'],
      ['?metaoverride=1', 'metaoverride'],
    ]) {
      const { text } = await send(smq, 'PUT', `/queues/q${query}`, { body: '<Queue/>' });
      expect(textOf(text, 'Message')).toBe(
        `Http request URL contains invalid querystring item "${item}".`,
      );
    }
  });
});

it('says that it cannot open the service', async () => {
  const smq = await smqServer();
  expect(errorOf(await send(smq, 'POST', '/commonbuy/openservice'))).toBe('501 NotImplemented');
});
