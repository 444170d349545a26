import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from 'fc-local/testing';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { localCloud } from '#test/local-cloud';
import { inChromium, openPage } from './chromium.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images', import.meta.url));

/** A picture in the README is loaded by everyone who reads it. */
const MAX_BYTES = 150 * 1024;

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const [WARM_UP, ...ORDERS] = ['Alan', 'Ada', 'Grace', 'Edsger', 'Barbara'].map((customer, nth) => ({
  id: `order-${nth + 1}`,
  customer,
  items: [{ sku: 'tea', quantity: nth + 1 }],
}));

inChromium('the pictures in the README', () => {
  it('show the overview, the map, a trace and a queue of this project', async () => {
    const cloud = await localCloud({ console: true });
    const publisher = cloud.function('topic-publisher');
    const publish = async (order: object, headers: Record<string, string> = {}) => {
      const body = JSON.stringify(order);
      expect((await fetch(publisher.url, { method: 'POST', body, headers })).status).toBe(202);
    };
    const stored = (count: number) =>
      until(() =>
        ['orders/', 'receipts/'].every((folder) => cloud.bucket().keys(folder).length === count),
      );
    // So that it exists, and its time is not that of a first start.
    await publish(WARM_UP ?? {});
    await cloud.function('queue-consumer').fireTimer();
    await stored(1);
    const [first, ...others] = ORDERS;
    await publish(first ?? {}, { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` });
    await cloud.function('queue-consumer').fireTimer();
    await stored(2);
    for (const order of others) await publish(order);
    await cloud.function('topic-publisher').invoke('no event of HTTP');

    const page = await openPage();
    await page.setViewportSize({ width: 1100, height: 720 });
    const url = cloud.console?.url ?? '';
    await picture(page, url, 'console-overview');
    await picture(page, `${url}/traces/${TRACE}`, 'console-trace');
    await picture(
      page,
      `${url}/queues/${cloud.function('queue-consumer').env.QUEUE_NAME}`,
      'console-queue',
    );

    const map = await (await fetch(`${url}/map.svg`)).text();
    const source = `data:image/svg+xml,${encodeURIComponent(map)}`;
    await page.goto('about:blank');
    await page.setContent(`<img src="${source}">`);
    const width =
      '(async () => { await document.images[0].decode(); return document.images[0].naturalWidth; })()';
    expect(await page.evaluate(width)).toBeGreaterThan(500);
    await keep('console-map.svg', Buffer.from(map));
  });
});

/**
 * Makes pictures the same whenever they are taken, except for measurements: times of day, ids and ports are
 * replaced.
 */
const ALWAYS_THE_SAME = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const ids = new Map();
  const sameId = (id) => {
    if (!ids.has(id)) ids.set(id, ids.size + 1);
    return id.replace(/[0-9a-f]/gi, (_, at) => ((at * 7 + 3 * ids.get(id)) % 16).toString(16));
  };
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    node.data = node.data
      .replace(/\\b\\d\\d:\\d\\d:\\d\\d\\b/g, '09:30:00')
      .replace(/\\b1-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12}\\b|\\b[0-9A-F]{24,32}\\b/g, sameId)
      .replace(/(127\\.0\\.0\\.1):\\d+/g, '$1:6804');
})()`;

async function picture(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  expect(await page.locator('h1').count()).toBe(1);
  await page.evaluate(ALWAYS_THE_SAME);
  await keep(`${name}.png`, await page.screenshot({ type: 'png' }));
}

/** Writes the picture where the README finds it, if SCREENSHOTS is set. */
async function keep(name: string, content: Buffer): Promise<void> {
  expect(content.length).toBeLessThan(MAX_BYTES);
  if (!process.env.SCREENSHOTS) return;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, name), content);
}
