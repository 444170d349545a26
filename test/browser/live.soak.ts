import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { inChromium, openPage } from './chromium.ts';
import { LONG_ORDER, startShop } from './shop.ts';

/** Waits for the page to say that it has looked for changes, or that it does not. */
const says = (page: Page, state: string) => page.locator('#live', { hasText: state }).waitFor();

/** Returns the row of a message with that body. */
const row = (page: Page, body: string) => page.locator('tr', { hasText: body });

inChromium('what a live page keeps while the account changes', () => {
  it('shows what is new, and keeps details open, the focus and how far a table is scrolled', async () => {
    const { url, cloud } = await startShop({ invoked: false });
    const queue = cloud.queue('orders');
    const page = await openPage({ width: 400 });
    await page.goto(`${url}/queues/orders`);
    await says(page, 'live');
    const summary = page.locator('details[id^="m-"] > summary').first();
    await summary.click();
    expect(await page.locator('details[open] pre').innerText()).toContain('"id": "order-1"');
    await page.locator('h1').click();
    await page.evaluate('document.activeElement.blur()');
    await queue.send('one more');
    await row(page, 'one more').waitFor();
    expect(await page.locator('details[open] pre').innerText()).toContain('"id": "order-1"');

    await page.goto(url);
    await says(page, 'live');
    const link = page.getByRole('link', { name: 'empty', exact: true });
    await link.focus();
    const table = page.locator('.scroll', {
      has: page.getByRole('columnheader', { name: 'queue' }),
    });
    await table.evaluate((scrolled) => Object.assign(scrolled, { scrollLeft: 10 }));
    await cloud.queue('empty').send('no longer');
    await page.locator('tr', { has: link }).getByText('1', { exact: true }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('empty');
    expect(await table.evaluate((scrolled) => scrolled.scrollLeft)).toBe(10);
  });

  it('waits while a message is ticked, and goes on when it no longer is', async () => {
    const { url, cloud } = await startShop({ invoked: false });
    const page = await openPage();
    await page.goto(`${url}/queues/orders`);
    await says(page, 'live');
    const box = row(page, 'short').getByRole('checkbox');
    await box.check();
    await page.evaluate('document.activeElement.blur()');
    await cloud.queue('orders').send('one more');
    await says(page, 'paused');
    expect(await box.isChecked()).toBe(true);
    expect(await row(page, 'one more').count()).toBe(0);
    await box.uncheck();
    await page.evaluate('document.activeElement.blur()');
    await row(page, 'one more').waitFor();
  });

  it.each(['body', 'priority'])('keeps what was typed into %s', async (field) => {
    const { url, cloud } = await startShop({ invoked: false });
    const page = await openPage();
    await page.goto(`${url}/queues/orders`);
    await says(page, 'live');
    const input = page.locator(`form[action$="/send"] [name="${field}"]`);
    await input.fill('3');
    await page.evaluate('document.activeElement.blur()');
    await cloud.queue('orders').send('one more');
    await says(page, 'paused');
    expect(await input.inputValue()).toBe('3');
    await input.fill('');
    await page.evaluate('document.activeElement.blur()');
    await row(page, 'one more').waitFor();
  });

  it('waits while text is selected, so that it can be copied', async () => {
    const { url, cloud } = await startShop({ invoked: false });
    const page = await openPage();
    await page.goto(`${url}/queues/orders`);
    await says(page, 'live');
    await page.locator('h1').selectText();
    await cloud.queue('orders').send('one more');
    await says(page, 'paused');
    expect(await page.evaluate('String(getSelection())')).toContain('orders');
    await page.evaluate('getSelection().removeAllRanges()');
    await row(page, 'one more').waitFor();
  });

  it('says when the cloud has ended, and shows what was there', async () => {
    const { url, cloud } = await startShop({ invoked: false });
    const page = await openPage();
    await page.goto(`${url}/queues/orders`);
    await says(page, 'live');
    await cloud.close();
    await says(page, 'not reachable');
    expect(await page.locator('main').innerText()).toContain(LONG_ORDER.slice(0, 100));
  });

  it('keeps the reason of a refused form, however long it is looked at', async () => {
    const { url } = await startShop({ invoked: false });
    const page = await openPage();
    await page.clock.install();
    await page.goto(`${url}/queues/orders`);
    const asked: string[] = [];
    page.on('request', (request) =>
      asked.push(`${request.method()} ${new URL(request.url()).pathname}`),
    );
    const form = page.locator('form[action$="/send"]');
    await form.locator('[name="body"]').fill('x');
    await form.locator('[name="priority"]').fill('17');
    await form.getByRole('button', { name: 'Send' }).click();
    const reason = page.locator('h1', { hasText: '400' });
    await reason.waitFor();
    const said = await reason.innerText();
    await page.clock.runFor(60_000);
    expect(await page.locator('h1').innerText()).toBe(said);
    expect(asked.filter((one) => one.endsWith('/send'))).toEqual(['POST /queues/orders/send']);
    await page.getByRole('link', { name: 'Back to the page of the form' }).click();
    await page.waitForURL(`${url}/queues/orders`);
  });
});
