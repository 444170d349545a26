import { type Html, html } from '../html.ts';
import { cut, cutInside } from './cut.ts';
import { layered } from './layers.ts';
import { MAP_STYLE } from './style.ts';
import type { MapEdge, MapGraph, MapNode } from './types.ts';

const WIDTH = 176;
const GAP = 96;
const MARGIN = 16;
const LINE_HEIGHT = 15;
const NAME_WIDTH = 20;
const LABEL_WIDTH = 17;
const LABEL_HEIGHT = 12;
const HEAD = 7;

interface Point {
  x: number;
  y: number;
}

/** One line between two nodes for all edges from one to the other. */
interface Line extends MapEdge {
  /** Whether there are edges in the other direction too. */
  both: boolean;
}

/** Returns the map as a picture of its own, light or dark as its viewer prefers. */
export function mapDocument(graph: MapGraph, title: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${picture(graph, title, html`<style>${MAP_STYLE}</style>`).text}\n`;
}

/** Returns the map as part of a page that includes MAP_STYLE. */
export function mapPicture(graph: MapGraph, title: string): Html {
  return picture(graph, title);
}

/** Returns each edge as a sentence. */
export function sentences({ nodes, edges }: MapGraph): string[] {
  const names = new Map(nodes.map(({ id, kind, name }) => [id, `${kind} ${name}`]));
  return edges.map(({ from, to, label, kind }) => {
    const how = [kind === 'dead' && 'dead letters', kind === 'may' && 'may', label];
    const said = how.filter(Boolean).join(', ');
    return `${names.get(from)} → ${names.get(to)}${said && ` (${said})`}`;
  });
}

function picture(graph: MapGraph, title: string, style?: Html): Html {
  const lines = linesOf(graph.edges);
  const linked = new Set(lines.flatMap(({ from, to }) => [from, to]));
  const [inFlow, alone] = [true, false].map((is) =>
    graph.nodes.filter(({ id }) => linked.has(id) === is),
  ) as [MapNode[], MapNode[]];
  const { places, routes, columns, height } = layered(
    new Map(inFlow.map((node) => [node.id, heightOf(node)])),
    lines.map(({ from, to }) => [from, to]),
  );
  const middleOf = (id: string): Point => {
    const { column, y } = places.get(id) ?? { column: 0, y: 0 };
    return placeOf(column, y);
  };
  const perRow = Math.max(1, columns, Math.min(alone.length, 5));
  const rows = Math.ceil(alone.length / perRow);
  const below = MARGIN + height + (height > 0 && rows > 0 ? 24 : 0);
  const size = {
    width: 2 * MARGIN + perRow * (WIDTH + GAP) - GAP,
    height: below + rows * 68 + MARGIN,
  };
  const routed = routes.map((route) => route.map(({ column, y }) => placeOf(column, y)));
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 ${size.width} ${Math.ceil(size.height)}" width="${size.width}" height="${Math.ceil(size.height)}" role="group" aria-labelledby="map-title" aria-describedby="map-text">
<title id="map-title">${title}</title>
<desc id="map-text">${sentences(graph).join('. ')}</desc>
${style}
<rect class="ground" width="100%" height="100%"/>
<g aria-hidden="true">
${lines.map((line, nth) => drawn(line, routed[nth] ?? [], (places.get(line.from)?.column ?? 0) < (places.get(line.to)?.column ?? 0)))}${labels(lines, routed)}</g>
${inFlow.map((node) => box(node, middleOf(node.id)))}${alone.map((node, nth) =>
  box(node, {
    x: MARGIN + (nth % perRow) * (WIDTH + GAP),
    y: below + Math.floor(nth / perRow) * 68 + 27,
  }),
)}</svg>`;
}

function placeOf(column: number, y: number): Point {
  return { x: MARGIN + column * (WIDTH + GAP), y: MARGIN + y };
}

