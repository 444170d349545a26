import { OssError } from '../errors.ts';
import { MAX_FORM_FIELD_BYTES, MAX_FORM_HEAD_BYTES } from '../limits.ts';

/** A form up to its file, whose content can be read once; what follows the file is ignored. */
export interface Form {
  /** Values are bytes (one character each); names are in lower case, as OSS ignores their case. */
  fields: Map<string, string>;
  /** The last part that is read: OSS ignores later ones. */
  file: FormFile;
}

export interface FormFile {
  /** The client's name for it, as bytes; empty if it has none. */
  name: string;
  contentType: string | undefined;
  /** Throws MalformedPOSTRequest when the body ends before the closing boundary. */
  content: AsyncIterable<Uint8Array>;
}

/**
 * Reads the boundary of a `multipart/form-data` header. Throws RequestIsNotMultiPartContent for
 * another type, MalformedPOSTRequest without a boundary.
 */
export function boundaryOf(contentType: string | undefined): string {
  if (!/^multipart\/form-data(?![^\s;])/i.test(contentType ?? ''))
    throw new OssError('RequestIsNotMultiPartContent');
  const [, quoted, bare] =
    /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
      contentType ?? '',
    ) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw malformed('give Content-Type multipart/form-data; boundary=…');
  return boundary;
}

/**
 * Reads a form up to the content of its part `file`. The parser is our own because OSS's rules are:
 * fields before the file, the file last and streamed, sizes checked on the way, values kept as
 * bytes for the signature. Throws MalformedPOSTRequest, FieldItemTooLong, or
 * IncorrectNumberOfFilesInPOSTRequest when there is no file.
 */
export async function readForm(body: AsyncIterable<Uint8Array>, boundary: string): Promise<Form> {
  const reader = new PartReader(body, boundary);
  const fields = new Map<string, string>();
  let total = 0;
  while (await reader.nextPart()) {
    const headers = await reader.readHead();
    const { name, filename } = readDisposition(headers.get('content-disposition') ?? '');
    if (name === 'file')
      return {
        fields,
        file: {
          name: filename ?? '',
          contentType: headers.get('content-type'),
          content: reader.content(),
        },
      };
    const value = await reader.readValue(name);
    total += name.length + value.length;
    if (total > MAX_FORM_FIELD_BYTES * 4) throw tooLong(name);
    if (fields.has(name)) throw malformed(`give the field "${name}" once`);
    fields.set(name, value);
  }
  throw new OssError('IncorrectNumberOfFilesInPOSTRequest');
}

/**
 * Parses `form-data; name="a"; filename="b"`. A backslash in a file's name is literal, as in the
 * paths of old browsers, unless a quote follows.
 */
function readDisposition(text: string): { name: string; filename: string | undefined } {
  const parameter = (name: string): string | undefined => {
    const found = new RegExp(`;\\s*${name}=(?:"((?:\\\\"|[^"])*)"|([^\\s;"]+))`, 'i').exec(text);
    return (found?.[1] ?? found?.[2])?.replaceAll('\\"', '"');
  };
  const name = parameter('name');
  if (!/^form-data\s*;/i.test(text) || !name) throw malformed('name each part');
  return { name: name.toLowerCase(), filename: parameter('filename') };
}

const LINE_END = '\r\n';

class PartReader {
  readonly #source: AsyncIterator<Uint8Array>;
  /** The text before every part, and after the last one. */
  readonly #delimiter: Buffer;
  /**
   * Bytes read and not yet used; starts with a line end, so that the first boundary is like the
   * others.
   */
  #buffer: Buffer = Buffer.from(LINE_END);
  /** Memory into which `#joined` joins chunks: after the end of `#buffer`, none of it is in use. */
  #block: Buffer = Buffer.alloc(0);

  constructor(body: AsyncIterable<Uint8Array>, boundary: string) {
    this.#source = body[Symbol.asyncIterator]();
    this.#delimiter = Buffer.from(`${LINE_END}--${boundary}`, 'latin1');
  }

