import {
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type ScalarStyle,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml';
import { longForm } from './short-forms.ts';
import { type List, MAX_VALUES, type Mapping, scalar, type Tree } from './yaml-tree.ts';
import { plainValue } from './yaml-value.ts';

type Content = MappingEvent | SequenceEvent | ScalarEvent;

/** Tabs, other control characters, and those that begin a line or a file for some readers only. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: YAML gives them meanings of their own.
const UNUSUAL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

const TAG = /^![A-Za-z][A-Za-z0-9]*$/;

const MAX_DEPTH = 50;

const LINE_FEED = 10;

const BLOCKS: readonly ScalarStyle[] = [SCALAR_STYLE.LITERAL_BLOCK, SCALAR_STYLE.FOLDED_BLOCK];

/** Thrown, and caught here, for a text that is left to the other package. */
class NotPlain extends Error {}

/**
 * Reads a YAML text by js-yaml, which takes a quarter of the time that the package `yaml` takes. Returns
 * undefined for a text that has anchors, merge keys, tags of YAML itself, numbers in unusual forms, keys
 * that are no text or come twice, several documents, and for a wrong one: the package `yaml` knows what
 * they mean, or what is wrong and where. What is returned is what that package reads.
 */
export function readPlainYaml(
  text: string,
  file: string,
  anyShortForm: boolean,
): Mapping | undefined {
  // A value takes at least two characters.
  if (UNUSUAL.test(text) || text.length > 2 * MAX_VALUES) return undefined;
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH });
    return new TreeOfEvents(events, text, file, anyShortForm).read();
  } catch (error) {
    if (error instanceof NotPlain || error instanceof YAMLException) return undefined;
    throw error;
  }
}

class TreeOfEvents {
  readonly #events: readonly Event[];
  readonly #text: string;
  readonly #file: string;
  readonly #anyShortForm: boolean;
  /** Index of the next event. */
  #next = 0;
  /** Number of the line in which `#offset` is. */
  #line = 1;
  #offset = 0;

  constructor(events: Event[], text: string, file: string, anyShortForm: boolean) {
    this.#events = events;
    this.#text = text;
    this.#file = file;
    this.#anyShortForm = anyShortForm;
  }

  read(): Mapping {
    const document = this.#events[this.#next++];
    if (document?.type !== EVENT_ID.DOCUMENT || document.directives.length > 0)
      throw new NotPlain();
    const content = this.#content();
    if (content.type !== EVENT_ID.MAPPING) throw new NotPlain();
    const tree = this.#tree(content, `${this.#file}:1`);
    const isLast = this.#isPop() && this.#next === this.#events.length;
    if (tree.kind !== 'map' || !isLast) throw new NotPlain();
    return tree;
  }

  /** Takes the next event, if it begins a value without an anchor. */
  #content(): Content {
    const event = this.#events[this.#next++];
    const { SCALAR, MAPPING, SEQUENCE } = EVENT_ID;
    if (event?.type !== SCALAR && event?.type !== MAPPING && event?.type !== SEQUENCE)
      throw new NotPlain();
    if (event.anchorStart >= 0) throw new NotPlain();
    return event;
  }

  /** Takes the next event if it is the end of a collection. */
  #isPop(): boolean {
    if (this.#events[this.#next]?.type !== EVENT_ID.POP) return false;
    this.#next++;
    return true;
  }

  #tree(event: Content, source: string): Tree {
    const { tagStart, tagEnd } = event;
    const isTagged = tagStart >= 0;
    const plain =
      event.type === EVENT_ID.MAPPING
        ? this.#mapping(source)
        : event.type === EVENT_ID.SEQUENCE
          ? this.#list(source)
          : scalar(this.#scalar(event, isTagged), source);
    if (!isTagged) return plain;
    const tag = this.#text.slice(tagStart, tagEnd);
    const name = TAG.test(tag) ? longForm(tag, this.#anyShortForm) : undefined;
    if (name === undefined) throw new NotPlain();
    return { kind: 'map', entries: new Map([[name, plain]]), source };
  }

  #mapping(source: string): Mapping {
    const entries: Mapping['entries'] = new Map();
    while (!this.#isPop()) {
      const key = this.#content();
      if (key.type !== EVENT_ID.SCALAR || key.tagStart >= 0) throw new NotPlain();
      const name = this.#scalar(key, false);
      if (typeof name !== 'string' || name === '<<' || entries.has(name)) throw new NotPlain();
      const place = this.#placeOf(key);
      entries.set(name, this.#tree(this.#content(), place));
    }
    return { kind: 'map', entries, source };
  }

  #list(source: string): List {
    const items: Tree[] = [];
    while (!this.#isPop()) {
      const item = this.#content();
      items.push(this.#tree(item, this.#placeOf(item)));
    }
    return { kind: 'list', items, source };
  }

  /** Returns the value of a text in quotes or a block, or after a tag, as it is, and of another by its form. */
  #scalar(event: ScalarEvent, isTagged: boolean) {
    const isPlain = event.style === SCALAR_STYLE.PLAIN;
    const isEmpty = isPlain && event.valueStart === event.valueEnd;
    if (isEmpty && isTagged) throw new NotPlain();
    if (isEmpty) return null;
    const text = getScalarValue(this.#text, event);
    return isPlain && !isTagged ? this.#valueOf(text) : text;
  }

  #valueOf(text: string) {
    const value = plainValue(text);
    if (value === undefined) throw new NotPlain();
    return value;
  }

  /** Returns the line of a key or an item. Places are asked for in the order of the text. */
  #placeOf(event: Content): string {
    const at = startOf(event);
    for (; this.#offset < at; this.#offset++)
      if (this.#text.charCodeAt(this.#offset) === LINE_FEED) this.#line++;
    return `${this.#file}:${this.#line}`;
  }
}

function startOf(event: Content): number {
  if (event.type !== EVENT_ID.SCALAR) return event.start;
  const { valueStart, valueEnd, style } = event;
  // A block is in the line of its header.
  if (BLOCKS.includes(style)) return valueStart - 1;
  if (style === SCALAR_STYLE.PLAIN && valueStart === valueEnd) throw new NotPlain();
  return valueStart;
}
