const START = /^FC (?:Invoke|Initialize|PreStop) Start RequestId: *(\S+)/;
const END = /^FC (?:Invoke|Initialize|PreStop) End RequestId: *(\S+)/;

/**
 * Assigns printed lines to requests. A custom runtime marks them by its lines "FC Invoke Start
 * RequestId: …" and "FC Invoke End RequestId: …". Without them, a line belongs to the running
 * request, if it is the only one, and also after its answer, as the process is frozen until the
 * next.
 */
export class RequestLines {
  readonly #running = new Set<string>();
  #last: string | undefined;
  #said: string | undefined;

  begin(requestId: string): void {
    this.#running.add(requestId);
    this.#last = requestId;
  }

  end(requestId: string): void {
    this.#running.delete(requestId);
  }

  requestOf(line: string): string | undefined {
    const ended = END.exec(line)?.[1];
    if (ended !== undefined) {
      this.#said = undefined;
      return ended;
    }
    this.#said = START.exec(line)?.[1] ?? this.#said;
    if (this.#said !== undefined) return this.#said;
    if (this.#running.size > 1) return undefined;
    const [only] = this.#running;
    return only ?? this.#last;
  }
}