/** Returns one line for all edges from one node to another, and back. */
function linesOf(edges: readonly MapEdge[]): Line[] {
  const lines = new Map<string, Line>();
  for (const edge of edges) {
    const { from, to, label, kind } = edge;
    if (from === to) continue;
    const there = lines.get(`${from}\0${to}`);
    const line = there ?? lines.get(`${to}\0${from}`);
    if (!line) {
      lines.set(`${from}\0${to}`, { ...edge, both: false });
      continue;
    }
    if (line !== there) line.both = true;
    if (edge.bad) line.bad = true;
    if (line.kind === 'may' || kind === 'flow') line.kind = kind;
    line.label = [line.label, label].filter(Boolean).join(', ');
  }
  return [...lines.values()];
}

function drawn({ kind, bad, both }: Line, route: readonly Point[], onward: boolean): Html {
  const [first, last] = [route[0], route.at(-1)];
  if (!first || !last) return html``;
  let path = `M${point(first.x + WIDTH, first.y)}`;
  for (const [nth, { x, y }] of route.slice(1).entries()) {
    const before = route[nth] as Point;
    const from = before.x + WIDTH;
    const middle = (from + x) / 2;
    path += `C${point(middle, before.y)} ${point(middle, y)} ${point(x, y)}`;
    if (nth < route.length - 2) path += `H${x + WIDTH}`;
  }
  const heads = [
    (onward || both) && `M${point(last.x, last.y)}l-${HEAD} -4v8z`,
    (!onward || both) && `M${point(first.x + WIDTH, first.y)}l${HEAD} -4v8z`,
  ];
  return html`<g class="${bad ? 'bad' : kind}"><path class="line" d="${path}"/><path class="head" d="${heads.filter(Boolean).join('')}"/></g>
`;
}

function point(x: number, y: number): string {
  return `${Math.round(x)} ${Math.round(y * 10) / 10}`;
}

/**
 * Places labels in the middle of each line's first gap, one below the other where they would
 * overlap.
 */
function labels(lines: readonly Line[], routes: readonly (readonly Point[])[]): Html {
  const placed = lines.flatMap(({ label, kind, bad }, nth) => {
    const [a, b] = routes[nth] ?? [];
    if (!a || !b || label === '') return [];
    return [{ label, kind: bad ? 'bad' : kind, x: (a.x + WIDTH + b.x) / 2, y: (a.y + b.y) / 2 }];
  });
  placed.sort((one, other) => one.x - other.x || one.y - other.y);
  for (const [nth, one] of placed.entries()) {
    const above = placed[nth - 1];
    if (above?.x === one.x) one.y = Math.max(one.y, above.y + LABEL_HEIGHT);
  }
  return html`${placed.map(
    ({ label, kind, x, y }) =>
      html`<text class="label ${kind}" x="${x}" y="${Math.round(y - 3)}">${cut(label, LABEL_WIDTH)}</text>
`,
  )}`;
}

function heightOf({ note }: Pick<MapNode, 'note'>): number {
  return 40 + (note === undefined ? 0 : LINE_HEIGHT);
}

function box(node: MapNode, { x, y }: Point): Html {
  const { kind, name, note, bad, href } = node;
  const height = heightOf(node);
  const top = Math.round(y - height / 2);
  const drawing = html`<g class="node ${kind}${bad && ' bad'}" transform="translate(${x} ${top})"><title>${kind} ${name}${note !== undefined && `: ${note}`}</title><rect width="${WIDTH}" height="${height}" rx="${RADIUS[kind]}"/><text class="kind" x="10" y="15">${kind}</text><text class="name" x="10" y="31">${cutInside(name, NAME_WIDTH)}</text>${
    note !== undefined && html`<text class="note" x="10" y="46">${cut(note, NAME_WIDTH + 4)}</text>`
  }</g>`;
  return href === undefined
    ? html`${drawing}
`
    : html`<a href="${href}">${drawing}</a>
`;
}

const RADIUS = {
  function: 4,
  topic: 14,
  queue: 0,
  bucket: 9,
  http: 20,
  timer: 20,
  endpoint: 20,
} as const;
