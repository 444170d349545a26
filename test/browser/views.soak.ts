import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { overflowOf, violationsOf } from './checks.ts';
import { complaintsOf, inChromium, openPage } from './chromium.ts';
import { startShop } from './shop.ts';

const WIDTHS = [1400, 400];
/** Every rule of axe at either width, once; the other two by what the look has a bearing on. */
const LOOKS = [
  { width: 1400, colorScheme: 'light', rules: 'all' },
  { width: 1400, colorScheme: 'dark', rules: 'of looks' },
  { width: 400, colorScheme: 'light', rules: 'of looks' },
  { width: 400, colorScheme: 'dark', rules: 'all' },
] as const;

/** Kinds of pages, as `kindOf` names them, that the walk must find; it also visits every other page that is linked. */
const KINDS = [
  '/',
  '/?function,outcome',
  '/buckets/:',
  '/buckets/:/object?key',
  '/buckets/:/settings',
  '/buckets/:?prefix',
  '/functions/:',
  '/functions/:/invocations/:',
  '/functions/:?event',
  '/map',
  '/queues/:',
  '/requests',
  '/requests?caller,outcome,service',
  '/search',
  '/search?q',
  '/state',
  '/topics/:',
  '/traces',
  '/traces/:',
];

/** Pages that no other links to: results of forms with a GET, and missing pages. */
const MORE = [
  '/?outcome=failed&function=checkout',
  '/requests?outcome=refused&service=&caller=',
  '/search?q=order',
  '/queues/not-there',
  '/buckets/shop-photos?prefix=no',
];

inChromium('every view of the console', () => {
  it('has no fault that axe finds and is as wide as its window, at 1400 and 400 px, light and dark', async () => {
    const { url } = await startShop();
    const page = await openPage();
    const complaints = complaintsOf(page.context());
    const faults: string[] = [];
    const kinds = await walk(page, url, async (path) => {
      for (const { width, colorScheme, rules } of LOOKS) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        for (const fault of [...(await violationsOf(page, rules)), ...(await overflowOf(page))])
          faults.push(`${path} at ${width} px, ${colorScheme}: ${fault}`);
      }
    });
    expect(faults).toEqual([]);
    expect(complaints.filter((one) => !one.includes('not-there'))).toEqual([]);
    expect(kinds).toEqual(expect.arrayContaining(KINDS));
  });

  it('says the same without scripts, as wide as its window', async () => {
    const { url } = await startShop();
    const withScripts = await openPage();
    const without = await openPage({ scripts: false });
    const faults: string[] = [];
    const kinds = await walk(without, url, async (path) => {
      for (const width of WIDTHS) {
        await without.setViewportSize({ width, height: 900 });
        for (const fault of await overflowOf(without)) faults.push(`${path}: ${fault}`);
      }
      await withScripts.goto(url + path);
      const [one, other] = await Promise.all([withScripts, without].map(contentOf));
      if (one !== other) faults.push(`${path} is another without scripts`);
    });
    expect(faults).toEqual([]);
    expect(kinds).toEqual(expect.arrayContaining(KINDS));
  });
});

/** Opens what a page links to, and what those pages link to, two of each kind; returns the kinds. */
async function walk(
  page: Page,
  url: string,
  visit: (path: string) => Promise<void>,
): Promise<string[]> {
  const counts = new Map<string, number>();
  const known = new Set<string>();
  const waiting: string[] = [];
  const add = (path: string): void => {
    const kind = kindOf(path);
    const count = counts.get(kind) ?? 0;
    if (known.has(path) || count >= 2) return;
    known.add(path);
    counts.set(kind, count + 1);
    waiting.push(path);
  };
  for (const path of ['/', ...MORE]) add(path);
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    await page.goto(url + path);
    await visit(path);
    const hrefs = await page
      .locator('a[href^="/"]:not([href*="/download"], [href$=".svg"])')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    for (const href of hrefs) add(href.replace(/#.*/, ''));
  }
  return [...counts.keys()].sort();
}

/** Without the sample event, which differs each time. */
async function contentOf(page: Page): Promise<string> {
  const content = await page.locator('main').innerHTML();
  return content.replace(/<textarea name="event".*?<\/textarea>/gs, '');
}

/** Returns the path without names, the query without values. */
function kindOf(path: string): string {
  const { pathname, searchParams } = new URL(path, 'http://console');
  const parts = pathname.split('/').map((part, at) => (at > 0 && at % 2 === 0 ? ':' : part));
  const names = [...searchParams.keys()].sort();
  return `${parts.join('/')}${names.length > 0 ? `?${names}` : ''}`;
}
