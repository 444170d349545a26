import { expect, it } from 'vitest';
import { linkOf, seen, startTestConsole } from './fixture.ts';

const PRINTS = "exports.handler = async (event) => console.log('saw ' + event);";

it('a text is found in bodies, properties, keys and log lines, whatever its case, with links', async () => {
  const { get, smq, store, deploy, runtime } = await startTestConsole();
  for (const body of ['other', 'the Needle <b>here</b>']) await smq.send('orders', { body });
  await smq.send('dead', {
    body: 'x',
    userProperties: [{ name: 'n', value: 'NEEDLE', type: 'STRING' }],
  });
  await store('in/needle & <i>.txt', 'x');
  await deploy(PRINTS);
  const { requestId } = await runtime.invoke('sample', Buffer.from('a needle'));
  const page = await get('/search?q=+needle+');
  expect(page.text).not.toMatch(/<b>|<i>/);
  const text = seen(page);
  expect(text).toMatch(/orders [\d:]+ the Needle <b>here<\/b>/);
  expect(text).toMatch(/dead [\d:]+ n = NEEDLE/);
  expect(linkOf(page, 'orders')).toBe('/queues/orders?from=1');
  expect(linkOf(page, 'in/needle & <i>.txt')).toBe(
    '/buckets/photos/object?key=in%2Fneedle%20%26%20%3Ci%3E.txt',
  );
  expect(page.text).toContain(`/functions/sample/invocations/${requestId}`);
  expect(text).not.toContain('other');
});

it('a secret in a log line is not found, so that it cannot be guessed', async () => {
  const { get, deploy, runtime } = await startTestConsole();
  await deploy(PRINTS);
  await runtime.invoke('sample', Buffer.from('{"password":"hunter2"}'));
  expect(seen(await get('/search?q=hunter'))).toMatch(/Log lines Not found\./);
  expect(seen(await get('/search?q=password'))).toContain('(hidden)');
});

it('a search shows a hundred of each, and without a text nothing', async () => {
  const { get, smq } = await startTestConsole();
  for (let nth = 0; nth < 101; nth++) await smq.send('orders', { body: `needle-${nth};` });
  const page = await get('/search?q=needle');
  expect(page.text.match(/-\d+;/g)).toHaveLength(100);
  expect(seen(page)).toContain('There may be more.');
  const empty = await get('/search?q=');
  expect([empty.status, seen(empty).includes('Not found')]).toEqual([200, false]);
  expect((await get(`/search?q=${'%3Cscript%3E'}`)).text).not.toContain('<script>');
});
