import { createHmac } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BUCKET,
  OWNER,
  type Reply,
  send,
  sendSigned,
  startTestCloud,
  type TestCloud,
} from './helpers.ts';

const LIMIT_MS = 60_000;

let cloud: TestCloud;
let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'oss-mutations-'));
  await mkdir(join(parent, 'a', 'b'), { recursive: true });
  await writeFile(join(parent, 'a', 'outside'), 'untouched');
  cloud = await startTestCloud(join(parent, 'a', 'b', 'data'));
  await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'text' });
});
afterAll(async () => {
  await cloud.close();
  await rm(parent, { recursive: true });
});

/** A small generator of the same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const keys = () => cloud.oss.service.listObjects(BUCKET).map(({ key }) => key);
const below = numbers(20_261_122);
const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;

async function each(rounds: number, attempt: (round: number) => Promise<void>): Promise<void> {
  const lanes = 8;
  let next = 0;
  const lane = async () => {
    while (next < rounds) await attempt(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function answered(reply: Reply, what: unknown): void {
  if (reply.status >= 500 && reply.status !== 501)
    throw new Error(`${reply.status} for ${JSON.stringify(what)}: ${reply.text}`);
  expect(reply.headers['x-oss-request-id'], JSON.stringify(what)).toMatch(/^[0-9A-F]{24}$/);
}

/** Changes a few characters, takes some out, or puts some in. */
function mutate(text: string, alphabet: string): string {
  const characters = [...text];
  for (let change = 0; change <= below(3); change += 1) {
    const at = below(characters.length + 1);
    const way = below(3);
    if (way === 0) characters.splice(at, 1);
    else characters.splice(at, way - 1, alphabet[below(alphabet.length)] ?? '');
  }
  return characters.join('');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function raw(bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect(cloud.oss.port, '127.0.0.1', () => socket.end(bytes));
    socket.setTimeout(LIMIT_MS, () =>
      reject(new Error(`No answer to ${bytes.toString('latin1')}`)),
    );
    socket.on('data', (chunk) => {
      reply += chunk.toString('latin1');
    });
    socket.on('error', () => {}); // a reset is a close too
    socket.on('close', () => resolve(reply));
  });
}

