/** An event that waits for its function. */
export interface Pending {
  /** The function's deployed name. */
  name: string;
  event: Buffer;
  requestId: string;
  /** The invoker, for messages: `Timer trigger "tick"`. */
  origin: string;
  /** Milliseconds since the epoch. */
  accepted: number;
  /**
   * How often the function has been invoked with it, as far as the attempts are known to have
   * ended.
   */
  attempts: number;
  /** Milliseconds since the epoch: the next attempt. Absent: at once. */
  due?: number;
}

/** Stores waiting events, each under its own number. */
export interface AsyncStore {
  /** Returns everything stored, in order of number. */
  read(): Iterable<{ key: number; value: Pending }>;
  /** Resolves when it would survive the end of the process. */
  put(key: number, value: Pending): Promise<void>;
  remove(key: number): Promise<void>;
  close(): Promise<void>;
}
