import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localCloud } from '#test/local-cloud';
import { complaintsOf, inChromium, openPage } from './chromium.ts';

/** A page of a shop's own site, as the README of upload-grant has it: it asks for a grant, then uploads with it. */
const page = (grantAddress: string) => `<!doctype html>
<title>Upload</title>
<form id="form" method="post" enctype="multipart/form-data"><input type="file" name="file" aria-label="file"></form>
<button id="put">Put</button> <output></output>
<script type="module">
  const { file } = form.elements;
  const said = document.querySelector('output');
  async function granted(kind) {
    const { name, type: contentType, size } = file.files[0];
    const body = JSON.stringify({ kind, name, contentType, size });
    const answer = await fetch('${grantAddress}', { method: 'POST', body });
    if (!answer.ok) throw new Error((await answer.json()).error.code);
    return answer.json();
  }
  const report = (work) => () => work().catch((error) => (said.textContent = String(error)));
  file.onchange = report(async () => {
    const { url, fields } = await granted('post');
    for (const [name, value] of Object.entries(fields))
      file.before(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    form.action = url;
    said.textContent = 'ready to post';
  });
  put.onclick = report(async () => {
    const { url, headers } = await granted('url');
    const { 'content-length': _, ...rest } = headers;
    const answer = await fetch(url, { method: 'PUT', headers: rest, body: file.files[0] });
    said.textContent = answer.status + ' ' + answer.headers.get('etag');
  });
</script>`;

/** Serves the page at its own address, so that function and bucket are other origins. */
async function site(grantAddress: string): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(page(grantAddress));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function start() {
  const cloud = await localCloud();
  const shop = await openPage();
  const complaints = complaintsOf(shop.context());
  await shop.goto(await site(cloud.function('upload-grant').url));
  const choose = (name: string, mimeType: string, text: string) =>
    shop.getByLabel('file').setInputFiles({ name, mimeType, buffer: Buffer.from(text) });
  const says = (text: string | RegExp) => shop.locator('output', { hasText: text }).waitFor();
  return { cloud, bucket: cloud.bucket(), shop, complaints, choose, says };
}

inChromium('an upload by what upload-grant gave, from a page of another origin', () => {
  it('posts the form to the bucket', async () => {
    const { bucket, shop, choose, says } = await start();
    await choose('notes.txt', 'text/plain', 'a text');
    await says('ready to post');
    const [answer] = await Promise.all([
      shop.waitForResponse((response) => response.request().method() === 'POST'),
      shop.locator('form').evaluate((form) => (form as unknown as { submit(): void }).submit()),
    ]);
    expect(answer.status()).toBe(201);
    expect(await bucket.objects('uploads/')).toEqual({ 'uploads/notes.txt': 'a text' });
    expect((await bucket.object('uploads/notes.txt')).contentType).toBe('text/plain');
  });

  it('puts the file to the signed address, once', async () => {
    const { bucket, shop, complaints, choose, says } = await start();
    await choose('notes.txt', 'text/plain', 'a text');
    await says('ready to post');
    await shop.getByRole('button', { name: 'Put' }).click();
    await says(/^200 "[0-9A-F]{32}"$/);
    expect(complaints).toEqual([]);
    expect(await bucket.objects('uploads/')).toEqual({ 'uploads/notes.txt': 'a text' });
    await shop.getByRole('button', { name: 'Put' }).click();
    await says('409');
  });

  describe('when the rules say no', () => {
    it('reads why, from the function', async () => {
      const { bucket, choose, says } = await start();
      await choose('page.html', 'text/html', '<script>');
      await says('UnsupportedMediaType');
      expect(bucket.keys('uploads/')).toEqual([]);
    });

    it('is refused by the bucket under another key than was granted', async () => {
      const { bucket, shop, choose, says } = await start();
      await choose('notes.txt', 'text/plain', 'a text');
      await says('ready to post');
      await shop
        .locator('[name="key"]')
        .evaluate((key) => Object.assign(key, { value: 'uploads/others.txt' }));
      const [answer] = await Promise.all([
        shop.waitForResponse((response) => response.request().method() === 'POST'),
        shop.locator('form').evaluate((form) => (form as unknown as { submit(): void }).submit()),
      ]);
      expect(answer.status()).toBe(403);
      expect(bucket.keys('uploads/')).toEqual([]);
    });
  });
});
