import { expect, it } from 'vitest';
import { NotedRequest } from '#src/requests/noted-request';
import { startTestConsole } from './fixture.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const parts = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

it('a trace of very many leases shows a thousand rows, and says how many more there are', async () => {
  const { clock, requests, get } = await startTestConsole();
  const receive = (): void => {
    const request = new NotedRequest('SMQ', clock.now(), 'GET', '/queues/orders/messages');
    request.operation = 'mns:BatchReceiveMessage';
    request.messages = Array.from({ length: 400 }, (_, nth) => ({
      id: `message-${nth}`,
      enqueuedAt: clock.now(),
      visibleAt: clock.now() + 30_000,
      traceId: TRACE,
    }));
    requests.add(request);
  };
  receive();
  const all = await get(`/traces/${TRACE}`);
  expect(parts(all.text, /<tr><td class="depth/g)).toBe(800);
  expect(all.text).not.toContain('more than these');
  receive();
  const part = await get(`/traces/${TRACE}`);
  expect(parts(part.text, /<tr><td class="depth/g)).toBe(1000);
  expect(part.text).toContain('It has 200 rows more than these.');
});

it('a trace of very many log lines shows a thousand of all functions, and says how many more there are', async () => {
  const { runtime, deploy, get } = await startTestConsole();
  const code = `exports.handler = async (event) => {
    for (let nth = 0; nth < 600; nth++) console.log('line ' + nth + ' of ' + event); };`;
  for (const name of ['one', 'two']) await deploy(code, { name, resource: name });
  const event = Buffer.from(
    JSON.stringify({ headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } }),
  );
  await runtime.invoke('one', event);
  const all = await get(`/traces/${TRACE}`);
  expect(parts(all.text, /\bline \d+ of /g)).toBe(600);
  expect(all.text).not.toMatch(/There are .* more/);
  await runtime.invoke('two', event);
  const part = await get(`/traces/${TRACE}`);
  expect(parts(part.text, /\bline \d+ of /g)).toBe(1000);
  expect(part.text).toContain('There are 200 log lines more.');
});
