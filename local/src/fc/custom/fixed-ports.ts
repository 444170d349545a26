interface Held {
  owner: string;
  released: Promise<void>;
}

/**
 * The ports that programs listen on whatever FC_SERVER_PORT says. On this machine one program has a
 * port, so that starts which may come to want one go one after the other.
 */
export class FixedPorts {
  readonly #turns = new Map<number, Promise<void>>();
  readonly #held = new Map<number, Held>();

  /** Waits until no other start may take the port, and no instance of the same function has it; the function returned ends the turn. */
  async enter(port: number, owner: string): Promise<() => void> {
    const before = this.#turns.get(port);
    let end = (): void => {};
    const turn = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#turns.set(
      port,
      Promise.all([before, turn]).then(() => {}),
    );
    await before;
    const held = this.#held.get(port);
    if (held?.owner === owner) await held.released;
    return end;
  }

  /** Which function's instance has the port. */
  ownerOf(port: number): string | undefined {
    return this.#held.get(port)?.owner;
  }

  hold(port: number, owner: string, released: Promise<void>): void {
    const held = { owner, released };
    this.#held.set(port, held);
    void released.then(() => {
      if (this.#held.get(port) === held) this.#held.delete(port);
    });
  }
}

/** Where the program of one deployed version turned out to listen: on the port that FC_SERVER_PORT names, or on the one of customRuntimeConfig. Absent: none has been started yet. */
export interface Listening {
  on?: 'given' | 'fixed';
}
