/** One line that a function printed, or that the runtime said about it. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  functionName: string;
  /** Absent on what belongs to no request: a timer that could not run. */
  requestId?: string;
  stream: 'stdout' | 'stderr';
  text: string;
}

/** Lines kept for each function. */
const MAX_LINES = 1000;

/** The last lines of each function. */
export class Logs {
  readonly #lines = new Map<string, LogLine[]>();
  readonly #onLog: ((line: LogLine) => void) | undefined;

  constructor(onLog?: (line: LogLine) => void) {
    this.#onLog = onLog;
  }

  add(line: LogLine): void {
    const lines = this.#lines.get(line.functionName) ?? [];
    lines.push(line);
    if (lines.length > MAX_LINES) lines.shift();
    this.#lines.set(line.functionName, lines);
    this.#onLog?.(line);
  }

  of(functionName: string): LogLine[] {
    return [...(this.#lines.get(functionName) ?? [])];
  }
}
