import { StringDecoder } from 'node:string_decoder';

/** Characters; a longer line is split. */
const MAX_LINE_CHARACTERS = 32 * 1024;
/** Characters; longer than any mark with its line. */
const MAX_MARK_CHARACTERS = 256;

/**
 * Splits a stream of an instance into lines of text. The mark at the end of a call's output (see
 * instance/headers.ts) is removed.
 */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (text: string) => void;
  #rest = '';
  #mark = '';
  #ended = false;
  #waiting: { mark: string; resolve: () => void } | undefined;

  constructor(onLine: (text: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
    if (this.#rest.length > MAX_LINE_CHARACTERS) this.#shorten();
  }

  /** Ends the stream: the remainder is a line, and all waits resolve. */
  end(): void {
    this.#ended = true;
    this.#flush();
    this.#waiting?.resolve();
  }

  /** Resolves when the mark has been read, or the stream has ended. */
  marked(mark: string): Promise<void> {
    if (this.#ended || this.#mark === mark) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { mark, resolve };
    });
  }

  #take(line: string): void {
    const found = line.endsWith('\0') ? line.lastIndexOf('\0', line.length - 2) : -1;
    if (found !== 0) this.#tell(found < 0 ? line : line.slice(0, found));
    if (found < 0) return;
    this.#mark = line.slice(found + 1, -1);
    if (this.#waiting?.mark === this.#mark) this.#waiting.resolve();
  }

  /** Cuts the buffer, except for what may be the beginning of a mark: its end is still to come. */
  #shorten(): void {
    const mark = this.#rest.indexOf('\0', this.#rest.length - MAX_MARK_CHARACTERS);
    const end = mark < 0 ? this.#rest.length : mark;
    this.#tell(this.#rest.slice(0, end));
    this.#rest = this.#rest.slice(end);
  }

  #flush(): void {
    if (this.#rest) this.#tell(this.#rest);
    this.#rest = '';
  }

  #tell(line: string): void {
    for (let at = 0; at === 0 || at < line.length; at += MAX_LINE_CHARACTERS)
      this.#onLine(line.slice(at, at + MAX_LINE_CHARACTERS));
  }
}
