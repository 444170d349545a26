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

it('takes forms of up to a megabyte', async () => {
  const { post } = await startTestConsole();
  const answer = await post('/queues/orders/send', { body: 'x'.repeat(1024 * 1024) });
  expect([answer.status, seen(answer)]).toEqual([413, expect.stringContaining('up to 1048576')]);
});

it('says only what it did itself', async () => {
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

it('says that its port is taken, and what had been started is stopped again', async () => {
  const server = createServer();
  const port = await listen(server, '127.0.0.1', 0);
  onTestFinished(() => close(server));
  const starting = startLocalCloud({ console: true, consolePort: port });
  await expect(starting).rejects.toMatchObject({ code: 'PortTaken' });
});
