import { expect, it } from 'vitest';
import { linkOf, seen, startTestConsole } from './fixture.ts';

it('lists a bucket folder by folder', async () => {
  const { get, store } = await startTestConsole();
  await store('a.txt', 'hello', { 'content-type': 'text/plain' });
  await store('in/deep/b.txt', 'x');
  const top = await get('/buckets/photos');
  expect(seen(top)).toContain('2 objects, 6 B, private');
  expect(seen(top)).toMatch(/in\/ folder a.txt 5 B text\/plain [\d:]+/);
  expect(top.text).toContain('<a href="/buckets/photos?prefix=in%2F">in/</a>');
  const below = await get('/buckets/photos?prefix=in%2F');
  expect(seen(below)).toContain('deep/ folder');
  expect(seen(below)).not.toContain('a.txt');
});

it('has 500 keys on a page, and a link to more', async () => {
  const { get, store } = await startTestConsole();
  for (let nth = 0; nth < 501; nth++) await store(`é-${String(nth).padStart(3, '0')}`, 'x');
  const first = await get('/buckets/photos');
  expect(seen(first).match(/é-\d+/g)).toHaveLength(500);
  const second = await get(linkOf(first, 'More'));
  expect(seen(second).match(/é-\d+/g)).toEqual(['é-500']);
  expect(second.text).not.toContain('>More<');
});

it('escapes keys, types and prefixes', async () => {
  const { get, store } = await startTestConsole();
  const key = `"><img src=x onerror='alert(1)'>&.txt`;
  await store(key, 'x', { 'content-type': '<b>' });
  const listed = await get('/buckets/photos');
  expect(listed.text).not.toMatch(/<img|<b>/);
  expect(seen(listed)).toContain(key);
  expect(seen(await get(linkOf(listed, key)))).toContain(`object ${key}`);
  const prefix = await get(`/buckets/photos?prefix=${encodeURIComponent('"><script>')}`);
  expect(prefix.text).toContain('value="&quot;&gt;&lt;script&gt;"');
});

it('is a 404 for a bucket that is not there', async () => {
  const { get } = await startTestConsole();
  expect(await get('/buckets/none')).toMatchObject({ status: 404 });
});

it('shows the whole word where a prefix ends within one, and its folder left out', async () => {
  const { get, store } = await startTestConsole();
  for (const key of ['orders/1.txt', 'ordered.txt', 'in/ordinary.txt', 'in/ord/2.txt'])
    await store(key, 'x');
  const top = await get('/buckets/photos?prefix=ord');
  expect(linkOf(top, 'orders/')).toBe('/buckets/photos?prefix=orders%2F');
  expect(linkOf(top, 'ordered.txt')).toBe('/buckets/photos/object?key=ordered.txt');
  const below = await get('/buckets/photos?prefix=in%2Ford');
  expect(linkOf(below, 'ord/')).toBe('/buckets/photos?prefix=in%2Ford%2F');
  expect(linkOf(below, 'ordinary.txt')).toBe('/buckets/photos/object?key=in%2Fordinary.txt');
});
