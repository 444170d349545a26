import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';

/** Names of Chromium in its packages. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const CHROMIUM =
  process.env.CHROMIUM ??
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));

/** Without it, these tests are skipped on a person's machine, and fail in CI. */
const IS_SKIPPED = CHROMIUM === undefined && !process.env.CI;

const MISSING =
  'No Chromium is installed here: apt-get install chromium, or name one that is there in CHROMIUM';

/** No sandbox, since CI runs as root, and no network requests by the browser itself. */
const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

let browser: Browser | undefined;

/** Declares tests that share a browser. Without a browser they are skipped and reported; in CI they fail. */
export function inChromium(name: string, tests: () => void): void {
  if (IS_SKIPPED) console.warn(`${name}: skipped. ${MISSING}`);
  describe.skipIf(IS_SKIPPED)(`${name}, in Chromium`, () => {
    beforeAll(async () => {
      if (CHROMIUM === undefined) throw new Error(MISSING);
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    });
    afterAll(() => browser?.close());
    tests();
  });
}

export interface Look {
  width: number;
  colorScheme: 'light' | 'dark';
  scripts: boolean;
}

/** All ways to look at a page. */
export const LOOKS: readonly Look[] = [1400, 400].flatMap((width) =>
  (['light', 'dark'] as const).flatMap((colorScheme) =>
    [true, false].map((scripts) => ({ width, colorScheme, scripts })),
  ),
);

/**
 * Opens a separate profile with one page. It closes after the test, which fails if one of its pages
 * reported an error.
 */
export async function openPage(look: Partial<Look> = {}): Promise<Page> {
  const { width = 1400, colorScheme = 'light', scripts = true } = look;
  if (!browser) throw new Error('The browser is not there: call openPage within inChromium');
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    javaScriptEnabled: scripts,
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(30_000);
  return context.newPage();
}

/** Collects what the pages of a profile report from now on: errors of scripts, and what their policy refused. */
export function complaintsOf(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error')
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  return complaints;
}
