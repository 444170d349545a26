// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the bodies of callbacks have it like this
import { createHmac, createVerify } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBody } from '#src/http/body';
import { close, listen } from '#src/http/listen';
import {
  ACCOUNT,
  BUCKET,
  OWNER,
  send,
  sendSigned,
  startTestCloud,
  type TestCloud,
} from '../helpers.ts';

interface Heard {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let cloud: TestCloud;
let heard: Heard[];
let answer: { status: number; body: string };
let address: string;
let server: Server;
const listener = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
  const { url = '', headers } = incoming;
  heard.push({ url, headers, body: (await readBody(incoming, 10_000)).toString() });
  outgoing.writeHead(answer.status).end(answer.body);
};
beforeEach(async () => {
  cloud = await startTestCloud();
  heard = [];
  server = createServer(listener);
  answer = { status: 200, body: '{"ok":true}' };
  address = `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;
});
afterEach(async () => {
  await close(server);
  await cloud.close();
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const headersOf = (callback: Record<string, unknown>, custom?: unknown) => ({
  'x-oss-callback': encode({ callbackUrl: `${address}/done?a=b`, ...callback }),
  ...(custom !== undefined && { 'x-oss-callback-var': encode(custom) }),
});
const put = (headers: Record<string, string>) =>
  sendSigned(cloud, { method: 'PUT', key: 'ü/a&b', body: 'text', headers });
const stored = () => cloud.oss.service.listObjects(BUCKET).length;

describe('a callback', () => {
  it('notifies the server of the object, and passes its answer to the client', async () => {
    const callbackBody = 'key=${object}&size=${size}&mine=${x:mine}&none=${imageInfo.width}';
    const reply = await put(headersOf({ callbackBody }, { 'x:mine': '1 2' }));
    expect([reply.status, reply.text]).toEqual([200, '{"ok":true}']);
    expect(reply.headers.etag).toMatch(/^"[0-9A-F]{32}"$/);
    expect(heard).toMatchObject([
      { url: '/done?a=b', body: 'key=%C3%BC%2Fa%26b&size=4&mine=1%202&none=' },
    ]);
  });

  it('that no one answers does not hold up the end of the service', async () => {
    server.removeAllListeners('request');
    const asked = new Promise((resolve) => server.once('request', resolve));
    const other = await startTestCloud();
    const headers = headersOf({ callbackBody: 'a=b' });
    const answered = sendSigned(other, { method: 'PUT', key: 'a', body: 'x', headers });
    const cut = expect(answered).rejects.toThrow();
    await asked;
    await other.close();
    await cut;
  });

  it('is signed by the key that it names', async () => {
    await put(headersOf({ callbackBody: 'a=${bucket}' }));
    const [{ headers, body } = { headers: {} as IncomingHttpHeaders, body: '' }] = heard;
    const keyUrl = Buffer.from(String(headers['x-oss-pub-key-url']), 'base64').toString();
    const { text } = await send(cloud, { path: new URL(keyUrl).pathname });
    const verify = createVerify('RSA-MD5').update(`/done?a=b\n${body}`);
    expect(verify.verify(text, String(headers.authorization), 'base64')).toBe(true);
  });

  it('of JSON has its values as JSON', async () => {
    const callbackBody = '{"object":${object},"size":${size},"type":${mimeType}}';
    await put(headersOf({ callbackBody, callbackBodyType: 'application/json' }));
    expect(JSON.parse(heard[0]?.body ?? '')).toEqual({
      object: 'ü/a&b',
      size: 4,
      type: 'application/octet-stream',
    });
  });

  it.each([
    [500, '{}', 'Error status : 500.'],
    [200, 'no JSON', 'Response body is not valid json format.'],
  ])('that is answered with %i %s fails, and the object stays', async (status, body, message) => {
    answer = { status, body };
    const reply = await put(headersOf({ callbackBody: 'a=b' }));
    expect([reply.status, reply.element('Code')]).toEqual([203, 'CallbackFailed']);
    expect(reply.element('Message')).toBe(message);
    expect(stored()).toBe(1);
  });

  it('tries the next server when one does not answer', async () => {
    const callbackUrl = `http://127.0.0.1:1/;${address}/next`;
    expect((await put(headersOf({ callbackUrl, callbackBody: 'a=b' }))).status).toBe(200);
    expect(heard.map(({ url }) => url)).toEqual(['/next']);
  });

  it.each<[number, Record<string, unknown>, unknown?]>([
    [501, { callbackUrl: 'http://example.com/', callbackBody: 'a' }],
    [501, { callbackUrl: 'https://127.0.0.1/', callbackBody: 'a' }],
    [400, { callbackBody: '' }],
    [400, { callbackUrl: 1, callbackBody: 'a' }],
    [400, { callbackBody: 'a', callbackBodyType: 'text/plain' }],
    [400, { callbackBody: 'a', callbackHost: 'a b' }],
    [400, { callbackBody: 'a' }, { mine: '1' }],
    [400, { callbackBody: 'a' }, []],
  ])('is refused with %i as %j, and nothing is stored', async (status, callback, custom) => {
    expect((await put(headersOf(callback, custom))).status).toBe(status);
    expect([stored(), heard.length]).toEqual([0, 0]);
  });

  it.each([{ callbackUrl: '' }, { callbackUrl: undefined }])(
    'is none with %j, as documented: the object is stored, and no server hears of it',
    async (callback) => {
      const reply = await put(headersOf({ callbackBody: 'a', ...callback }));
      expect([reply.status, stored(), heard.length]).toEqual([200, 1, 0]);
    },
  );

  it('comes after a form and after the last part too, in the name of who signed', async () => {
    const callback = encode({ callbackUrl: address, callbackBody: '${operation} ${x:mine}' });
    const expiration = new Date(cloud.clock.now() + 60_000).toISOString();
    const policy = encode({ expiration, conditions: [{ bucket: BUCKET }] });
    const fields = {
      key: 'form',
      callback,
      'x:mine': 'yes',
      OSSAccessKeyId: OWNER.accessKeyId,
      policy,
      Signature: createHmac('sha1', OWNER.accessKeySecret).update(policy).digest('base64'),
      file: 'x',
    };
    const parts = Object.entries(fields).map(
      ([name, value]) =>
        `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const path = `/${BUCKET}/`;
    const form = await send(cloud, {
      method: 'POST',
      path,
      headers,
      body: `${parts.join('')}--b--\r\n`,
    });
    expect([form.status, form.text]).toEqual([200, '{"ok":true}']);
    const client = cloud.client();
    const { uploadId } = await client.initMultipartUpload('parts');
    const query = { partNumber: '1', uploadId };
    const part = await sendSigned(cloud, { method: 'PUT', key: 'parts', query, body: 'x' });
    await sendSigned(cloud, {
      method: 'POST',
      key: 'parts',
      query: { uploadId },
      headers: headersOf({ callbackBody: '${operation}' }),
      body: `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part></CompleteMultipartUpload>`,
    });
    expect(heard.map(({ body, headers }) => [body, headers['x-oss-requester']])).toEqual([
      ['PostObject yes', ACCOUNT],
      ['CompleteMultipartUpload', ACCOUNT],
    ]);
  });
});
