import * as https from 'node:https';
import type { Duplex } from 'node:stream';

/** Loads Node's `https` and `tls`, a tenth of an empty function's start: imported by what speaks to an https address, when it does. */
export class HttpsAgent extends https.Agent {
  readonly #onIdle: (socket: Duplex) => void;

  constructor(options: https.AgentOptions, onIdle: (socket: Duplex) => void) {
    super(options);
    this.#onIdle = onIdle;
  }

  /** Node keeps the connection where this is true; the types do not know. */
  override keepSocketAlive(socket: Duplex): boolean {
    this.#onIdle(socket);
    return Boolean(super.keepSocketAlive(socket));
  }
}
