import { expect, it, onTestFinished } from 'vitest';
import { startLocalCloud } from '#src/main';

it('a signed URL of the console puts and gets the object of an odd key, until it expires', async () => {
  const made = { queues: [], topics: [], buckets: ['photos'] };
  const cloud = await startLocalCloud({ console: true, made });
  onTestFinished(() => cloud.close());
  const url = cloud.console?.url ?? '';
  const key = "a b/it's 汉 (1)+~.txt";
  const sign = async (method: string): Promise<string> => {
    const page = await fetch(`${url}/buckets/photos/sign?key=${encodeURIComponent(key)}`, {
      method: 'POST',
      headers: { origin: url },
      body: new URLSearchParams({ method, seconds: '60' }),
    });
    const [, found = ''] = /<code>(http[^<]*)<\/code>/.exec(await page.text()) ?? [];
    return found.replaceAll('&amp;', '&');
  };
  const body = Buffer.from('hello');
  expect((await fetch(await sign('PUT'), { method: 'PUT', body })).status).toBe(200);
  const got = await fetch(await sign('GET'));
  expect([got.status, await got.text()]).toEqual([200, 'hello']);
  const late = (await sign('GET')).replace(/Expires=\d+/, 'Expires=1');
  expect((await fetch(late)).status).toBe(403);
});
