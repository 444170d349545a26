import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { close, listen } from '#src/http/listen';
import { startLocalCloud } from '#src/main';
import { httpEvent } from '#src/testing/events';
import { seen, startTestConsole } from './fixture.ts';

it('serves its style and script, and loads nothing else', async () => {
  const { get } = await startTestConsole();
  const page = await get('/');
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toMatch(/^default-src 'none'/);
  expect(policy).not.toContain('unsafe');
  expect(page.text).not.toMatch(/<script>|<style|style="| on\w+="/);
  expect((await get('/style.css')).headers['content-type']).toBe('text/css; charset=utf-8');
  expect((await get('/live.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
});

it.each([
  ['GET', '/none', 404],
  ['GET', '/queues', 404],
  ['GET', '/queues/', 404],
  ['GET', '/buckets/', 404],
  ['GET', '/functions/', 404],
  ['POST', '/queues//send', 404],
  ['GET', `/buckets/${'x'.repeat(2000)}`, 404],
  ['GET', `/buckets/photos?prefix=${'x'.repeat(1024)}`, 400],
  ['GET', `/buckets/photos?prefix=${'x'.repeat(1023)}`, 200],
  ['GET', `/buckets/photos/object?key=${'x'.repeat(1024)}`, 400],
  ['GET', `/buckets/photos?after=${'x'.repeat(4000)}`, 200],
  ['GET', '/queues/orders/purge', 405],
  ['GET', '/queues/%zz', 400],
  ['GET', '//evil.example/', 404],
  ['GET', '/__proto__', 404],
  ['POST', '/', 405],
  ['POST', '/queues/none/purge', 404],
])('answers %s %s with %i', async (method, path, status) => {
  const { get, post } = await startTestConsole();
  expect(await (method === 'GET' ? get : post)(path)).toMatchObject({ status });
});

it.each(['/', '/queues/orders', '/topics/news', '/buckets/photos', '/none'])(
  'has one heading of the first rank, a way past the header and no unnamed column on %s',
  async (path) => {
    const { get, smq } = await startTestConsole();
    await smq.send('orders', { body: '{"a":1}' });
    const { text } = await get(path);
    expect(text.match(/<h1/g)).toHaveLength(1);
    expect(text).toContain('<a class="skip" href="#main">');
    expect(text).toContain('<main id="main" tabindex="-1">');
    expect(text).not.toMatch(/<th[^>]*><\/th>|<pre>|class="scroll"(?! tabindex="0")/);
  },
);

it('keeps links and texts apart from the ground, by day and by night', async () => {
  const { get } = await startTestConsole();
  const { text } = await get('/style.css');
  expect(text).toMatch(/main a \{ text-decoration: underline/);
  for (const scheme of text.split('@media (prefers-color-scheme: dark)').slice(0, 2)) {
    const colour = (name: string) => new RegExp(`--${name}: (#\\w{6})`).exec(scheme)?.[1] ?? '';
    for (const name of ['text', 'dim', 'link', 'busy', 'bad'])
      for (const ground of ['ground', 'raised'])
        expect([name, ground, contrast(colour(name), colour(ground)) >= 4.5]).toEqual([
          name,
          ground,
          true,
        ]);
  }
});

/** Computes the contrast as WCAG 2 does. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [one, other].map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it('takes forms of up to a megabyte', async () => {
  const { post } = await startTestConsole();
  const answer = await post('/queues/orders/send', { body: 'x'.repeat(1024 * 1024) });
  expect([answer.status, seen(answer)]).toEqual([413, expect.stringContaining('up to 1048576')]);
});

it('shows only notices of its own actions', async () => {
  const { get, submit } = await startTestConsole();
  expect(seen(await submit('/queues/orders/purge'))).toContain('Removed 0 messages');
  expect(seen(await get('/?notice=Your+disk+is+full'))).not.toContain('disk');
});

it('is there when it is asked for, with no secret on any page', async () => {
  const accessKeySecret = 'a-secret-that-nobody-sees';
  const secrets = [accessKeySecret];
  const cloud = await startLocalCloud(
    {
      project: fileURLToPath(new URL('../../..', import.meta.url)),
      accessKeySecret,
      console: true,
    },
    {
      tamper(credentials) {
        secrets.push(credentials.accessKeySecret, credentials.securityToken);
        return credentials;
      },
    },
  );
  onTestFinished(() => cloud.close());
  const wish = { kind: 'sts', name: 'notes.txt', contentType: 'text/plain', size: 6 };
  const answer = await cloud.fc?.invoke('upload-grant', httpEvent({ body: JSON.stringify(wish) }));
  const { credentials } = JSON.parse(JSON.parse(String(answer?.body)).body);
  secrets.push(credentials.accessKeySecret, credentials.securityToken);
  expect(secrets.filter(Boolean).length).toBeGreaterThan(4);

  const paths = new Set(['/']);
  for (const path of paths) {
    const response = await fetch(`${cloud.console?.url}${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    const text = await response.text();
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    for (const [, link = ''] of text.matchAll(/href="(\/[^"#?]*)"/g)) paths.add(link);
  }
  expect([...paths].filter((path) => path.includes('/invocations/'))).toHaveLength(1);
  expect(paths.size).toBeGreaterThan(15);
});

it('is not there otherwise', async () => {
  const cloud = await startLocalCloud();
  onTestFinished(() => cloud.close());
  expect(cloud.console).toBeUndefined();
});

it('reports that its port is taken, and stops what had been started', async () => {
  const server = createServer();
  const port = await listen(server, '127.0.0.1', 0);
  onTestFinished(() => close(server));
  const starting = startLocalCloud({ console: true, consolePort: port });
  await expect(starting).rejects.toMatchObject({ code: 'PortTaken' });
});
