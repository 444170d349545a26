/** One line that a function printed, or that the runtime reported about it. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  functionName: string;
  /** Absent for a line that belongs to no request: a timer that could not run. */
  requestId?: string;
  stream: 'stdout' | 'stderr';
  text: string;
}

/** Maximum number of lines for each function. */
const MAX_LINES = 1000;

/** The last lines of each function. */
export class Logs {
  readonly #lines = new Map<string, LogLine[]>();
  readonly #listeners = new Set<(line: LogLine) => void>();

  constructor(onLog?: (line: LogLine) => void) {
    if (onLog) this.#listeners.add(onLog);
  }

  add(line: LogLine): void {
    const lines = this.#lines.get(line.functionName) ?? [];
    lines.push(line);
    if (lines.length > MAX_LINES) lines.shift();
    this.#lines.set(line.functionName, lines);
    for (const listener of this.#listeners) listener(line);
  }

  /** Calls `listener` with each later line of any function; the returned function removes it. */
  observe(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  of(functionName: string): LogLine[] {
    return [...(this.#lines.get(functionName) ?? [])];
  }
}
