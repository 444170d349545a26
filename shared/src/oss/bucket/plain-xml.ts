import type OSS from 'ali-oss';

/** What ali-oss's client has and its types leave out: it reads lists, results and refusals with this. */
interface XmlReader {
  parseXML(text: string | Buffer): Promise<unknown>;
}

/**
 * Has a client of ali-oss read plain answers by readPlainXml, and all others by its own reader as before,
 * which takes a while to load.
 */
export function readingPlainXml(client: OSS): OSS {
  const reader = client as OSS & XmlReader;
  const parseXML = reader.parseXML.bind(client);
  reader.parseXML = async (text) => readPlainXml(text.toString()) ?? parseXML(text);
  return client;
}

interface Element {
  name: string;
  text: string;
  children: Record<string, unknown>;
  isLeaf: boolean;
}

const BEGINNING = /^<\?xml [^<>?]*\?>[ \t\r\n]*/;
const TAG = /<(\/?)([A-Za-z][A-Za-z\d]*)(\/?)>/y;
const REFERENCE = /&([^;]*;?)/g;
const REFERENCES: Readonly<Record<string, string>> = {
  'lt;': '<',
  'gt;': '>',
  'amp;': '&',
  'quot;': '"',
  'apos;': "'",
};

/**
 * Reads a document as ali-oss does: an element is its text, or an object of its children, those of one name
 * in a list. Returns undefined for anything but elements without attributes, text and the five named
 * references: ali-oss's own reader knows what it is.
 */
export function readPlainXml(text: string): unknown {
  const open: Element[] = [];
  let at = BEGINNING.exec(text)?.[0].length ?? 0;
  for (;;) {
    TAG.lastIndex = at;
    const [tag, end, name = '', closed] = TAG.exec(text) ?? [];
    if (tag === undefined || (end && closed) || name in Object.prototype) return undefined;
    at += tag.length;
    if (!end) open.push({ name, text: '', children: {}, isLeaf: true });
    if (end || closed) {
      const element = open.pop();
      if (element?.name !== name) return undefined;
      // Text beside elements.
      if (!element.isLeaf && !isBlank(element.text)) return undefined;
      const value = element.isLeaf ? element.text : element.children;
      const parent = open.at(-1);
      if (!parent) return /^[ \t\r\n]*$/.test(text.slice(at)) ? value : undefined;
      add(parent, name, value);
    }
    const next = text.indexOf('<', at);
    const between = next < 0 ? undefined : resolved(text.slice(at, next));
    const element = open.at(-1);
    if (between === undefined || !element) return undefined;
    element.text += between;
    at = next;
  }
}

function add(parent: Element, name: string, value: unknown): void {
  const before = parent.children[name];
  parent.isLeaf = false;
  if (before === undefined) parent.children[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else parent.children[name] = [before, value];
}

function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

/** Returns text with its references replaced; undefined if it has others than the five. */
function resolved(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let isPlain = true;
  const replaced = text.replace(REFERENCE, (_, name: string) => {
    if (!Object.hasOwn(REFERENCES, name)) isPlain = false;
    return REFERENCES[name] ?? '';
  });
  return isPlain ? replaced : undefined;
}
