import type { Duplex } from 'node:stream';
import {
  ANSWER_PREFIX_BYTES,
  type AnswerHead,
  callPieces,
  readAnswerHead,
} from './instance/frames.ts';
import type { InstanceCall, InstanceReply } from './instance-connection.ts';

interface Waiting {
  resolve(reply: InstanceReply): void;
  reject(error: Error): void;
}

/**
 * The runtime's end of the gate at which an instance waits: a call there costs the instance one read
 * and one write, in place of what a server does for a request.
 */
export class GateConnection {
  readonly #stream: Duplex;
  #waiting: Waiting | undefined;
  #head: AnswerHead | undefined;
  /** Parts of an answer that have come: of its beginning, or of its body. */
  #parts: Buffer[] = [];
  #length = 0;
  #open = true;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    // What went wrong does not matter: the process is gone, or has closed the gate.
    stream.on('error', () => {});
    stream.on('close', () => this.giveUp());
  }

  /** Whether the instance may still wait here. */
  get open(): boolean {
    return this.#open;
  }

  /** Makes a call, the last one having been answered. Rejects when the gate goes before the answer is complete. */
  call({ path, headers, body }: InstanceCall): Promise<InstanceReply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      const [first, event] = callPieces({ path, headers }, body);
      if (event) this.#stream.cork();
      this.#stream.write(first);
      if (event) {
        this.#stream.write(event);
        this.#stream.uncork();
      }
    });
  }

  /** Uses the gate no more: the instance does not wait there. */
  giveUp(): void {
    this.#open = false;
    this.#waiting?.reject(new Error('The instance left its gate before it had answered'));
    this.#waiting = undefined;
  }

  #take(chunk: Buffer): void {
    let part = chunk;
    if (!this.#head) {
      part = this.#parts.length > 0 ? Buffer.concat([...this.#parts, chunk]) : chunk;
      this.#parts = [part];
      if (part.length < ANSWER_PREFIX_BYTES) return;
      this.#head = readAnswerHead(part);
      part = part.subarray(ANSWER_PREFIX_BYTES);
      this.#parts = [];
      this.#length = 0;
    }
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length < this.#head.length) return;
    const { length: _, maxMemoryMb, spent, ...kind } = this.#head;
    const [only = Buffer.alloc(0), ...more] = this.#parts;
    const body = more.length === 0 ? only : Buffer.concat(this.#parts);
    const waiting = this.#waiting;
    this.#head = this.#waiting = undefined;
    this.#parts = [];
    waiting?.resolve({ outcome: { body, ...kind }, maxMemoryMb, spent, waits: !spent });
  }
}
