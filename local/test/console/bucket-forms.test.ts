import { describe, expect, it } from 'vitest';
import { exchange } from '../exchange.ts';
import { linkOf, seen, startTestConsole } from './fixture.ts';

const BOUNDARY = 'xYzZy';

/** Returns a form as a browser sends it. */
function multipart(folder: string, file: string, content: Buffer, type?: string): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="folder"\r\n\r\n${folder}\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${file}"\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n`;
  return Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}

async function startUploads() {
  const test = await startTestConsole();
  const upload = (body: Buffer, headers: Record<string, string> = {}) =>
    exchange(test.port, {
      method: 'POST',
      path: '/buckets/photos/upload',
      headers: {
        origin: test.url,
        'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
        'content-length': String(body.length),
        ...headers,
      },
      body,
    });
  return { ...test, upload };
}

describe('the upload form', () => {
  it('stores a file byte by byte under its name in the folder, and the page of the folder follows', async () => {
    const { upload, oss, get } = await startUploads();
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, nth) => (nth * 7) % 256));
    const { status, headers } = await upload(
      multipart('in/汉/', "it's & <c>.bin", bytes, 'image/png'),
    );
    expect(status).toBe(303);
    const key = "in/汉/it's & <c>.bin";
    expect(await oss.readObject('photos', key)).toEqual(bytes);
    expect(oss.objects.require({ bucket: 'photos', key }).headers['content-type']).toBe(
      'image/png',
    );
    const page = await get(headers.location ?? '');
    expect(seen(page)).toContain(`Stored ${key}, 68 KB`);
    expect(page.text).not.toContain('<c>');
  });

  it('takes the quote of a name as a browser writes it, and the type by the name where the browser has none', async () => {
    const { upload, oss } = await startUploads();
    await upload(multipart('', 'C:\\pictures\\a %22b%22.txt', Buffer.from('hello')));
    const object = oss.objects.require({ bucket: 'photos', key: 'a "b".txt' });
    expect(object.headers['content-type']).toBe('text/plain');
    expect((await oss.readObject('photos', 'a "b".txt')).toString()).toBe('hello');
  });

  it.each(['in', 'in/'])('puts a file into the folder "%s"', async (folder) => {
    const { upload, oss } = await startUploads();
    await upload(multipart(folder, 'a.txt', Buffer.from('hello')));
    expect(oss.listObjects('photos').map(({ key }) => key)).toEqual(['in/a.txt']);
  });

  it.each([
    ['no name', multipart('', '', Buffer.from('x')), {}, 400],
    ['a key that starts with a slash', multipart('/', 'a', Buffer.from('x')), {}, 400],
    ['a key that is too long', multipart('x'.repeat(1030), 'a', Buffer.from('x')), {}, 400],
    ['no end', multipart('', 'a', Buffer.from('x')).subarray(0, -10), {}, 400],
    [
      'another boundary',
      multipart('', 'a', Buffer.from('x')),
      { 'content-type': 'multipart/form-data; boundary=other' },
      400,
    ],
    [
      'another type',
      multipart('', 'a', Buffer.from('x')),
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
    ],
    [
      'another origin',
      multipart('', 'a', Buffer.from('x')),
      { origin: 'https://evil.example' },
      403,
    ],
    ['a large file and no name', multipart('', '', Buffer.alloc(3_000_000)), {}, 400],
  ])('stores nothing of a form with %s', async (_, body, headers, status) => {
    const { upload, oss } = await startUploads();
    expect((await upload(body, headers as Record<string, string>)).status).toBe(status);
    expect(oss.listObjects('photos')).toEqual([]);
  });
});

describe('the list of objects', () => {
  it('removes those that are ticked, whatever their names, and no others', async () => {
    const { get, submit, store, oss } = await startTestConsole();
    const odd = 'in/line\r\nbreak & "quote" <b> 汉';
    for (const key of ['in/a', 'in/b', odd]) await store(key, 'x');
    const { text } = await get('/buckets/photos?prefix=in/');
    expect(text).not.toContain('<b>');
    const values = [...text.matchAll(/name="key" value="([^"]*)"/g)].map(([, value = '']) => value);
    expect(values).toContain(encodeURIComponent(odd).replaceAll("'", '&#39;'));
    const page = await submit('/buckets/photos/delete-ticked', [
      ['key', 'in%2Fa'],
      ['key', encodeURIComponent(odd)],
    ]);
    expect(seen(page)).toContain('Removed 2 objects');
    expect(oss.listObjects('photos').map(({ key }) => key)).toEqual(['in/b']);
  });

  it.each([[{}], [{ key: '%zz' }]])('removes nothing for %j', async (form) => {
    const { post, store, oss } = await startTestConsole();
    await store('a', 'x');
    expect(
      (await post('/buckets/photos/delete-ticked', form as Record<string, string>)).status,
    ).toBe(400);
    expect(oss.listObjects('photos')).toHaveLength(1);
  });
});

