import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readForm } from '#src/oss/post/multipart';
import { until } from '#src/testing/until';
import { send, sendSigned, startTestCloud, type TestCloud } from './helpers.ts';

let cloud: TestCloud;
let sockets: Socket[];
beforeEach(async () => {
  cloud = await startTestCloud();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await cloud.close();
});

/** Opens a connection and records what arrives, and whether it is closed. */
function open(text: string): { socket: Socket; reply: string; closed: boolean } {
  const socket = connect(cloud.oss.port, '127.0.0.1');
  sockets.push(socket);
  const connection = { socket, reply: '', closed: false };
  socket.on('data', (chunk) => {
    connection.reply += String(chunk);
  });
  socket.on('error', () => {}); // a reset: it is closed
  socket.on('close', () => {
    connection.closed = true;
  });
  socket.write(text);
  return connection;
}

describe('a request that needs no body and announces one', () => {
  it.each(['GET', 'HEAD', 'DELETE'])(
    'is answered, and its connection ended: %s',
    async (method) => {
      const client = cloud.client();
      await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'text' });
      const path = client
        .signatureUrl('a', { method: method as 'GET', expires: 60 })
        .replace(/^http:\/\/[^/]+/, '');
      const asked = open(
        `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n`,
      );
      await until(() => asked.closed);
      expect(asked.reply).toMatch(/^HTTP\/1\.1 20[04] /);
      expect(asked.reply).toContain('Connection: close');
    },
  );

  it('keeps its connection when the body comes', async () => {
    const request = 'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello';
    const asked = open(request + request);
    await until(() => asked.reply.split('HTTP/1.1 ').length === 3);
    expect(asked.closed).toBe(false);
  });
});

describe('an odd address', () => {
  it.each(['//x', '//', `/${'x'.repeat(3000)}/x`, '/UPPER/x', '/%00/x', '/a%2Fb/c'])(
    'is refused with an Origin too: %s',
    async (path) => {
      for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS']) {
        const headers = { origin: 'https://example.com', 'access-control-request-method': 'GET' };
        const reply = await send(cloud, { method, path, headers });
        expect(reply.status, method).toBeGreaterThanOrEqual(400);
        expect(reply.status, method).toBeLessThan(500);
      }
    },
  );

  it.each([
    ['prefix', {}],
    ['delimiter', {}],
    ['marker', {}],
    ['start-after', { 'list-type': '2' }],
    ['key-marker', { uploads: undefined }],
    ['key-marker', { versions: undefined }],
    ['upload-id-marker', { uploads: undefined, 'key-marker': 'a' }],
    ['prefix', { uploads: undefined }],
    ['prefix', { versions: undefined }],
  ])('of a list by a %s of 3,000 bytes is refused: %j', async (name, query) => {
    const reply = await sendSigned(cloud, { query: { ...query, [name]: 'x'.repeat(3000) } });
    expect([reply.status, reply.element('ArgumentName')]).toEqual([400, name]);
    const whole = await sendSigned(cloud, { query: { ...query, [name]: 'x'.repeat(1023) } });
    expect(whole.status).toBe(200);
  });

  it('of a list by a long token is refused', async () => {
    const token = Buffer.alloc(3000, 'x').toString('base64url');
    const reply = await sendSigned(cloud, {
      query: { 'list-type': '2', 'continuation-token': token },
    });
    expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidArgument']);
  });
});

describe('a large document', () => {
  const ask = (body: string, query: object) =>
    sendSigned(cloud, { method: 'POST', query: { ...query }, body });

  it.each([
    ['elements', `<Delete>${'<a/>'.repeat(500_000)}</Delete>`],
    ['elements with text', `<Delete>${'<Object><Key>a</Key></Object>'.repeat(70_000)}</Delete>`],
    [
      'attributes',
      `<Delete ${Array.from({ length: 150_000 }, (_, at) => `a${at}=''`).join(' ')}/>`,
    ],
    ['signs of references', `<Delete>${'&'.repeat(2_000_000)}</Delete>`],
    ['comments', `<Delete>${'<!---->'.repeat(250_000)}</Delete>`],
    ['sections', `<Delete>${'<![CDATA[]]>'.repeat(150_000)}</Delete>`],
  ])('of too many %s is malformed', async (_, body) => {
    const reply = await ask(body, { delete: undefined });
    expect([reply.status, reply.element('Code')]).toEqual([400, 'MalformedXML']);
  });

  it('of more than two mebibytes is refused', async () => {
    const reply = await ask(`<Delete>${' '.repeat(2 * 1024 * 1024)}</Delete>`, {
      delete: undefined,
    });
    expect([reply.status, reply.element('Code')]).toEqual([400, 'EntityTooLarge']);
  });

  it('of the most parts there can be is taken', async () => {
    const query = { uploads: undefined };
    const begun = await sendSigned(cloud, { method: 'POST', key: 'a', query });
    const part = (number: number) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>"A"</ETag></Part>`;
    const parts = Array.from({ length: 10_000 }, (_, at) => part(at + 1)).join('');
    const reply = await sendSigned(cloud, {
      method: 'POST',
      key: 'a',
      query: { uploadId: begun.element('UploadId') },
      body: `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`,
    });
    expect(reply.element('Code')).toBe('InvalidPart');
  });
});

describe('a form in chunks of one byte', () => {
  it('is read with each byte copied a few times only', async () => {
    const value = 'v'.repeat(60_000);
    const field = (name: string, text: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
    const whole = Buffer.from(
      `${field('a', value)}${field('b', value)}${field('file', 'the file')}--x--\r\n`,
    );
    async function* bytes() {
      for (let at = 0; at < whole.length; at += 1) yield whole.subarray(at, at + 1);
    }
    let copied = 0;
    const { set } = Uint8Array.prototype;
    Uint8Array.prototype.set = function (this: Uint8Array, source: ArrayLike<number>, at?: number) {
      copied += source.length;
      set.call(this, source, at);
    };
    try {
      const { fields, file } = await readForm(bytes(), 'x');
      expect([fields.get('a'), fields.get('b')]).toEqual([value, value]);
      const content: Uint8Array[] = [];
      for await (const chunk of file.content) content.push(chunk);
      expect(String(Buffer.concat(content))).toBe('the file');
    } finally {
      Uint8Array.prototype.set = set;
    }
    expect(copied).toBeLessThan(whole.length * 8);
  });
});
