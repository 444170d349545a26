import type { Account } from './account.ts';
import { type Html, html, type Part } from './html.ts';

export interface Document {
  title: string;
  main: Html;
  /** A line that reports what was done, or an error. */
  notice?: string | undefined;
  /**
   * Whether it is kept up to date where scripts run. The answer to a form is not: no GET shows it
   * again.
   */
  live?: boolean;
}

/** Returns a whole page. It works without scripts; with them its main part stays up to date. */
export function layout(
  { accountId, region }: Account,
  { title, main, notice, live = true }: Document,
): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · local cloud</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
${live && html`<script src="/live.js" type="module"></script>`}
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<a href="/">Local cloud</a>
<a href="/map">Map</a>
<a href="/requests">Requests</a>
<a href="/traces">Traces</a>
<a href="/search">Search</a>
<a href="/state">State</a>
<span>${region} · account ${accountId}</span>
<span id="live"></span>
</header>
<main id="main" tabindex="-1">
${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`}
${main}
</main>
</body>
</html>
`;
  return page.text;
}

/** Returns a heading with the kind of thing before its name. */
export function heading(kind: string, name: string, about?: Part): Html {
  return html`<h1><small>${kind}</small> ${name}</h1>
${about !== undefined && html`<p class="about">${about}</p>`}`;
}

export function section(title: string, content: Part): Html {
  return html`<section>
<h2>${title}</h2>
${content}
</section>`;
}

/**
 * Returns a table. Column names that end with # are of numbers. In a narrow window, the cells of
 * each row of a stacked table are one below the other.
 */
export function table(
  columns: readonly string[],
  rows: readonly Html[],
  empty: string,
  { stacked = false } = {},
): Html {
  if (rows.length === 0) return html`<p class="none">${empty}</p>`;
  const heads = columns.map((column) =>
    column.endsWith('#')
      ? html`<th class="n">${column.slice(0, -1)}</th>`
      : html`<th>${column === '' ? html`<span class="unseen">choice</span>` : column}</th>`,
  );
  return html`<div class="scroll" tabindex="0" role="group" aria-label="table"><table${stacked && html` class="stacked"`}>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows}
</tbody>
</table></div>`;
}

/** Returns a cell with a number, dim when it is 0 so that the others stand out. */
export function count(value: number, kind = ''): Html {
  return html`<td class="n ${value === 0 ? 'zero' : kind}">${value}</td>`;
}

/** Returns names and values, one below the other. */
export function facts(pairs: readonly (readonly [name: string, value: Part])[]): Html {
  return html`<dl>${pairs.map(
    ([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>
`,
  )}</dl>`;
}

/** Returns a button for something that cannot be undone, shown once its summary is opened. */
export function confirmed(id: string, summary: string, form: Html): Html {
  return html`<details class="confirm" id="${id}"><summary>${summary}</summary>${form}</details>`;
}
