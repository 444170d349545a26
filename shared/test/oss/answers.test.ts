import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ServiceError } from '#src/errors/errors';
import { crc64 } from '#src/oss/bucket/crc64';
import { meetsOddAnswers, type Odd } from '#test/odd-answers';
import { breakOff, oddServer, reply, silentServer, staleServer } from '#test/odd-server';
import { clientOf } from './local-oss.ts';

afterEach(() => void vi.useRealTimers());

const OSS = { 'x-oss-request-id': '5FFF000000000000000000A1' };
const OPERATIONS = {
  putObject: (url: string) => clientOf(url).putObject('key', 'x'),
  getObject: (url: string) => clientOf(url).getObject('key'),
  headObject: (url: string) => clientOf(url).headObject('key'),
  deleteObject: (url: string) => clientOf(url).deleteObject('key'),
  listObjects: (url: string) => clientOf(url).listObjects(),
};

const ODD: Record<string, Odd> = {
  'a page with status 200': {
    answer: [200, { 'content-type': 'text/html', etag: '"1"' }, '<html><p>Log in</html>'],
    expected: { code: 'UnexpectedAnswer' },
  },
  'an empty 500': {
    answer: [500, OSS, ''],
    expected: { code: 'UnexpectedAnswer', status: 500, retryable: true },
  },
  'a redirect': {
    answer: [302, { location: 'http://127.0.0.1:1/' }, ''],
    expected: { code: 'UnexpectedAnswer', status: 302 },
  },
};

meetsOddAnswers('oss', OPERATIONS, ODD);

describe('a request', () => {
  it('is signed V4 for the region and carries the token, with the bucket in the path', async () => {
    let seen: IncomingMessage | undefined;
    const url = await oddServer((request, response) => {
      seen = request;
      reply(204, OSS, '')(request, response);
    });
    await clientOf(url).deleteObject('a b/c');
    expect(seen?.url).toBe('/order-archive/a%20b/c');
    expect(seen?.headers.authorization).toMatch(
      /^OSS4-HMAC-SHA256 Credential=owner-id\/\d{8}\/cn-hangzhou\/oss\/aliyun_v4_request,/,
    );
    expect(seen?.headers['x-oss-security-token']).toBe('token-0123456789');
  });
});

it.each([
  ['You have no right to access this object because of bucket acl.', /^grant oss:PutObject on/],
  [
    'The bucket you are attempting to access must be addressed using the specified endpoint.',
    /another region: check the region, or OSS_ENDPOINT/,
  ],
  ['Put public object acl is not allowed', /leave the public ACL out/],
  ['The bucket you access does not belong to you.', /another account has it/],
  ['The security token you provided has expired.', /^check the credential's id/],
])('a denial that says "%s" has its own remedy', async (message, remedy) => {
  const xml = `<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
  const url = await oddServer(reply(403, { ...OSS, 'content-type': 'application/xml' }, xml));
  await expect(OPERATIONS.putObject(url)).rejects.toMatchObject({
    code: 'AccessDenied',
    remedy: expect.stringMatching(remedy),
  });
});

it.each([
  ['InvalidDigest', true],
  ['RequestTimeout', true],
  ['InvalidArgument', false],
])('a refusal with 400 %s may pass: %s', async (code, retryable) => {
  const xml = `<Error><Code>${code}</Code><Message>No.</Message></Error>`;
  const url = await oddServer(reply(400, { ...OSS, 'content-type': 'application/xml' }, xml));
  await expect(OPERATIONS.putObject(url)).rejects.toMatchObject({ code, status: 400, retryable });
});

describe('content that changes on the way', () => {
  it('up is found by its CRC-64', async () => {
    const headers = { ...OSS, etag: '"1"', 'x-oss-hash-crc64ecma': '1' };
    const url = await oddServer(reply(200, headers, ''));
    await expect(OPERATIONS.putObject(url)).rejects.toMatchObject({
      code: 'ChecksumMismatch',
      retryable: true,
      requestId: OSS['x-oss-request-id'],
    });
  });

  it('up cannot be vouched for without a CRC-64', async () => {
    const url = await oddServer(reply(200, { ...OSS, etag: '"1"' }, ''));
    await expect(OPERATIONS.putObject(url)).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  });

  it('down is found by its CRC-64', async () => {
    const crc = await crc64(Buffer.from('what was stored'));
    const headers = { ...OSS, etag: '"1"', 'x-oss-hash-crc64ecma': crc };
    const url = await oddServer(reply(200, headers, 'what is received'));
    await expect(OPERATIONS.getObject(url)).rejects.toMatchObject({ code: 'ChecksumMismatch' });
  });

  it('down, cut off, is no success', async () => {
    const url = await oddServer(breakOff(200, { ...OSS, etag: '"1"' }));
    const error = await OPERATIONS.getObject(url).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ status: 200, retryable: true });
  });
});

describe('connections', () => {
  it('a refused one is a ServiceError that may be retried', async () => {
    await expect(OPERATIONS.getObject('http://127.0.0.1:1')).rejects.toMatchObject({
      code: 'ConnectionFailed',
      status: undefined,
      retryable: true,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('kept ones that went stale are replaced silently', async () => {
    const headers = { ...OSS, etag: '"1"', 'x-oss-hash-crc64ecma': await crc64(Buffer.from('x')) };
    const { url, outcomes } = await staleServer(reply(200, headers, ''), { together: 2 });
    const client = clientOf(url);
    await Promise.all([client.putObject('a', 'x'), client.putObject('b', 'x')]);
    await client.putObject('c', 'x');
    expect(outcomes).toEqual(['answered', 'answered', 'reset', 'answered']);
  });

  it('an answer that stops half-way is a ServiceError', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { url, arrived, answer } = await silentServer();
    const outcome = OPERATIONS.getObject(url).catch((error: unknown) => error);
    await arrived;
    answer((_request, response) => {
      response.writeHead(200, { ...OSS, etag: '"1"', 'content-length': '1000' });
      response.write('the beginning');
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await outcome).toMatchObject({ code: 'RequestTimeout', retryable: true });
  });

  it('no answer in time is a ServiceError', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { url, arrived } = await silentServer();
    const outcome = OPERATIONS.putObject(url).catch((error: unknown) => error);
    await arrived;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await outcome).toMatchObject({ code: 'RequestTimeout', retryable: true });
  });
});
