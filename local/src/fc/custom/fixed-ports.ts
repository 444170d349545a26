/** The instance that holds a port. */
export interface Holder {
  /** Name of its function. */
  owner: string;
  /**
   * Asks it to end: an idle one does so at once (true), a busy one when it has finished its work
   * (false).
   */
  leave(): boolean;
  /** Resolves once it is gone. */
  released: Promise<void>;
}

/**
 * Ports on which programs listen regardless of FC_SERVER_PORT. On this machine only one program can
 * have a port, so starts that may need the same one run in sequence.
 */
export class FixedPorts {
  readonly #turns = new Map<number, Promise<void>>();
  readonly #holders = new Map<number, Holder>();
  readonly #starting = new Map<number, string>();

  /**
   * Waits until no other start may take the port; the returned function ends the turn. Rejects when
   * aborted.
   */
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

  /**
   * Returns the name of the function whose program is being started, and may listen on the port.
   */
  startingOn(port: number): string | undefined {
    return this.#starting.get(port);
  }

  /** Records such a start; the returned function ends it. */
  start(port: number, name: string): () => void {
    this.#starting.set(port, name);
    return () => this.#starting.delete(port);
  }

  /** Returns the holder of the port. */
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

/** Settles with the work, or rejects with the signal's reason if that comes first. */
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

/**
 * Where the program of one deployed version was found to listen: on the port in FC_SERVER_PORT, or
 * on the one of customRuntimeConfig. Absent: none has been started yet.
 */
export interface Listening {
  on?: 'given' | 'fixed';
}
