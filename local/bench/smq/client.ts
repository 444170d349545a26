import { connect, type Socket } from 'node:net';
import { signV2 } from '#src/smq/signature';
import { KEY } from './account.ts';

/** Returns one whole request, signed, as bytes. */
export function signedRequest(method: string, target: string, body = ''): Buffer {
  return Buffer.from(
    `${signedHead(method, target)}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

let second = 0;
let date = '';
const heads = new Map<string, string>();

/**
 * Returns the head of requests of one second to one target: it is signed once, so that the server
 * gets most of the machine.
 */
function signedHead(method: string, target: string): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    date = new Date(now * 1000).toUTCString();
    heads.clear();
  }
  const line = `${method} ${target} HTTP/1.1`;
  const known = heads.get(line);
  if (known !== undefined) return known;
  const headers = { 'content-type': 'text/xml', 'x-mns-version': '2015-06-06' };
  const signature = signV2(KEY.accessKeySecret, { method, target, headers }, date);
  const head = `${line}\r\nHost: 127.0.0.1\r\nDate: ${date}\r\nContent-Type: text/xml\r\nx-mns-version: 2015-06-06\r\nAuthorization: MNS ${KEY.accessKeyId}:${signature}\r\n`;
  heads.set(line, head);
  return head;
}

export interface Answer {
  status: number;
  head: string;
  body: string;
}

/**
 * A keep-alive connection with one request at a time, which reads as little of each answer as
 * possible: the server is measured.
 */
export class Connection {
  readonly #socket: Socket;
  #text = '';
  #done: ((answer: Answer) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    this.#socket.on('data', (chunk) => this.#read(String(chunk)));
    this.#socket.on('error', (error) => this.#failed?.(error));
  }

  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#text = this.#text === '' ? chunk : this.#text + chunk;
    const end = this.#text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#text.slice(0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#text.length < end + 4 + length) return;
    const body = this.#text.slice(end + 4);
    this.#text = '';
    this.#done?.({ status: Number(head.slice(9, 12)), head, body });
  }
}
