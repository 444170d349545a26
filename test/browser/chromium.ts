import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';

/** What Chromium is called by those who package it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const CHROMIUM =
  process.env.CHROMIUM ??
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));

/** Where there is none, these tests are skipped on a person's machine, and fail in CI. */
const IS_SKIPPED = CHROMIUM === undefined && !process.env.CI;

const MISSING =
  'No Chromium is installed here: apt-get install chromium, or name one that is there in CHROMIUM';

/** No sandbox, since CI runs as root; and none of what a browser asks the network for by itself. */
const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

let browser: Browser | undefined;

/** Tests in a browser that they share. Without one they are skipped, which is said; in CI they fail. */
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

/** Every way to look at a page. */
export const LOOKS: readonly Look[] = [1400, 400].flatMap((width) =>
  (['light', 'dark'] as const).flatMap((colorScheme) =>
    [true, false].map((scripts) => ({ width, colorScheme, scripts })),
  ),
);

/** A profile of its own, with one page; gone after the test, which fails if a page of it reported an error. */
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

/** What the pages of a profile complain of from now on: errors of scripts, and what their policy refused. */
export function complaintsOf(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error')
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  return complaints;
}
