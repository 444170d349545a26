/** The instance that has a port. */
export interface Holder {
  /** Name of its function. */
  owner: string;
  /** Asks it to end: an idle one does so at once (true), another when it has finished what it runs (false). */
  leave(): boolean;
  /** Resolves once it is gone. */
  released: Promise<void>;
}

/**
 * The ports that programs listen on whatever FC_SERVER_PORT says. On this machine one program has a
 * port, so that starts which may come to want one go one after the other.
 */
export class FixedPorts {
  readonly #turns = new Map<number, Promise<void>>();
  readonly #holders = new Map<number, Holder>();
  readonly #starting = new Map<number, string>();

  /** Waits until no other start may take the port; the function returned ends the turn. Aborted, it rejects. */
  async enter(port: number, signal: AbortSignal): Promise<() => void> {
    const before = this.#turns.get(port);
    let end = (): void => {};
    const turn = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#turns.set(
      port,
      Promise.all([before, turn]).then(() => {}),
    );
    try {
      await unlessAborted(before, signal);
    } catch (error) {
      end();
      throw error;
    }
    return end;
  }

  /** Name of the function whose program is being started, and may come to listen on the port. */
  startingOn(port: number): string | undefined {
    return this.#starting.get(port);
  }

  /** Such a start begins; the function returned says that it is over. */
  start(port: number, name: string): () => void {
    this.#starting.set(port, name);
    return () => this.#starting.delete(port);
  }

  /** Who has the port. */
  holderOf(port: number): Holder | undefined {
    return this.#holders.get(port);
  }

  hold(port: number, holder: Holder): void {
    this.#holders.set(port, holder);
    void holder.released.then(() => {
      if (this.#holders.get(port) === holder) this.#holders.delete(port);
    });
  }
}

/** Resolves with the work, or rejects with the signal's reason when that comes first. */
export async function unlessAborted<T>(
  work: Promise<T> | T | undefined,
  signal: AbortSignal,
): Promise<T | undefined> {
  signal.throwIfAborted();
  let aborted = (): void => {};
  const end = new Promise<never>((_, reject) => {
    aborted = () => reject(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    signal.removeEventListener('abort', aborted);
  }
}

/** Where the program of one deployed version turned out to listen: on the port that FC_SERVER_PORT names, or on the one of customRuntimeConfig. Absent: none has been started yet. */
export interface Listening {
  on?: 'given' | 'fixed';
}