describe('ten thousand mutations', () => {
  it('2,000 signed URLs, changed in a character, of another method, key or time, are refused', async () => {
    const client = cloud.client();
    const pathOf = (url: string) => url.replace(/^http:\/\/[^/]+/, '');
    const paths = [
      pathOf(client.signatureUrl('a', { expires: 600 })),
      pathOf(await client.signatureUrlV4('GET', 600, undefined, 'a')),
    ];
    for (const path of paths) expect((await send(cloud, { path })).status).toBe(200);
    await each(2000, async (round) => {
      const path = pick(paths);
      const forged = [
        { path, method: pick(['PUT', 'DELETE', 'HEAD']) },
        { path: path.replace('/a?', `/${pick(['b', 'A', 'a/', 'a%20', '../a', 'a/../a'])}?`) },
        {
          path: path.replace(
            /([sS]ignature=)([^&]+)/,
            (_, name, value) => name + mutate(value, 'abc0'),
          ),
        },
        {
          path: path.replace(
            /(Expires=|x-oss-expires=)\d+/,
            (_, name) => name + (99_999 + below(9999)),
          ),
        },
        {
          path: `${path}&${pick(['acl', 'tagging', 'uploads', 'response-expires=0', 'x-oss-a=b'])}`,
        },
        { path: path.replace(/AccessKeyId=[^&]+|credential=[^%]+/, (text) => mutate(text, 'xyz')) },
      ][round % 6] as { path: string; method?: string };
      const reply = await send(cloud, forged);
      answered(reply, forged);
      // %2b is %2B
      const same = decoded(forged.path) === decoded(path) && forged.method === undefined;
      if (!same) expect(reply.status, forged.path).toBeGreaterThanOrEqual(400);
    });
    expect(keys()).toEqual(['a']);
  });

  it('2,000 keys and buckets of forbidden forms store nothing anywhere else', async () => {
    const parts = [
      '..',
      '.',
      '',
      '/',
      '\\',
      '%00',
      '%2e%2e',
      '%2F',
      '%FF%FE',
      '%C0%AF',
      '%',
      'ü',
      'k'.repeat(400),
      '%5c',
      ':',
      '\t',
    ];
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
    await each(2000, async () => {
      const key = Array.from({ length: 1 + below(5) }, () => pick(parts)).join(
        pick(['/', '', '//']),
      );
      const bucket = pick([
        BUCKET,
        BUCKET,
        '..',
        'a',
        '-ab',
        'ab-',
        'Box',
        'b_x',
        'x'.repeat(64),
        '.%2e',
        '%00',
      ]);
      const exchange = {
        method: pick(['PUT', 'PUT', 'GET', 'DELETE']),
        path: encodeURI(`/${bucket}/${key}`).replaceAll('%25', '%'),
        body: 'x',
      };
      answered(await send(cloud, exchange), exchange);
    });
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'private' }] });
    expect((await readdir(join(parent, 'a'))).sort()).toEqual(['b', 'outside']);
    expect(await readdir(join(parent, 'a', 'b'))).toEqual(['data']);
    expect((await readdir(join(parent, 'a', 'b', 'data'))).sort()).toEqual([
      'blobs',
      'index',
      'tmp',
    ]);
    for (const key of keys()) await sendSigned(cloud, { method: 'DELETE', key });
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'text' });
  });

  it('1,500 bodies of XML, malformed and mutated, do what they say or are refused', async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY x "${'x'.repeat(100)}">]><Delete><Object><Key>&x;</Key></Object></Delete>`;
    const documents: [method: string, query: string, body: string, key?: string][] = [
      ['POST', 'delete', '<Delete><Quiet>true</Quiet><Object><Key>none</Key></Object></Delete>'],
      ['POST', 'delete', bomb],
      [
        'PUT',
        'tagging',
        '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
        'a',
      ],
      [
        'PUT',
        'cors',
        '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
      ],
      [
        'PUT',
        'lifecycle',
        '<LifecycleConfiguration><Rule><ID>a</ID><Prefix>zz</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>',
      ],
      [
        'POST',
        'uploadId',
        '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"00"</ETag></Part></CompleteMultipartUpload>',
        'a',
      ],
    ];
    await each(1500, async () => {
      const [method, name, body, key] = pick(documents);
      const query = { [name]: name === 'uploadId' ? 'A'.repeat(32) : undefined };
      const signed = { method, query, key, body: mutate(body, '<>/&;a\u0000"]!') };
      answered(await sendSigned(cloud, signed), signed);
    });
    expect(keys()).toEqual(['a']);
  });

  it('1,000 completions with parts out of order, twice, too small or of another upload are refused', async () => {
    const client = cloud.client();
    const { uploadId } = await client.initMultipartUpload('big');
    const eTags: string[] = [];
    for (const [index, size] of [102_400, 10, 102_400].entries()) {
      const reply = await sendSigned(cloud, {
        method: 'PUT',
        key: 'big',
        query: { partNumber: String(index + 1), uploadId },
        body: Buffer.alloc(size, index),
      });
      eTags.push(String(reply.headers.etag));
    }
    const wrong = () => {
      const numbers = pick([
        [2, 1],
        [1, 1],
        [1, 2, 3],
        [3, 2, 1],
        [1, 4],
        [0, 1],
        [1, 10_001],
        [2, 3],
        [],
        [1, 3, 3],
      ]);
      return numbers.map((number) => ({
        number,
        eTag: pick([eTags[number - 1] ?? '"0"', eTags[number - 1] ?? '"0"']),
      }));
    };
    await each(1000, async () => {
      const parts = wrong();
      const body = `<CompleteMultipartUpload>${parts.map(({ number, eTag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${eTag}</ETag></Part>`).join('')}</CompleteMultipartUpload>`;
      const reply = await sendSigned(cloud, {
        method: 'POST',
        key: 'big',
        query: { uploadId },
        body,
      });
      expect(reply.status, body).toBe(400);
    });
    await client.abortMultipartUpload('big', uploadId);
    expect(keys()).toEqual(['a']);
  });

  it('1,000 bodies that are cut off, or of another digest, leave the object as it was', async () => {
    await each(1000, async (round) => {
      if (round % 2 === 0) {
        const digest = Buffer.alloc(16, below(256)).toString('base64');
        const reply = await sendSigned(cloud, {
          method: 'PUT',
          key: 'a',
          body: `other ${round}`,
          headers: { 'content-md5': digest },
        });
        expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidDigest']);
        return;
      }
      const date = new Date(cloud.clock.now()).toUTCString();
      const signature = createHmac('sha1', OWNER.accessKeySecret)
        .update(`PUT\n\n\n${date}\n/${BUCKET}/a`)
        .digest('base64');
      const whole = Buffer.from(
        `PUT /${BUCKET}/a HTTP/1.1\r\nHost: localhost\r\nDate: ${date}\r\nAuthorization: OSS ${OWNER.accessKeyId}:${signature}\r\nContent-Length: 5000\r\n\r\n${'y'.repeat(5000)}`,
      );
      expect(await raw(whole.subarray(0, whole.length - 1 - below(4900)))).not.toMatch(
        /^HTTP\/1.1 2/,
      );
    });
    expect(await cloud.oss.service.readObject(BUCKET, 'a')).toEqual(Buffer.from('text'));
  });

  it('1,000 forms whose policy does not match, or was changed, store nothing', async () => {
    const expiration = new Date(cloud.clock.now() + 600_000).toISOString();
    const policyText = JSON.stringify({
      expiration,
      conditions: [['eq', '$key', 'form'], ['content-length-range', 1, 5], { bucket: BUCKET }],
    });
    const policy = Buffer.from(policyText).toString('base64');
    const signature = createHmac('sha1', OWNER.accessKeySecret).update(policy).digest('base64');
    const form = (fields: Record<string, string>, file: string) =>
      `${Object.entries({ ...fields, file })
        .map(
          ([name, value]) =>
            `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
        )
        .join('')}--b--\r\n`;
    const fields = { key: 'form', OSSAccessKeyId: OWNER.accessKeyId, policy, Signature: signature };
    const post = (body: string) =>
      send(cloud, {
        method: 'POST',
        path: `/${BUCKET}/`,
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body,
      });
    expect((await post(form(fields, 'four'))).status).toBe(204);
    await sendSigned(cloud, { method: 'DELETE', key: 'form' });
    await each(1000, async (round) => {
      const body =
        [
          () => form({ ...fields, key: `${mutate('form', 'abc')}x` }, 'four'),
          () => form(fields, pick(['', 'x'.repeat(6), 'x'.repeat(100_000)])),
          () =>
            form(
              {
                ...fields,
                policy: Buffer.from(`${mutate(policyText, '[]{},"$a1')} `).toString('base64'),
              },
              'four',
            ),
          () => form({ ...fields, Signature: `x${mutate(signature, 'abc')}` }, 'four'),
          () => form(fields, 'four').slice(0, -1 - below(300) - 8),
        ][round % 5]?.() ?? '';
      const reply = await post(body);
      answered(reply, body);
      expect(reply.status, body).toBeGreaterThanOrEqual(400);
    });
    expect(keys()).toEqual(['a']);
  });

  it('1,500 requests with bytes changed get an answer or a closed connection', async () => {
    const whole = Buffer.from(
      `PUT /${BUCKET}/raw?x=1&acl HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nOrigin: http://a\r\nx-oss-meta-a: b\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntext\r\n0\r\n\r\n`,
    );
    await each(1500, async () => {
      const bytes = Buffer.from(whole);
      for (let change = 0; change <= below(4); change += 1) bytes[below(bytes.length)] = below(256);
      expect(await raw(bytes), bytes.toString('latin1')).not.toMatch(/HTTP\/1.1 (?:2|500)/);
    });
    expect(keys()).toEqual(['a']);
    expect((await sendSigned(cloud, { key: 'a' })).text).toBe('text');
  });
});
