import { source } from 'axe-core';
import type { Page } from 'playwright-core';

const RUN = `axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary),
  ),
)`;

/** Returns the accessibility faults of a page, a line for each element and rule. Scripts must be on. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(source);
  return page.evaluate<string[]>(RUN);
}

/** Returns by how many pixels a page is wider than its window, and which elements stick out. */
export async function overflowOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`
    const width = document.documentElement.clientWidth;
    document.documentElement.scrollWidth <= width
      ? []
      : [...document.querySelectorAll('body *')]
          .filter((element) => element.getBoundingClientRect().right > width + 1)
          .map((element) => element.outerHTML.slice(0, 120))
          .slice(0, 5)
  `);
}
