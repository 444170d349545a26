import { Readable } from 'node:stream';
import { html } from './html.ts';
import { heading } from './layout.ts';
import { liveGraph } from './map/live.ts';
import { mapDocument, mapPicture, sentences } from './map/svg.ts';
import type { Handler } from './page.ts';

const TITLE = 'Map of the account';

/** Shows the account as one picture, and the same as text. */
export const mapPage: Handler = ({ account, history, sightings }) => {
  const graph = liveGraph(account, history, sightings);
  const lines = sentences(graph);
  return {
    title: 'Map',
    main: html`
${heading('map', 'of the account', html`A full line is a trigger, a subscription or what was seen since the start; a dotted one is what a role allows; a dashed one is for what failed. <a href="/map.svg">As a file</a>`)}
<div class="scroll wide" tabindex="0" role="group" aria-label="map">${mapPicture(graph, TITLE)}</div>
${graph.left > 0 && html`<p class="none">${graph.left} more are not drawn.</p>`}
<details id="map-as-text"><summary>As text</summary>
<ul>${graph.nodes.map(
      ({
        kind,
        name,
        note,
        href,
      }) => html`<li>${kind} ${href === undefined ? name : html`<a href="${href}">${name}</a>`}${note !== undefined && `: ${note}`}</li>
`,
    )}</ul>
<ul>${lines.map(
      (line) => html`<li>${line}</li>
`,
    )}</ul></details>`,
  };
};

/** Answers only the picture, as a file. */
export const mapFile: Handler = ({ account, history, sightings }) => {
  const document = mapDocument(liveGraph(account, history, sightings), TITLE);
  return {
    file: Readable.from([Buffer.from(document)]),
    headers: { 'content-type': 'image/svg+xml; charset=utf-8' },
  };
};
