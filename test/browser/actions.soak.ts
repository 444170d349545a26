import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { inChromium, openPage } from './chromium.ts';
import { endLeases, startShop } from './shop.ts';

const row = (page: Page, text: string) => page.locator('tr', { hasText: text });
const notice = (page: Page) => page.getByRole('status').innerText();
const press = (page: Page, name: string) => page.getByRole('button', { name }).click();

/** Opens the details of a button that cannot be undone. */
const open = (page: Page, name: string) => page.locator('summary', { hasText: name }).click();

inChromium('what can be done in the console', () => {
  describe.each([true, false])('with scripts: %s', (scripts) => {
    it('sends a message, and keeps an invalid one on the page with the reason', async () => {
      const { url, cloud } = await startShop({ invoked: false });
      const page = await openPage({ scripts });
      await page.goto(`${url}/queues/empty`);
      await page.getByLabel('body').fill('{"id":"order-2"}');
      await page.getByLabel('delay').fill('60');
      await page.getByLabel('priority').fill('3');
      await press(page, 'Send');
      expect(await notice(page)).toMatch(/^Sent message/);
      expect(await row(page, 'order-2').innerText()).toMatch(/delayed.*\b3\b/s);
      expect(await page.getByLabel('body').inputValue()).toBe('');
      await page.getByLabel('body').fill('x');
      await page.getByLabel('delay').fill('soon');
      await press(page, 'Send');
      expect(await page.locator('h1').innerText()).toContain('delay is "soon"');
      expect(cloud.queue('empty').bodies()).toEqual(['{"id":"order-2"}']);
    });

    it('moves nothing by Enter on a ticked message, then the ticked ones, then all', async () => {
      const { url, cloud } = await startShop({ invoked: false });
      const page = await openPage({ scripts });
      const before = cloud.queue('orders').bodies();
      await page.goto(`${url}/queues/orders`);
      const box = row(page, 'short').getByRole('checkbox');
      await box.focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      expect(await box.isChecked()).toBe(true);
      expect(page.url()).toBe(`${url}/queues/orders`);
      expect(cloud.queue('orders').bodies()).toEqual(before);

      const form = page.locator('form', { has: page.getByRole('button', { name: 'Move ticked' }) });
      await form.getByLabel('queue').selectOption('empty');
      await press(page, 'Move ticked');
      expect(await notice(page)).toBe('Moved 1 message to empty');
      expect(cloud.queue('empty').bodies()).toEqual(['short']);

      await open(page, 'Move all…');
      const all = page.locator('#move-all');
      await all.getByLabel('queue').selectOption('empty');
      await all.getByRole('button').click();
      expect(await notice(page)).toBe(`Moved ${before.length - 1} messages to empty`);
      expect(cloud.queue('orders').bodies()).toEqual([]);
    });

    it('gives dead letters back, ticked ones and all, and removes the rest', async () => {
      const shop = await startShop({ invoked: false });
      const { url, cloud } = shop;
      await cloud.queue('orders').delete();
      await cloud.queue('orders').create({ deadLetter: { queue: 'dead', maxReceiveCount: 1 } });
      const page = await openPage({ scripts });
      for (const body of ['one', 'two', 'three']) await cloud.queue('orders').send(body);
      await endLeases(shop, 3);
      await page.goto(`${url}/queues/dead`);
      await row(page, 'two').getByRole('checkbox').check();
      await press(page, 'Redrive ticked');
      expect(await notice(page)).toBe('Moved 1 message back to where they came from');
      expect(cloud.queue('orders').bodies()).toEqual(['two']);
      await open(page, 'Redrive all…');
      await press(page, 'Redrive what of');
      expect(await notice(page)).toBe('Moved 2 messages back to where they came from');
      expect(cloud.queue('dead').bodies()).toEqual(['given up']);
      await open(page, 'Purge…');
      await press(page, 'Remove 1 message for good');
      expect(await notice(page)).toBe('Removed 1 message');
      expect(cloud.queue('dead').bodies()).toEqual([]);
    });

    it('publishes to a topic', async () => {
      const { url, cloud } = await startShop({ invoked: false });
      const page = await openPage({ scripts });
      await page.goto(`${url}/topics/news`);
      await page.getByLabel('body').fill('an offer');
      await page.getByRole('textbox', { name: 'tag' }).fill('tea');
      await press(page, 'Publish');
      expect(await notice(page)).toMatch(/^Published message/);
      expect(cloud.queue('orders').bodies().join()).toContain('an offer');
    });

    it('invokes a function, again with the same event, and with a secret that is not shown', async () => {
      const { url, cloud } = await startShop({ invoked: false });
      const page = await openPage({ scripts });
      const event = '{"id":"order-3","token":"not-to-be-seen"}';
      await page.goto(`${url}/functions/checkout`);
      await page.getByRole('link', { name: 'event of hourly' }).click();
      await page.getByLabel('event').fill(event);
      await press(page, 'Invoke');
      await page.waitForURL(/\/invocations\//);
      expect(await page.locator('main').innerText()).toMatch(/Took an order.*orderId=order-1/);
      expect(await page.content()).not.toContain('not-to-be-seen');
      await press(page, 'Invoke again with this event, its secrets as they were');
      await page.waitForURL(
        (address) =>
          !address.href.includes(
            cloud.function('checkout').invocations()[0]?.result.requestId ?? '',
          ),
      );
      const events = cloud
        .function('checkout')
        .invocations()
        .map((one) => String(one.event));
      expect(events).toEqual([event, event]);

      await page.goto(`${url}/functions/checkout`);
      await page.getByLabel('event').fill('{"note":"plain"}');
      await press(page, 'Invoke');
      await page.getByRole('link', { name: 'Invoke again with this event' }).click();
      expect(JSON.parse(await page.getByLabel('event').inputValue())).toEqual({ note: 'plain' });

      await page.goto(url);
      await page.getByLabel('outcome').selectOption('failed');
      await page.getByLabel('function').selectOption('resize');
      await press(page, 'Show');
      await page.waitForURL(/outcome=failed&function=resize/);
      expect(await page.locator('main').innerText()).toMatch(/Nothing (else )?was invoked/);
    });

    it('lists a bucket by prefix, shows and downloads an object, and deletes it', async () => {
      const { url, cloud } = await startShop({ invoked: false });
      const page = await openPage({ scripts });
      await page.goto(`${url}/buckets/shop-photos`);
      await page.getByLabel('prefix').fill('notes/lo');
      await press(page, 'List');
      await page.getByRole('link', { name: 'long.json' }).click();
      expect(await page.locator('pre').first().innerText()).toContain('"id": "order-1"');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'download' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('long.json');
      const { body } = await cloud.bucket('shop-photos').object('notes/long.json');
      expect(await readFile(await download.path())).toEqual(body);
      await open(page, 'Delete…');
      await press(page, 'Remove it for good');
      expect(await notice(page)).toBe('Removed notes/long.json');
      expect(cloud.bucket('shop-photos').keys('notes/long.')).toEqual([]);
      await page.getByRole('link', { name: 'all', exact: true }).click();
      await page.getByRole('link', { name: 'dot.svg' }).click();
      const picture = page.locator('main img');
      await picture.waitFor();
      expect(
        await picture.evaluate(
          (image) => (image as unknown as { naturalWidth: number }).naturalWidth,
        ),
      ).toBe(20);
    });

    it('leads a keyboard to the content first', async () => {
      const { url } = await startShop({ invoked: false });
      const page = await openPage({ scripts });
      await page.goto(`${url}/queues/orders`);
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').innerText()).toBe('To the content');
      expect(await page.locator(':focus').isVisible()).toBe(true);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await page.locator('main :focus').count()).toBe(1);
    });
  });
});