describe('what a consumer has set aside', () => {
  const entry = (name: string, body: string) =>
    JSON.stringify({
      source: { kind: 'queue', name },
      body,
      userProperties: { n: 1, s: 'x', b: { base64: 'AAE=' } },
      messageGroupId: 'customer 7',
    });

  it('goes back to its queue with its properties, from its own page and from the list', async () => {
    const { get, submit, store, smq, oss } = await startTestConsole();
    await store('quarantine/orders/2026-01-01/1.json', entry('orders', 'poison'));
    await store('quarantine/orders/2026-01-01/2.json', entry('orders', 'more'));
    expect(
      seen(await get('/buckets/photos/object?key=quarantine/orders/2026-01-01/1.json')),
    ).toContain('Send it back to orders');
    await submit('/buckets/photos/redrive?key=quarantine/orders/2026-01-01/1.json');
    await submit('/buckets/photos/redrive', { key: 'quarantine%2Forders%2F2026-01-01%2F2.json' });
    expect(smq.inspect('orders').map(({ body }) => body)).toEqual(['poison', 'more']);
    expect(smq.inspect('orders')[0]?.userProperties).toEqual([
      { name: 'n', value: '1', type: 'NUMBER' },
      { name: 's', value: 'x', type: 'STRING' },
      { name: 'b', value: 'AAE=', type: 'BINARY' },
    ]);
    expect(smq.inspect('orders').map(({ groupId }) => groupId)).toEqual([
      'customer 7',
      'customer 7',
    ]);
    expect(oss.listObjects('photos')).toEqual([]);
  });

  it.each([
    ['{}', 400],
    [entry('none', 'x'), 404],
    ['no json', 400],
  ])('stays where it is when it cannot go back: %s', async (text, status) => {
    const { post, store, oss, bodies } = await startTestConsole();
    await store('quarantine/a.json', entry('orders', 'good'));
    await store('quarantine/b.json', text);
    const form: [string, string][] = [
      ['key', 'quarantine%2Fa.json'],
      ['key', 'quarantine%2Fb.json'],
    ];
    expect((await post('/buckets/photos/redrive', form)).status).toBe(status);
    expect(oss.listObjects('photos')).toHaveLength(2);
    expect(bodies('orders')).toEqual([]);
  });
});

describe('the settings of a bucket', () => {
  it('are the documents of the API, saved and taken away', async () => {
    const { get, submit, oss } = await startTestConsole();
    const cors =
      '<CORSConfiguration><CORSRule><AllowedOrigin>https://a.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>';
    await submit('/buckets/photos/cors', { document: cors });
    expect(oss.buckets.require('photos').cors?.rules[0]?.allowedOrigins).toEqual([
      'https://a.example',
    ]);
    const page = seen(await get('/buckets/photos/settings'));
    expect(page).toContain('<AllowedOrigin>https://a.example</AllowedOrigin>');
    const lifecycle =
      '<LifecycleConfiguration><Rule><ID>old</ID><Prefix>tmp/</Prefix><Status>Enabled</Status><Expiration><Days>7</Days></Expiration></Rule></LifecycleConfiguration>';
    await submit('/buckets/photos/lifecycle', { document: lifecycle });
    expect(oss.buckets.require('photos').lifecycle).toMatchObject([
      { id: 'old', prefix: 'tmp/', expiration: { days: 7 } },
    ]);
    await submit('/buckets/photos/cors', { document: ' ' });
    expect(oss.buckets.require('photos').cors).toBeUndefined();
  });

  it.each([
    ['cors', '<no'],
    ['cors', '<LifecycleConfiguration></LifecycleConfiguration>'],
    ['cors', '<CORSConfiguration></CORSConfiguration>'],
    [
      'lifecycle',
      '<LifecycleConfiguration><Rule><Status>On</Status></Rule></LifecycleConfiguration>',
    ],
  ])('refuse %s %s and stay', async (what, document) => {
    const { post, oss } = await startTestConsole();
    expect((await post(`/buckets/photos/${what}`, { document })).status).toBe(400);
    expect(oss.buckets.require('photos').cors).toBeUndefined();
    expect(oss.buckets.require('photos').lifecycle).toBeUndefined();
  });

  it('list the uploads that were not completed, and abort one', async () => {
    const { get, submit, oss } = await startTestConsole();
    const properties = {
      headers: {},
      meta: {},
      acl: 'default',
      storageClass: 'Standard',
      tags: [],
    } as const;
    const upload = await oss.uploads.initiate({ bucket: 'photos', key: 'big & <b>' }, properties);
    const page = await get('/buckets/photos/settings');
    expect(seen(page)).toContain('big & <b>');
    expect(page.text).not.toContain('<b>');
    await submit('/buckets/photos/abort', {
      key: encodeURIComponent(upload.key),
      upload: upload.uploadId,
    });
    expect(oss.buckets.stat('photos').uploads).toBe(0);
  });
});

describe('a signed URL', () => {
  it('is on its own page, contains no secret, and is refused without a key or for too long', async () => {
    const { post, store, get } = await startTestConsole();
    await store("a b/it's 汉.txt", 'hello');
    const path = `/buckets/photos/sign?key=${encodeURIComponent("a b/it's 汉.txt")}`;
    const page = await post(path, { method: 'GET', seconds: '60' });
    const url = new URL(linkOf(page, seen(page).match(/http:\S+Signature=\S+/)?.[0] ?? ''));
    expect(url.searchParams.get('OSSAccessKeyId')).toBe('owner-id');
    expect(page.text).not.toContain('owner-secret');
    expect(url.href).not.toContain("'");
    expect((await post(path, { seconds: '604801' })).status).toBe(400);
    expect((await post(path, { seconds: '0' })).status).toBe(400);
    expect((await post('/buckets/none/sign?key=a')).status).toBe(404);
    expect((await get('/buckets/photos/sign?key=a')).status).toBe(405);
  });
});
