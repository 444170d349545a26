import { describe, expect, it } from 'vitest';
import { seen, startTestConsole } from './fixture.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const SANDBOX = /^sandbox; default-src 'none'/;

describe('the page of an object', () => {
  it('shows JSON with line breaks, and its properties', async () => {
    const { get, store } = await startTestConsole();
    await store('a.json', '{"a":{"b":1}}', { 'content-type': 'application/json' });
    const page = seen(await get('/buckets/photos/object?key=a.json'));
    expect(page).toContain('content-type application/json');
    expect(page).toContain('{ "a": { "b": 1 } }');
  });

  it('shows HTML as text and never runs it', async () => {
    const { get, store } = await startTestConsole();
    const content = '<script>alert(1)</script>';
    await store('a.html', content, { 'content-type': 'text/html' });
    const page = await get('/buckets/photos/object?key=a.html');
    expect(seen(page)).toContain(content);
    expect(page.text).not.toContain(content);
    expect(page.headers['content-security-policy']).toMatch(
      /default-src 'none'.*script-src 'self'/,
    );
    expect(await get('/buckets/photos/image?key=a.html')).toMatchObject({ status: 404 });
  });

  it.each([
    ['image/png', PNG],
    ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ])('shows a picture of type %s from a sandbox', async (type, content) => {
    const { get, store } = await startTestConsole();
    await store('a', content, { 'content-type': type });
    const page = await get('/buckets/photos/object?key=a');
    expect(page.text).toContain('<img src="/buckets/photos/image?key=a"');
    const { headers } = await get('/buckets/photos/image?key=a');
    expect(headers).toMatchObject({ 'content-type': type, 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toMatch(SANDBOX);
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  it('shows the first megabyte of a long text, and no long picture', async () => {
    const { get, store } = await startTestConsole();
    await store('long', `${'x'.repeat(1024 * 1024 - 1)}€, the end`);
    const page = seen(await get('/buckets/photos/object?key=long'));
    expect(page).toContain('The first 1.0 MB of 1.0 MB');
    expect(page).not.toContain('the end');
    await store('big', Buffer.alloc(1024 * 1024 + 1), { 'content-type': 'image/png' });
    expect(seen(await get('/buckets/photos/object?key=big'))).toContain('Not text: download it');
    expect(await get('/buckets/photos/image?key=big')).toMatchObject({ status: 404 });
  });

  it('shows a symlink as such, also to an object that is gone', async () => {
    const { get, oss } = await startTestConsole();
    const properties = {
      headers: {},
      meta: {},
      acl: 'default',
      storageClass: 'Standard',
      tags: [],
    } as const;
    await oss.objects.link(
      { bucket: 'photos', key: 'l' },
      'gone',
      { properties },
      { requestId: 'R' },
    );
    const page = await get('/buckets/photos/object?key=l');
    expect(page.text).toContain('<a href="/buckets/photos/object?key=gone">gone</a>');
  });

  it('is a 404 for a key that is not there', async () => {
    const { get } = await startTestConsole();
    expect(await get('/buckets/photos/object?key=none')).toMatchObject({ status: 404 });
    expect(await get('/buckets/photos/object')).toMatchObject({ status: 404 });
  });
});

it('downloads an object under its own name, never as a page', async () => {
  const { get, store } = await startTestConsole();
  await store(`in/it's "new".html`, '<p>', { 'content-type': 'text/html' });
  const { headers, text } = await get(
    `/buckets/photos/download?key=${encodeURIComponent(`in/it's "new".html`)}`,
  );
  expect(text).toBe('<p>');
  expect(headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': "attachment; filename*=UTF-8''it_s%20%22new%22.html",
  });
  expect(headers['content-security-policy']).toMatch(SANDBOX);
});

it('removes an object of any key, and notifies listeners', async () => {
  const { oss, store, submit } = await startTestConsole();
  const events: string[] = [];
  oss.onEvent(({ name, key, requester }) => events.push(`${name} ${key} ${requester?.kind}`));
  const key = 'in/a\r\n"b".txt';
  await store(key, 'x');
  const page = await submit(`/buckets/photos/delete?key=${encodeURIComponent(key)}`);
  expect(seen(page)).toContain('Removed in/a "b".txt');
  expect(oss.listObjects('photos')).toEqual([]);
  expect(events.at(-1)).toBe(`ObjectRemoved:DeleteObject ${key} account`);
});
