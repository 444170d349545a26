const START = /^FC (?:Invoke|Initialize|PreStop) Start RequestId: *(\S+)/;
const END = /^FC (?:Invoke|Initialize|PreStop) End RequestId: *(\S+)/;

/**
 * To which request a printed line belongs. A custom runtime says so by its lines "FC Invoke Start
 * RequestId: …" and "FC Invoke End RequestId: …". One that does not: a line belongs to the request
 * that runs, if it is the only one, and once it is answered to it still, as the process stands
 * still until the next.
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
