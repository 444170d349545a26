import { isMap, isScalar, parse, parseDocument, visit } from 'yaml';

/** Returns what identifies an item of a list: its ID or name, else its text. */
export function idOf(item: unknown): string {
  if (!isMap(item)) return String(item);
  const id = item.get('ID') ?? item.get('id') ?? item.get('name') ?? item.get('triggerName');
  return id === undefined ? String(item) : String(id);
}

/** Returns an entry of a map as it is written between braces. */
export function inFlow(entry: string): string {
  const document = parseDocument(indented(entry, 0));
  visit(document, {
    Collection(_, node) {
      node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 }).trim().slice(1, -1).trim();
}

/** One level of depth in JSON. */
export const INDENT = '  ';

/** Returns an entry of a map or list as JSON at a depth. Leaves out its comments, since JSON has none. */
export function inJson(entry: string, depth: number): string {
  const value: unknown = parse(indented(entry, 0), { logLevel: 'silent' });
  const json = (part: unknown) =>
    JSON.stringify(part, null, INDENT).replaceAll('\n', `\n${INDENT.repeat(depth)}`);
  if (Array.isArray(value)) return value.map(json).join(', ');
  return Object.entries(value as object)
    .map(([key, part]) => `${JSON.stringify(key)}: ${json(part)}`)
    .join(`,\n${INDENT.repeat(depth)}`);
}

export function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** Returns an entry indented for another depth. */
export function indented(entry: string, indent: number): string {
  const lines = entry.split('\n');
  const own = Math.min(
    ...lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length),
  );
  return lines
    .map((line) => (line.trim() ? `${' '.repeat(indent)}${line.slice(own)}` : line))
    .join('\n');
}
