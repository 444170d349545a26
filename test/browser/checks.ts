import { source } from 'axe-core';
import type { Page } from 'playwright-core';

/** What differs with the size of the window and the colours; the rest depends on the elements alone. */
const OF_LOOKS = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable'];

const run = (rules: readonly string[] | undefined) => `axe.run(document, {
  resultTypes: ['violations'], preload: false, ${rules ? `runOnly: ${JSON.stringify(rules)},` : ''} }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary),
  ),
)`;

/**
 * Returns the accessibility faults of a page, a line for each element and rule: by every rule, or by
 * those on which the look has a bearing. Scripts must be on.
 */
export async function violationsOf(
  page: Page,
  rules: 'all' | 'of looks' = 'all',
): Promise<string[]> {
  if (!(await page.evaluate("typeof axe === 'object'"))) await page.evaluate(source);
  return page.evaluate<string[]>(run(rules === 'all' ? undefined : OF_LOOKS));
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