  /** Advances to the next part; returns false after the last one. */
  async nextPart(): Promise<boolean> {
    const skipped = await this.#collect(this.#delimiter, MAX_FORM_HEAD_BYTES);
    if (skipped.length > 0) throw malformed('start with the boundary');
    return this.#afterDelimiter();
  }

  async #afterDelimiter(): Promise<boolean> {
    while (this.#buffer.length < 2) await this.#more();
    const next = this.#buffer.toString('latin1', 0, 2);
    this.#buffer = this.#buffer.subarray(2);
    if (next !== LINE_END && next !== '--') throw malformed('end each boundary with its line');
    return next === LINE_END;
  }

  async readHead(): Promise<Map<string, string>> {
    const head = await this.#collect(Buffer.from(`${LINE_END}${LINE_END}`), MAX_FORM_HEAD_BYTES);
    const headers = new Map<string, string>();
    for (const line of head.toString('latin1').split(LINE_END)) {
      const [, name] = /^([^:\s]+):/.exec(line) ?? [];
      if (name === undefined) throw malformed('write headers as name: value');
      headers.set(name.toLowerCase(), line.slice(name.length + 1).trim());
    }
    return headers;
  }

  async readValue(name: string): Promise<string> {
    const value = await this.#collect(this.#delimiter, MAX_FORM_FIELD_BYTES, () => tooLong(name));
    this.#unread();
    return value.toString('latin1');
  }

  /** Yields the content up to the boundary, in the chunks it arrives in. */
  async *content(): AsyncGenerator<Uint8Array, void> {
    const delimiter = this.#delimiter;
    for (;;) {
      const end = this.#buffer.indexOf(delimiter);
      if (end !== -1) {
        if (end > 0) yield this.#buffer.subarray(0, end);
        this.#buffer = this.#buffer.subarray(end + delimiter.length);
        await this.#afterDelimiter();
        return;
      }
      const sure = this.#buffer.length - delimiter.length + 1;
      if (sure > 0) {
        yield this.#buffer.subarray(0, sure);
        this.#buffer = this.#buffer.subarray(sure);
      }
      await this.#more();
    }
  }

  async #collect(
    until: Buffer,
    limit: number,
    error = (): OssError => malformed('keep heads short'),
  ): Promise<Buffer> {
    let looked = 0;
    for (;;) {
      const end = this.#buffer.indexOf(until, looked);
      looked = Math.max(0, this.#buffer.length - until.length + 1);
      if (end > limit || (end === -1 && this.#buffer.length > limit + until.length)) throw error();
      if (end !== -1) {
        const found = this.#buffer.subarray(0, end);
        this.#buffer = this.#buffer.subarray(end + until.length);
        return found;
      }
      await this.#more();
    }
  }

  /** Puts back the delimiter that ended a value: the next part begins with it. */
  #unread(): void {
    this.#buffer = Buffer.concat([this.#delimiter, this.#buffer]);
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#source.next();
    if (done) throw malformed('end with the closing boundary');
    this.#buffer =
      this.#buffer.length === 0
        ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
        : this.#joined(value);
  }

  /**
   * Returns the remaining bytes and the new chunk, in a block with room for as much again: in small
   * chunks each byte is copied a few times, not once for each chunk.
   */
  #joined(chunk: Uint8Array): Buffer {
    const { length } = this.#buffer;
    const whole = length + chunk.length;
    const start = this.#buffer.byteOffset - this.#block.byteOffset;
    const inBlock = this.#buffer.buffer === this.#block.buffer && start >= 0;
    if (!inBlock || start + whole > this.#block.length) {
      const block = Buffer.allocUnsafeSlow(whole * 2);
      block.set(this.#buffer);
      block.set(chunk, length);
      this.#block = block;
      return block.subarray(0, whole);
    }
    this.#block.set(chunk, start + length);
    return this.#block.subarray(start, start + whole);
  }
}

function malformed(wanted: string): OssError {
  return new OssError('MalformedPOSTRequest', {
    message: `The body of your POST request is not well-formed multipart/form-data: ${wanted}`,
  });
}

function tooLong(name: string): OssError {
  return new OssError('FieldItemTooLong', {
    message: `The form field "${name}" is too long: give ${MAX_FORM_FIELD_BYTES} bytes at most`,
  });
}
