import { StringDecoder } from 'node:string_decoder';

/** Characters; a longer line is split. */
const MAX_LINE_CHARACTERS = 32 * 1024;

/** Splits a stream of an instance into lines of text. */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (text: string) => void;
  #rest = '';

  constructor(onLine: (text: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#pass(line);
    if (this.#rest.length > MAX_LINE_CHARACTERS) this.endLine();
  }

  /** Takes what has come of a line as a line. */
  endLine(): void {
    if (this.#rest) this.#pass(this.#rest);
    this.#rest = '';
  }

  #pass(line: string): void {
    for (let at = 0; at === 0 || at < line.length; at += MAX_LINE_CHARACTERS)
      this.#onLine(line.slice(at, at + MAX_LINE_CHARACTERS));
  }
}
