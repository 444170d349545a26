import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { inChromium, openPage } from './chromium.ts';
import { startShop } from './shop.ts';

const row = (page: Page, text: string) => page.locator('tr', { hasText: text });
const notice = (page: Page) => page.getByRole('status').innerText();
const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const open = (page: Page, id: string) => page.locator(`#${id} > summary`).click();

async function start(scripts: boolean) {
  const { url, cloud } = await startShop({ invoked: false });
  return { url, cloud, page: await openPage({ scripts }) };
}

inChromium('what is made and taken away in the console', () => {
  describe.each([true, false])('with scripts: %s', (scripts) => {
    it('makes queues, topics, subscriptions and buckets, and deletes them', async () => {
      const { url, page } = await start(scripts);
      for (const kind of ['queue', 'topic', 'bucket']) {
        await page.goto(url);
        await open(page, `new-${kind}`);
        await page.locator(`#new-${kind}`).getByLabel('name').fill(`made-${kind}`);
        await press(page, `Create the ${kind}`);
        expect(await notice(page)).toBe(`Created made-${kind}`);
        expect(page.url()).toContain(`${url}/${kind}s/made-${kind}`);
      }

      await page.goto(`${url}/topics/made-topic`);
      await open(page, 'subscribe');
      await page.locator('#subscribe').getByLabel('name').fill('made');
      await page.locator('#subscribe').getByLabel('queue, or address').fill('made-queue');
      await page.locator('#subscribe').getByRole('button').click();
      expect(await notice(page)).toBe('Subscribed made-queue');
      await page.getByLabel('body').fill('an offer');
      await press(page, 'Publish');
      await page.getByRole('link', { name: 'made-queue' }).click();
      await row(page, 'an offer').waitFor();

      for (const kind of ['queue', 'topic', 'bucket']) {
        await page.goto(`${url}/${kind}s/made-${kind}`);
        await open(page, 'remove');
        await page.locator('#remove').getByRole('button').click();
        expect(await notice(page)).toBe(`Deleted the ${kind} made-${kind}`);
      }
      expect(await page.getByRole('link', { name: /^made-/ }).count()).toBe(0);
    });

    it('uploads objects, signs an address for one, and deletes what is ticked', async () => {
      const { url, cloud, page } = await start(scripts);
      await page.goto(`${url}/buckets/shop-photos?prefix=new/`);
      for (const name of ['one.txt', 'two "é".txt']) {
        const buffer = Buffer.from(`the text of ${name}`);
        await page
          .locator('input[type="file"]')
          .setInputFiles({ name, mimeType: 'text/plain', buffer });
        await press(page, 'Upload');
        expect(await notice(page)).toContain(`Stored new/${name}`);
      }
      expect(await cloud.bucket('shop-photos').objects('new/')).toEqual({
        'new/one.txt': 'the text of one.txt',
        'new/two "é".txt': 'the text of two "é".txt',
      });

      await page.getByRole('link', { name: 'one.txt' }).click();
      await page.locator('form[action*="/sign"]').getByRole('button').click();
      const address = await page.locator('main a code').innerText();
      expect(await (await fetch(address)).text()).toBe('the text of one.txt');

      await page.goto(`${url}/buckets/shop-photos?prefix=new/`);
      for (const name of ['one.txt', 'two']) await row(page, name).getByRole('checkbox').check();
      await page.keyboard.press('Enter');
      expect(cloud.bucket('shop-photos').keys('new/')).toHaveLength(2);
      await press(page, 'Delete ticked');
      expect(await notice(page)).toBe('Removed 2 objects');
      expect(cloud.bucket('shop-photos').keys('new/')).toEqual([]);
    });

    it('makes a queue and a topic in order (FIFO), which take messages of a group', async () => {
      const { url, cloud, page } = await start(scripts);
      for (const kind of ['queue', 'topic']) {
        await page.goto(url);
        await open(page, `new-${kind}`);
        await page.locator(`#new-${kind}`).getByLabel('name').fill('in-order');
        await page.locator(`#new-${kind}`).getByLabel('in order (FIFO)').check();
        await press(page, `Create the ${kind}`);
        expect(await notice(page)).toBe('Created in-order');
        expect(await page.locator('main').innerText()).toContain('in order (FIFO)');
      }
      await cloud.topic('in-order').subscribe('both', { queue: 'in-order' });
      await page.goto(`${url}/queues/in-order`);
      await page.getByLabel('body').fill('first');
      await page.getByLabel('group').fill('a');
      await press(page, 'Send');
      expect(await notice(page)).toMatch(/^Sent message/);
      await page.goto(`${url}/topics/in-order`);
      await page.getByLabel('body').fill('second');
      await page.getByLabel('group').fill('b');
      await press(page, 'Publish');
      expect(await notice(page)).toMatch(/^Published message/);
      await page.goto(`${url}/queues/in-order`);
      await row(page, 'second').waitFor();
      expect(cloud.queue('in-order').messages()).toMatchObject([
        { body: 'first', groupId: 'a' },
        { body: 'second', groupId: 'b' },
      ]);
    });

    it('ends a subscription, and leaves the others', async () => {
      const { url, cloud, page } = await start(scripts);
      await cloud.topic('news').subscribe('to-empty', { queue: 'empty' });
      await page.goto(`${url}/topics/news`);
      await row(page, 'to-empty').getByRole('button', { name: 'End' }).click();
      expect(await notice(page)).toBe('Ended the subscription to-empty');
      expect(await row(page, 'to-empty').count()).toBe(0);
      expect(await row(page, 'to-orders').count()).toBe(1);
      await page.getByLabel('body').fill('an offer');
      await press(page, 'Publish');
      expect(await notice(page)).toMatch(/^Published message/);
      expect(cloud.queue('empty').bodies()).toEqual([]);
    });

    it('deletes the ticked messages of a queue, nothing by Enter', async () => {
      const { url, cloud, page } = await start(scripts);
      for (const body of ['one', 'two', 'three']) await cloud.queue('empty').send(body);
      await page.goto(`${url}/queues/empty`);
      for (const body of ['one', 'three']) await row(page, body).getByRole('checkbox').check();
      await page.keyboard.press('Enter');
      expect(cloud.queue('empty').bodies()).toEqual(['one', 'two', 'three']);
      await press(page, 'Delete ticked');
      expect(await notice(page)).toBe('Removed 2 messages');
      expect(cloud.queue('empty').bodies()).toEqual(['two']);
      expect(await row(page, 'two').count()).toBe(1);
    });

    it('sends messages that were set aside back, from their pages and ticked ones', async () => {
      const { url, cloud, page } = await start(scripts);
      const photos = cloud.bucket('shop-photos');
      for (const body of ['one', 'two', 'three'])
        await photos.put(
          `quarantine/empty/2026-01-01/${body}.json`,
          JSON.stringify({ source: { kind: 'queue', name: 'empty' }, body }),
        );
      const list = `${url}/buckets/shop-photos?prefix=quarantine/empty/2026-01-01/`;
      await page.goto(list);
      await page.getByRole('link', { name: 'one.json' }).click();
      await press(page, 'Send it back');
      expect(await notice(page)).toBe('Sent 1 message back');
      await row(page, 'two.json').getByRole('checkbox').check();
      await page.keyboard.press('Enter');
      expect(cloud.queue('empty').bodies()).toEqual(['one']);
      await press(page, 'Send ticked back to their queues');
      expect(await notice(page)).toBe('Sent 1 message back');
      expect(cloud.queue('empty').bodies()).toEqual(['one', 'two']);
      expect(photos.keys('quarantine/')).toEqual(['quarantine/empty/2026-01-01/three.json']);
    });

    it('signs an address to put an object to, and for nothing else', async () => {
      const { url, cloud, page } = await start(scripts);
      await page.goto(`${url}/buckets/shop-photos/object?key=dot.svg`);
      const form = page.locator('form[action*="/sign"]');
      await form.getByLabel('for').selectOption('PUT');
      await form.getByLabel('within').fill('60');
      await form.getByRole('button').click();
      expect(await page.locator('main').innerText()).toContain('for PUT within 60 s');
      const address = await page.locator('main p code').innerText();
      expect(await page.locator('pre').innerText()).toBe(`curl -T FILE '${address}'`);
      const put = await fetch(address, { method: 'PUT', body: Buffer.from('another picture') });
      expect(put.status).toBe(200);
      expect(await cloud.bucket('shop-photos').objects('dot.svg')).toEqual({
        'dot.svg': 'another picture',
      });
      expect((await fetch(address)).status).toBe(403);
    });

    it('receives messages with a lease, hides one and deletes another', async () => {
      const { url, cloud, page } = await start(scripts);
      for (const body of ['one', 'two']) await cloud.queue('empty').send(body);
      await page.goto(`${url}/queues/empty`);
      await page.getByLabel('up to').fill('2');
      await press(page, 'Receive');
      await row(page, 'one').getByRole('checkbox').uncheck();
      await press(page, 'Delete ticked');
      expect(await notice(page)).toBe('Deleted 1 message');
      expect(cloud.queue('empty').messages()).toMatchObject([{ body: 'one', state: 'inactive' }]);
      await cloud.queue('empty').send('three');
      await page.goto(`${url}/queues/empty`);
      await press(page, 'Receive');
      await page.getByLabel('seconds').fill('500');
      await press(page, 'Hide ticked');
      expect(await notice(page)).toBe('Hid 1 message for 500 s');
    });

    it('finds messages and objects', async () => {
      const { url, page } = await start(scripts);
      await page.goto(url);
      await page.getByRole('link', { name: 'Search' }).click();
      await page.getByLabel('text to look for').fill('ORDER-1');
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=ORDER-1/);
      expect(await page.locator('tr', { hasText: 'orders' }).count()).toBeGreaterThan(0);
      await page.getByLabel('text to look for').fill('dot.s');
      await press(page, 'Search');
      await page.getByRole('link', { name: 'dot.svg' }).click();
      await page.waitForURL(/object\?key=dot\.svg/);
    });

    it('exports the account to a file, clears it, and takes the file in again', async () => {
      const { url, cloud, page } = await start(scripts);
      const before = cloud.queue('orders').bodies();
      await page.goto(`${url}/state`);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export' }).click(),
      ]);
      const buffer = await readFile(await download.path());
      await open(page, 'clear');
      await page.locator('#clear').getByRole('button').click();
      expect(await notice(page)).toBe('Everything is cleared');
      expect([cloud.queue('orders').bodies(), cloud.bucket('shop-photos').keys()]).toEqual([
        [],
        [],
      ]);
      const file = { name: download.suggestedFilename(), mimeType: 'application/x-ndjson', buffer };
      await page.locator('input[type="file"]').setInputFiles(file);
      await press(page, 'Replace what is here');
      expect(await notice(page)).toMatch(/^Imported /);
      expect(cloud.queue('orders').bodies()).toEqual(before);
      expect(cloud.bucket('shop-photos').keys()).toContain('notes/long.json');
    });

    it('switches faults on and off', async () => {
      const { url, page } = await start(scripts);
      await page.goto(`${url}/state`);
      await page.getByLabel('each meets').fill('10');
      await press(page, 'Set');
      expect(await notice(page)).toBe('Faults meet 10 % of requests');
      await page.getByLabel('each meets').fill('0');
      await press(page, 'Set');
      expect(await notice(page)).toBe('Faults are off');
    });

    it('sets CORS and lifecycle rules, keeps what is wrong with one on the page, and aborts an upload', async () => {
      const { url, cloud, page } = await start(scripts);
      await page.goto(`${url}/buckets/shop-photos/settings`);
      await page
        .getByLabel('cors')
        .fill(
          '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
        );
      await page.locator('form[action$="/cors"]').getByRole('button').click();
      expect(await notice(page)).toBe('CORS rules are saved');
      expect(await page.getByLabel('cors').inputValue()).toContain('<AllowedMethod>GET');
      await press(page, 'Abort');
      expect(await notice(page)).toBe('Aborted the upload of in/unfinished.jpg');
      expect(cloud.bucket('shop-photos').uploads()).toEqual([]);
      await page.getByLabel('lifecycle').fill('<Wrong>');
      await page.locator('form[action$="/lifecycle"]').getByRole('button').click();
      expect(await page.locator('h1').innerText()).toContain('MalformedXML');
    });
  });
});
