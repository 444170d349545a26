import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ContractRequest, startTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  await target.send({ method: 'PUT', key: target.key('a'), body: 'text' });
});
afterAll(() => target.close());

const HOUR = 60 * 60_000;
const UPLOAD = 'A'.repeat(32);
type Case = [status: number, code: string, request: () => ContractRequest];

describe('an error', () => {
  it.each<Case>([
    [404, 'NoSuchBucket', () => ({ bucket: `none-${'x'.repeat(40)}`, key: 'a' })],
    [404, 'NoSuchKey', () => ({ key: target.key('none') })],
    [404, 'NoSuchUpload', () => ({ key: target.key('a'), query: { uploadId: UPLOAD } })],
    [403, 'AccessDenied', () => ({ key: target.key('a'), sign: false })],
    [403, 'InvalidAccessKeyId', () => ({ key: target.key('a'), sign: { id: 'LTAInobody' } })],
    [403, 'SignatureDoesNotMatch', () => ({ key: target.key('a'), sign: { secret: 'wrong' } })],
    [
      403,
      'RequestTimeTooSkewed',
      () => ({ key: target.key('a'), sign: { time: Date.now() - HOUR } }),
    ],
    [400, 'InvalidArgument', () => ({ key: target.key('a'), sign: { region: 'cn-nowhere' } })],
    [400, 'InvalidObjectName', () => ({ method: 'PUT', key: '/a', body: '' })],
    [
      400,
      'InvalidObjectName',
      () => ({ method: 'PUT', key: target.key('k'.repeat(1024)), body: '' }),
    ],
    [
      400,
      'InvalidDigest',
      () => ({
        method: 'PUT',
        key: target.key('b'),
        body: 'x',
        headers: { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' },
      }),
    ],
    [
      409,
      'FileAlreadyExists',
      () => ({
        method: 'PUT',
        key: target.key('a'),
        body: 'x',
        headers: { 'x-oss-forbid-overwrite': 'true' },
      }),
    ],
    [412, 'PreconditionFailed', () => ({ key: target.key('a'), headers: { 'if-match': '"0"' } })],
    [
      416,
      'InvalidRange',
      () => ({
        key: target.key('a'),
        headers: { range: 'bytes=9-', 'x-oss-range-behavior': 'standard' },
      }),
    ],
    [
      411,
      'MissingContentLength',
      () => ({ method: 'PUT', key: target.key('b'), headers: { 'transfer-encoding': 'identity' } }),
    ],
    [400, 'InvalidArgument', () => ({ query: { 'max-keys': '1001' } })],
    [
      400,
      'MissingArgument',
      () => ({ method: 'POST', key: target.key('b'), query: { append: undefined }, body: 'x' }),
    ],
    [
      400,
      'InvalidTag',
      () => ({
        method: 'PUT',
        key: target.key('b'),
        body: 'x',
        headers: { 'x-oss-tagging': 'a=1&a=2' },
      }),
    ],
    [400, 'NotSymlink', () => ({ key: target.key('a'), query: { symlink: undefined } })],
    [405, 'MethodNotAllowed', () => ({ method: 'PATCH', key: target.key('a') })],
    [
      403,
      'AccessForbidden',
      () => ({
        method: 'OPTIONS',
        key: target.key('a'),
        sign: false,
        headers: {
          origin: 'http://nobody.example',
          'access-control-request-method': 'PUT',
        },
      }),
    ],
    [
      400,
      'IncorrectNumberOfFilesInPOSTRequest',
      () => ({
        method: 'POST',
        sign: false,
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body: '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\na\r\n--b--\r\n',
      }),
    ],
    [
      400,
      'InvalidArgument',
      () => ({
        method: 'PUT',
        key: target.key('b'),
        body: '',
        headers: { 'x-oss-object-acl': 'open' },
      }),
    ],
    [
      400,
      'MalformedXML',
      () => ({ method: 'POST', query: { delete: undefined }, body: '<Delete>' }),
    ],
    [
      400,
      'MalformedXML',
      () => ({ method: 'PUT', key: target.key('a'), query: { tagging: undefined }, body: '<a/>' }),
    ],
    [
      400,
      'MalformedPOSTRequest',
      () => ({
        method: 'POST',
        sign: false,
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body: 'x',
      }),
    ],
  ])('%i %s is answered in its form', async (status, code, request) => {
    const reply = await target.send(request());
    expect([reply.status, reply.element('Code')]).toEqual([status, code]);
    expect(reply.element('RequestId')).toBe(reply.headers['x-oss-request-id']);
    expect(reply.element('Message')).not.toBe('');
  });

  it('has no body when nothing has changed', async () => {
    const { headers } = await target.send({ method: 'HEAD', key: target.key('a') });
    const unchanged = { 'if-none-match': String(headers.etag) };
    const reply = await target.send({ key: target.key('a'), headers: unchanged });
    expect([reply.status, reply.body.length]).toEqual([304, 0]);
    expect(reply.headers.etag).toBe(headers.etag);
  });

  it('of a symlink is about its target', async () => {
    const link = (name: string, to: string) =>
      target.send({
        method: 'PUT',
        key: target.key(name),
        query: { symlink: undefined },
        headers: { 'x-oss-symlink-target': encodeURIComponent(target.key(to)) },
      });
    expect((await link('link', 'gone')).status).toBe(200);
    const read = await target.send({ key: target.key('link') });
    expect([read.status, read.element('Code')]).toEqual([404, 'SymlinkTargetNotExist']);
    expect((await link('link-2', 'link')).status).toBe(200);
    const twice = await target.send({ key: target.key('link-2') });
    expect([twice.status, twice.element('Code')]).toEqual([400, 'InvalidTargetType']);
  });

  it('of a HEAD is in a header', async () => {
    const reply = await target.send({ method: 'HEAD', key: target.key('none') });
    expect([reply.status, reply.body.length, reply.element('Code')]).toEqual([404, 0, 'NoSuchKey']);
  });

  it('of parts names their faults', async () => {
    const key = target.key('parts');
    const { uploadId } = await target.client.initMultipartUpload(key);
    const tags: string[] = [];
    for (const number of [1, 2]) {
      const query = { partNumber: String(number), uploadId };
      const { headers } = await target.send({ method: 'PUT', key, query, body: 'small' });
      tags.push(String(headers.etag));
    }
    const complete = async (parts: [number: number, tag: string | undefined][]) => {
      const list = parts.map(
        ([number, tag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${tag}</ETag></Part>`,
      );
      const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
      return (await target.send({ method: 'POST', key, query: { uploadId }, body })).element(
        'Code',
      );
    };
    expect(
      await complete([
        [2, tags[1]],
        [1, tags[0]],
      ]),
    ).toBe('InvalidPartOrder');
    expect(await complete([[1, '"0"']])).toBe('InvalidPart');
    expect(
      await complete([
        [1, tags[0]],
        [2, tags[1]],
      ]),
    ).toBe('EntityTooSmall');
  });
});

describe('a signed URL', () => {
  it.each([['1'], ['4']])(
    'of version %s works until it is over, and for nothing else',
    async (version) => {
      const key = target.key('a');
      const url =
        version === '1'
          ? target.client.signatureUrl(key, { expires: 60 })
          : await target.client.signatureUrlV4('GET', 60, undefined, key);
      expect(await (await fetch(url)).text()).toBe('text');
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
      expect((await fetch(url.replace('/a?', '/b?'))).status).toBe(403);
    },
  );

  it('that is over is refused', async () => {
    const url = target.client.signatureUrl(target.key('a'), { expires: -60 });
    const reply = await fetch(url);
    expect([reply.status, await reply.text()]).toEqual([
      403,
      expect.stringContaining('AccessDenied'),
    ]);
  });
});

describe('a form', () => {
  const post = (conditions: unknown[], fields: Record<string, string>, content = 'four') => {
    const document = { expiration: new Date(Date.now() + HOUR).toISOString(), conditions };
    const policy = Buffer.from(JSON.stringify(document)).toString('base64');
    const Signature = createHmac('sha1', target.accessKeySecret).update(policy).digest('base64');
    const form = {
      OSSAccessKeyId: target.accessKeyId,
      policy,
      Signature,
      ...fields,
      file: content,
    };
    const parts = Object.entries(form).map(
      ([name, value]) =>
        `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    return target.send({
      method: 'POST',
      sign: false,
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: `${parts.join('')}--b--\r\n`,
    });
  };

  it('stores its file when the policy holds', async () => {
    const key = target.key('form');
    const conditions = [
      ['eq', '$key', key],
      ['content-length-range', 1, 10],
    ];
    expect((await post(conditions, { key })).status).toBe(204);
    expect((await post(conditions, { key, success_action_status: '200' })).status).toBe(200);
    const created = await post(conditions, { key, success_action_status: '201' });
    expect([created.status, created.element('Key')]).toEqual([201, key]);
    expect((await target.send({ key })).body.toString()).toBe('four');
  });

  it('is refused when it does not', async () => {
    const key = target.key('form-2');
    const outcome = async (conditions: unknown[], fields = {}, content?: string) => {
      const reply = await post(conditions, { key, ...fields }, content);
      return [reply.status, reply.element('Code')];
    };
    expect(await outcome([['eq', '$key', 'other']])).toEqual([403, 'AccessDenied']);
    expect(await outcome([['content-length-range', 1, 3]])).toEqual([400, 'EntityTooLarge']);
    expect(await outcome([['content-length-range', 9, 10]])).toEqual([400, 'EntityTooSmall']);
    expect(await outcome([['like', '$key', 'a']])).toEqual([400, 'InvalidPolicyDocument']);
    expect(await outcome([], { Signature: 'AAAA' })).toEqual([403, 'SignatureDoesNotMatch']);
    expect((await target.send({ key })).status).toBe(404);
  });
});
