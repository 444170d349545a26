import { describe, expect, it } from 'vitest';
import { refusal } from '#src/console/check-caller';
import { startTestConsole } from './fixture.ts';

describe('a Host header', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('may be %s', async (name) => {
    const { get, port } = await startTestConsole();
    expect(await get('/', { host: `${name}:${port}` })).toMatchObject({ status: 200 });
  });

  it.each(['rebound.example', '127.0.0.1.rebound.example', 'localhost.', '10.0.0.1', ''])(
    'may not be "%s"',
    async (name) => {
      const { get, post, port } = await startTestConsole();
      const host = `${name}:${port}`;
      for (const path of ['/', '/queues/orders', '/style.css']) {
        const { status, text } = await get(path, { host });
        expect([status, text]).toEqual([403, expect.stringContaining('open it by its address')]);
      }
      const own = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
      expect(await post('/queues/orders/purge', {}, own)).toMatchObject({ status: 403 });
    },
  );
});

describe('a form', () => {
  const SEND = '/queues/orders/send';
  const send = { body: 'hello' };

  it('is taken from a page of the console', async () => {
    const { post, url, bodies } = await startTestConsole();
    const browser = { origin: url, 'sec-fetch-site': 'same-origin' };
    expect(await post(SEND, send, browser)).toMatchObject({ status: 303 });
    expect(await post(SEND, send, { origin: url })).toMatchObject({ status: 303 });
    expect(bodies('orders')).toEqual(['hello', 'hello']);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame or file', { origin: 'null' }],
    ['a site that sends no Origin', { 'sec-fetch-site': 'cross-site' }],
    ['another port, as the browser says', { 'sec-fetch-site': 'same-site' }],
    ['no browser', {}],
  ])('is refused from %s', async (_, headers) => {
    const { post, bodies } = await startTestConsole();
    const { status, text } = await post(SEND, send, headers as Record<string, string>);
    expect([status, text]).toEqual([403, expect.stringContaining('not sent by a page')]);
    expect(bodies('orders')).toEqual([]);
  });

  it('is refused when Origin and Sec-Fetch-Site differ about where it is from', async () => {
    const { post, url } = await startTestConsole();
    const headers = { origin: url, 'sec-fetch-site': 'cross-site' };
    expect(await post(SEND, send, headers)).toMatchObject({ status: 403 });
  });
});

describe('a console on an address of the network', () => {
  const ADDRESS = '192.0.2.7';
  const from = (remoteAddress: string, host: string) => ({
    method: 'GET',
    headers: { host },
    socket: { remoteAddress, localAddress: ADDRESS },
  });

  it('answers this machine, by that address', () => {
    expect(refusal(from(ADDRESS, `${ADDRESS}:6805`), ADDRESS)).toBeUndefined();
    expect(refusal(from(ADDRESS, 'dev.example:6805'), 'DEV.example')).toBeUndefined();
  });

  it('answers no other machine, whatever name it uses', () => {
    for (const host of [`${ADDRESS}:6805`, 'localhost:6805'])
      expect(refusal(from('192.0.2.8', host), ADDRESS)).toContain('for this machine only');
  });

  it('does not answer by a name that is not its own', () => {
    expect(refusal(from(ADDRESS, 'rebound.example'), ADDRESS)).toContain('by its address');
  });
});
