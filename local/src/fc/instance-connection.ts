import { validateHeaderValue } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type ErrorType, HEADER, LOCAL_HEADER } from './instance/headers.ts';
import type { Outcome } from './invocation.ts';

/** An instance's answer to a call. */
export interface InstanceReply {
  outcome: Outcome;
  /** Peak memory of the process, in MB. */
  maxMemoryMb: number;
  /** Whether the process must not be used again. */
  spent: boolean;
  /** Whether it takes the next call at its gate. */
  waits: boolean;
}

export interface InstanceCall {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** The answer of which parts have arrived. */
interface Arriving {
  resolve(reply: InstanceReply): void;
  reject(error: Error): void;
  /** The beginning of the head. */
  begun?: Buffer;
  fields?: ReadonlyMap<string, string>;
  body: Buffer[];
  /** Bytes of the body that are still to come. */
  left: number;
}

const READ_BYTES = 64 * 1024;
const HEAD_END = '\r\n\r\n';

/**
 * A kept connection to the program in an instance, which answers one call after the other. It speaks
 * just the HTTP/1.1 that both ends need: a client for any server takes several times as long, and
 * every invocation passes here.
 */
export class InstanceConnection {
  readonly #socketPath: string;
  #socket: Socket | undefined;
  #arriving: Arriving | undefined;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /**
   * Sends a call, the last one having been answered. Rejects when the connection ends before the
   * answer is complete.
   */
  call({ path, headers, body }: InstanceCall): Promise<InstanceReply> {
    return new Promise((resolve, reject) => {
      let head = `POST ${path} HTTP/1.1\r\nhost: instance\r\ncontent-length: ${body.length}\r\n`;
      for (const [name, value] of Object.entries(headers)) {
        // Absent and empty are the same to the program.
        if (value === '') continue;
        validateHeaderValue(name, value);
        head += `${name}: ${value}\r\n`;
      }
      this.#arriving = { resolve, reject, body: [], left: 0 };
      this.#socket ??= this.#open();
      this.#socket.cork();
      this.#socket.write(`${head}\r\n`, 'latin1');
      if (body.length > 0) this.#socket.write(body);
      this.#socket.uncork();
    });
  }

  destroy(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({
      path: this.#socketPath,
      // One buffer for all answers: Node makes one of this size for each part of a stream.
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ_BYTES),
        callback: (length, buffer) => {
          this.#take(Buffer.from(buffer.subarray(0, length)));
          return true;
        },
      },
    });
    // What went wrong does not matter: the process is gone.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#socket = undefined;
      this.#arriving?.reject(new Error('The instance ended before it had answered'));
      this.#arriving = undefined;
    });
    return socket;
  }

  #take(chunk: Buffer): void {
    const arriving = this.#arriving;
    if (!arriving) return;
    let part = chunk;
    if (!arriving.fields) {
      const all = arriving.begun ? Buffer.concat([arriving.begun, chunk]) : chunk;
      const end = all.indexOf(HEAD_END);
      if (end < 0) {
        arriving.begun = all;
        return;
      }
      arriving.fields = fieldsOf(all.toString('latin1', 0, end));
      const length = arriving.fields.get('content-length');
      // Node itself answers a call that it cannot read, without a body, and closes the connection.
      if (length === undefined) {
        this.destroy();
        return;
      }
      arriving.left = Number(length);
      part = all.subarray(end + HEAD_END.length);
    }
    arriving.body.push(part);
    arriving.left -= part.length;
    if (arriving.left > 0) return;
    this.#arriving = undefined;
    arriving.resolve(replyOf(arriving.fields, arriving.body));
  }
}

/** Returns the header fields, whose names the program writes in lower case. */
function fieldsOf(head: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
  }
  return fields;
}

function replyOf(fields: ReadonlyMap<string, string>, body: Buffer[]): InstanceReply {
  const errorType = fields.get(HEADER.errorType) as ErrorType | undefined;
  const [only = Buffer.alloc(0), ...more] = body;
  return {
    outcome: {
      body: more.length === 0 ? only : Buffer.concat(body),
      ...(errorType && { errorType }),
    },
    maxMemoryMb: Number(fields.get(HEADER.maxMemoryUsage)),
    spent: fields.has(LOCAL_HEADER.spent),
    waits: fields.has(LOCAL_HEADER.waits),
  };
}
