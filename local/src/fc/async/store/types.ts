/** An event on its way to a function. */
export interface Pending {
  /** The function's deployed name. */
  name: string;
  event: Buffer;
  requestId: string;
  /** What invoked it, for messages: `Timer trigger "tick"`. */
  origin: string;
  /** Milliseconds since the epoch. */
  accepted: number;
  /** How often the function has been invoked with it, as far as that is known to have ended. */
  attempts: number;
  /** Milliseconds since the epoch: when it is invoked again. Absent: at once. */
  due?: number;
}

/** What keeps the events that wait, each under a number of its own. */
export interface AsyncStore {
  /** Everything that is kept, in order of number. */
  read(): Iterable<{ key: number; value: Pending }>;
  /** Resolves when it would survive the end of the process. */
  put(key: number, value: Pending): Promise<void>;
  remove(key: number): Promise<void>;
  close(): Promise<void>;
}
